"""URLs of learning: the planner's surveys, workbench and publishing."""

from django.urls import path

from analysis import publishing, views

app_name = "analysis"

urlpatterns = [
    path("surveys/", views.surveys, name="surveys"),
    path("surveys/<uuid:survey_id>/", views.workbench, name="workbench"),
    path("surveys/<uuid:survey_id>/publisering/", publishing.overview, name="publishing"),
    path("surveys/<uuid:survey_id>/publisering/utkast/", publishing.make_draft, name="make-draft"),
    path("surveys/<uuid:survey_id>/publisering/<uuid:release_id>/publiser/", publishing.publish, name="publish"),
    path("surveys/<uuid:survey_id>/publisering/<uuid:release_id>/trekk-tilbake/", publishing.withdraw, name="withdraw"),
    path("surveys/<uuid:survey_id>/summary", views.summary, name="summary"),
    path("surveys/<uuid:survey_id>/marks.geojson", views.marks, name="marks"),
    path("surveys/<uuid:survey_id>/hexagons.geojson", views.hexagons, name="hexagons"),
    path("surveys/<uuid:survey_id>/heat", views.heat, name="heat"),
    path("surveys/<uuid:survey_id>/export.<str:extension>", views.download, name="export"),
]
