"""Findings and decisions in the admin."""

from typing import ClassVar

from django.contrib import admin
from django.db import models
from django.forms import Textarea

from followup.models import Decision, Finding
from surveys.admin_site import MunicipalAdmin, MunicipalInline


class DecisionInline(MunicipalInline):
    """The steps of a finding."""

    model = Decision
    roles = ()
    municipality_path = "finding__survey__municipality"


@admin.register(Finding)
class FindingAdmin(MunicipalAdmin):
    """What planners conclude, with what was decided; for superusers."""

    roles = ()
    municipality_path = "survey__municipality"

    list_display = ("title", "survey", "position", "theme")
    list_filter = (("survey", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("title", "text")
    inlines = (DecisionInline,)
    # the long texts are CharFields so that the database holds their limit; people still want room to write
    formfield_overrides: ClassVar = {models.CharField: {"widget": Textarea(attrs={"rows": 2, "cols": 80})}}
