"""URLs of drawing: the pupil's page, the basemap files and the pupils' words."""

from django.urls import path

from mapping import moderation, views

app_name = "mapping"

urlpatterns = [
    path("tegn/", views.draw, name="draw"),
    path("kart/<uuid:basemap_id>.pmtiles", views.basemap_file, name="basemap"),
    path("lyd/<uuid:survey_id>/<str:language>/<str:name>", views.recording, name="recording"),
    path("surveys/<uuid:survey_id>/ord/", moderation.words, name="words"),
    path("surveys/<uuid:survey_id>/ord/<uuid:mark_id>/", moderation.judge, name="judge"),
]
