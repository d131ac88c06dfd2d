"""URLs of acting: the politician's page and its data."""

from django.urls import path

from followup import views

app_name = "followup"

urlpatterns = [
    path("releases/", views.releases, name="releases"),
    path("releases/<uuid:release_id>/", views.release, name="release"),
    path("releases/<uuid:release_id>/cells.geojson", views.cells, name="cells"),
    path("releases/<uuid:release_id>/ground.svg", views.ground, name="ground"),
]
