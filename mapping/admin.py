"""The operator's face of drawing: basemaps. Marks are not shown here."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models

from mapping.models import Basemap
from mapping.tile_hosts import host_of
from surveys.admin_site import MunicipalAdmin


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
