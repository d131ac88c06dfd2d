"""Findings and decisions in the admin."""

from typing import ClassVar

from django.contrib import admin
from django.db import models
from django.forms import Textarea

from followup.models import Decision, Finding


class DecisionInline(admin.TabularInline):
    """The steps of a finding."""

    model = Decision
    extra = 0


@admin.register(Finding)
class FindingAdmin(admin.ModelAdmin):
    """What planners conclude, with what was decided."""

    list_display = ("title", "survey", "position", "theme")
    list_filter = ("survey",)
    search_fields = ("title", "text")
    inlines = (DecisionInline,)
    # the long texts are CharFields so that the database holds their limit; people still want room to write
    formfield_overrides: ClassVar = {models.CharField: {"widget": Textarea(attrs={"rows": 2, "cols": 80})}}
