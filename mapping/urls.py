"""URLs of drawing: the pupil's page, the basemap files, tablets' files and the pupils' words."""

from django.urls import path

from mapping import moderation, rescue, views

app_name = "mapping"

urlpatterns = [
    path("tegn/", views.draw, name="draw"),
    path("tegn/sw.js", views.worker, name="worker"),
    path("tegn/app.webmanifest", views.manifest, name="manifest"),
    path("kart/<uuid:basemap_id>.pmtiles", views.basemap_file, name="basemap"),
    path("kart/<uuid:survey_id>-<slug:digest>-z<int:max_zoom>.pmtiles", views.survey_map_file, name="survey-map"),
    path("skole/okt/<uuid:lesson_id>/last-opp/", rescue.upload, name="rescue"),
    path("surveys/<uuid:survey_id>/ord/", moderation.words, name="words"),
    path("surveys/<uuid:survey_id>/ord/<uuid:mark_id>/", moderation.judge, name="judge"),
]
