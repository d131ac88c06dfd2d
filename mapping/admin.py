"""The operator's face of drawing: basemaps. Marks are not shown here."""

from django.contrib import admin

from mapping.models import Basemap


@admin.register(Basemap)
class BasemapAdmin(admin.ModelAdmin):
    """Basemaps, to be turned on and off."""

    list_display = ("name", "municipality", "kind", "is_active", "is_default", "attribution")
    list_filter = ("municipality", "kind")
