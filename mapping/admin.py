"""The operator's face of drawing: basemaps, and who judged words, to be read only. Marks and words are not shown here."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from mapping.models import Basemap, Judgement
from mapping.tile_hosts import host_of
from surveys.admin_site import MunicipalAdmin
from surveys.models import Role


class BasemapForm(forms.ModelForm):
    """A basemap whose tiles pages may load."""

    def clean(self) -> dict[str, Any]:
        """A provider's address is https with a plain host name, or no page could be allowed to ask it."""
        data = super().clean() or {}
        url = data.get("url")
        if url and host_of(url) is None:
            self.add_error("url", "Adressen må begynne med https:// og et vertsnavn, som https://cache.kartverket.no/…/{z}/{y}/{x}.png.")
        return data


@admin.register(Basemap)
class BasemapAdmin(MunicipalAdmin):
    """Basemaps, to be turned on and off."""

    form = BasemapForm
    list_display = ("name", "municipality", "kind", "is_active", "is_default", "attribution")
    list_filter = (("municipality", admin.RelatedOnlyFieldListFilter), "kind")
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}


@admin.register(Judgement)
class JudgementAdmin(MunicipalAdmin):
    """The log of decisions on words. Neither words nor marks: which mark it was would say which two are about the same one."""

    roles = (Role.OPERATOR, Role.PLANNER)
    municipality_path = "survey__municipality"
    # in words, since Django would link to pages of accounts and surveys that a planner is not shown
    list_display = fields = readonly_fields = ("at", "by_whom", "decision", "from_state", "of_survey")
    list_filter = ("decision",)
    list_select_related = ("by", "survey")

    @admin.display(description="avgjort av")
    def by_whom(self, judgement: Judgement) -> str:
        """The planner's name, while there is an account."""
        return judgement.by.get_full_name() or judgement.by.username if judgement.by else "ikke kjent"

    @admin.display(description="undersøkelse")
    def of_survey(self, judgement: Judgement) -> str:
        """What the survey is called."""
        return str(judgement.survey)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Written by decisions only, whoever asks."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never, or it would be no log."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """It goes with the mark."""
        return False
