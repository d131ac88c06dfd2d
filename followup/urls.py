"""URLs of acting: the politician's page and its data, and the class's map."""

from django.urls import path

from followup import class_views, views

app_name = "followup"

urlpatterns = [
    path("releases/", views.releases, name="releases"),
    path("releases/<uuid:release_id>/", views.release, name="release"),
    path("releases/<uuid:release_id>/cells.geojson", views.cells, name="cells"),
    path("releases/<uuid:release_id>/barnetrakk-aggregert.<str:extension>", views.national, name="national"),
    path("releases/<uuid:release_id>/ground.svg", views.ground, name="ground"),
    path("skole/klasse/<uuid:class_group_id>/kart/", class_views.class_map, name="class-map"),
    path("skole/klasse/<uuid:class_group_id>/kart/grunn.svg", class_views.class_ground, name="class-ground"),
    path("skole/klasse/<uuid:class_group_id>/papir/", class_views.paper_sheet, name="paper-sheet"),
    path("skole/klasse/<uuid:class_group_id>/papir/kart.svg", class_views.paper_ground, name="paper-ground"),
]
