"""The operator's face of asking: municipalities, schools, accounts and roles, surveys. Responses are not shown to anybody here."""

from typing import Any

from django.contrib import admin
from django.forms import Media, Script
from django.http import HttpRequest
from leaflet.admin import LeafletAdminWidget, LeafletGeoAdmin

from surveys.admin_accounts import AccountAdmin
from surveys.admin_site import MunicipalAdmin, is_superuser
from surveys.admin_survey import CategoryAdmin, QuestionAdmin
from surveys.forms import MunicipalityForm
from surveys.models import ClassGroup, Layer, Municipality, School, Survey, Theme

__all__ = ["AccountAdmin", "CategoryAdmin", "QuestionAdmin"]  # registered by being read

MAP_SCRIPTS = ("vendor/protomaps-leaflet-5.1.0/protomaps-leaflet.js", Script("js/pages/admin_map.js", type="module"))
"""Ground under the maps, by mapping's view of it (static/js/pages/admin_map.js)."""


class MapWidget(LeafletAdminWidget):
    """A map to draw on, with ground under it; its scripts come with it, and not to pages that have no map."""

    @property
    def media(self) -> Media:
        """Leaflet's, and ours."""
        leaflets: Media = super().media
        return leaflets + Media(js=MAP_SCRIPTS)  # type: ignore[arg-type]  # scripts may be objects since Django 5.2


class MapAdmin(MunicipalAdmin, LeafletGeoAdmin):
    """A table whose rows have a place on the map."""

    widget = MapWidget


OF_MUNICIPALITY = ("municipality", admin.RelatedOnlyFieldListFilter)


@admin.register(Municipality)
class MunicipalityAdmin(MapAdmin):
    """Municipalities; usually imported. Here drafts of languages are turned on."""

    form = MunicipalityForm
    municipality_path = "pk"
    is_made_here = is_deleted_here = False
    list_display = ("number", "name", "metric_srid")
    search_fields = ("name", "number")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The number says which municipality it is, and is not the operator's to change."""
        return () if is_superuser(request) else ("number",)

    def is_in_use(self, row: Municipality) -> bool:
        """A municipality goes with all its surveys."""
        return row.surveys.exists()


@admin.register(School)
class SchoolAdmin(MapAdmin):
    """Schools; usually imported."""

    list_display = ("name", "municipality", "grade_low", "grade_high")
    list_filter = (OF_MUNICIPALITY,)
    search_fields = ("name",)

    def is_in_use(self, row: School) -> bool:
        """A school goes with its classes, and they with what they answered."""
        return row.class_groups.exists()


@admin.register(Layer)
class LayerAdmin(MunicipalAdmin):
    """Layers; made by import_layer, renamed and deleted here."""

    is_made_here = False
    fields = ("municipality", "name", "kind", "source", "imported_at")
    readonly_fields = ("municipality", "kind", "imported_at")
    list_display = ("name", "municipality", "kind", "source", "imported_at")
    list_filter = (OF_MUNICIPALITY, "kind")


class ThemeInline(admin.TabularInline):
    """A survey's themes."""

    model = Theme
    extra = 0
    show_change_link = True


class ClassGroupInline(admin.TabularInline):
    """A survey's classes."""

    model = ClassGroup
    extra = 0


@admin.register(Survey)
class SurveyAdmin(MapAdmin):
    """Surveys with their area, dates and rules; for superusers, since here they can be changed past every rule of surveys/services."""

    roles = ()

    list_display = ("__str__", "municipality", "status", "opens_on", "closes_on")
    list_filter = (OF_MUNICIPALITY, "status")
    filter_horizontal = ("schools",)
    inlines = (ThemeInline, ClassGroupInline)

    def is_in_use(self, row: Survey) -> bool:
        """A survey is deleted on the planner's page, where it can be had back, and its answers by delete_expired."""
        return row.responses.exists()
