"""URLs of drawing: the pupil's page, the basemap files, tablets' files and the pupils' words."""

from django.urls import path

from mapping import admin_ground, moderation, rescue, rights, views

app_name = "mapping"

urlpatterns = [
    path("tegn/", views.draw, name="draw"),
    path("tegn/sw.js", views.worker, name="worker"),
    path("tegn/app.webmanifest", views.manifest, name="manifest"),
    path("mine-svar/", rights.own_answers, name="own-answers"),
    path("kart/<uuid:basemap_id>.pmtiles", views.basemap_file, name="basemap"),
    path("kart/<uuid:survey_id>-<slug:digest>-z<int:max_zoom>.pmtiles", views.survey_map_file, name="survey-map"),
    path("kart/kommune/<int:municipality_id>.json", admin_ground.ground, name="admin-ground"),
    path("skole/okt/<uuid:lesson_id>/last-opp/", rescue.upload, name="rescue"),
    path("lyd/<uuid:survey_id>/<str:language>/<str:name>", views.recording, name="recording"),
    path("surveys/<uuid:survey_id>/ord/", moderation.words, name="words"),
    path("surveys/<uuid:survey_id>/ord/logg/", moderation.judgements, name="judgements"),
    path("surveys/<uuid:survey_id>/ord/<uuid:mark_id>/", moderation.judge, name="judge"),
    path("surveys/<uuid:survey_id>/ord/angre/<uuid:judgement_key>/", moderation.undo, name="undo"),
]
