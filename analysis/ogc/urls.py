"""URLs under /ogc/, as the standards name them."""

from django.urls import path

from analysis.ogc import tile_views, views

app_name = "ogc"

urlpatterns = [
    path("", views.landing, name="landing"),
    path("conformance", views.conformance, name="conformance"),
    path("api", views.api, name="api"),
    path("collections", views.all_collections, name="collections"),
    path("collections/<str:collection_id>", views.one_collection, name="collection"),
    path("tileMatrixSets", tile_views.schemes, name="tile-schemes"),
    path("tileMatrixSets/WebMercatorQuad", tile_views.scheme, name="tile-scheme"),
    path("collections/<str:collection_id>/tiles", tile_views.tilesets, name="tilesets"),
    path("collections/<str:collection_id>/tiles/WebMercatorQuad", tile_views.tileset, name="tileset"),
    path("collections/<str:collection_id>/tiles/WebMercatorQuad/<int:zoom>/<int:row>/<int:column>", tile_views.tile, name="tile"),
    path("collections/<str:collection_id>/items", views.items, name="items"),
    path("collections/<str:collection_id>/items/<str:item_id>", views.item, name="item"),
]
