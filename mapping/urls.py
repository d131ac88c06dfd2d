"""URLs of drawing: the pupil's page and the basemap files."""

from django.urls import path

from mapping import views

app_name = "mapping"

urlpatterns = [
    path("tegn/", views.draw, name="draw"),
    path("kart/<uuid:basemap_id>.pmtiles", views.basemap_file, name="basemap"),
]
