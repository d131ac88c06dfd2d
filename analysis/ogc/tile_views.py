"""The resources of OGC API – Tiles. Thin, as views.py is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from analysis.ogc import collections, tiles
from analysis.ogc.answers import MVT, address, answer, link
from analysis.ogc.marks import MarkCollection
from analysis.ogc.parameters import filters_in, require_known
from analysis.ogc.views import RELATION
from analysis.tile_scheme import MAX_ZOOM, MIN_ZOOM, Place
from analysis.tiles import MOST
from surveys.errors import NotFound

KEPT_S = 60
"""So long a reader's own program may keep a tile: long enough for moving the map to and fro, and words that are withdrawn go soon."""
_DIMENSIONS = {"places": 0, "routes": 1, "areas": 2}


@require_safe
def schemes(request: HttpRequest) -> HttpResponse:
    """The tile matrix sets there are: one."""
    require_known(request.GET, ())
    one = link(request, "tile-scheme", rel="self", title=tiles.SCHEME)
    body = {"tileMatrixSets": [{"id": tiles.SCHEME, "uri": tiles.SCHEME_URI, "title": tiles.SCHEME, "links": [one]}]}
    return answer(request, body, "tiles")


@require_safe
def scheme(request: HttpRequest) -> HttpResponse:
    """The tile matrix set itself."""
    require_known(request.GET, ())
    return answer(request, tiles.scheme(), "tiles")


@require_safe
def tilesets(request: HttpRequest, collection_id: str) -> HttpResponse:
    """The tile sets of a collection: one."""
    require_known(request.GET, ())
    collection = _with_tiles(request, collection_id)
    about = {"title": collection.title, "dataType": "vector", "crs": tiles.CRS_URI, "tileMatrixSetURI": tiles.SCHEME_URI}
    one = link(request, "tileset", collection.id, rel="self", title=collection.title)
    body = {"tilesets": [{**about, "links": [one]}], "links": [link(request, "tileset", collection.id, rel="item", title="Flisene")]}
    return answer(request, body, "tiles")


@require_safe
def tileset(request: HttpRequest, collection_id: str) -> HttpResponse:
    """How a collection's tiles are asked for, and what is in them."""
    require_known(request.GET, ())
    collection = _with_tiles(request, collection_id)
    template = address(request, "tileset", collection.id) + "/{tileMatrix}/{tileRow}/{tileCol}"
    body: dict[str, Any] = {
        "title": collection.title,
        "description": f"{collection.description} Høyst {MOST} merker i en flis.",
        "dataType": "vector",
        "crs": tiles.CRS_URI,
        "tileMatrixSetURI": tiles.SCHEME_URI,
        "tileMatrixSetLimits": [one.as_json() for one in tiles.limits(collection.extent)],
        "layers": [_layer(collection)],
        "links": [
            {"href": template, "rel": "item", "type": MVT, "title": "Flisene", "templated": True},
            link(request, "tile-scheme", rel=f"{RELATION}tiling-scheme", title=tiles.SCHEME),
            link(request, "collection", collection.id, rel=f"{RELATION}geodata", title=collection.title),
        ],
    }
    return answer(request, body, "tiles")


@require_safe
def tile(request: HttpRequest, collection_id: str, zoom: int, row: int, column: int) -> HttpResponse:
    """One tile: 204 when nothing lies there."""
    collection = _with_tiles(request, collection_id)
    require_known(request.GET, ("datetime",), repeatable=collection.filters, formats=("mvt",))
    found = tiles.tile_of(collection, Place(zoom, row, column), filters_in(request.GET, collection.filters))
    response = HttpResponse(found.content, content_type=MVT, status=200 if found.content else 204)
    response["Trakk-Number-Matched"], response["Trakk-Number-Returned"] = str(found.matched), str(found.returned)
    patch_cache_control(response, private=True, max_age=KEPT_S)
    patch_vary_headers(response, ("Authorization", "Cookie"))
    return response


def _with_tiles(request: HttpRequest, collection_id: str) -> MarkCollection:
    found = collections.find(request, collection_id)
    if not isinstance(found, MarkCollection):
        raise NotFound(f"Samlingen {found.title!r} har ingen fliser.")
    return found


def _layer(collection: MarkCollection) -> dict[str, Any]:
    """The layer in a tile."""
    properties = {name: {"type": "string", "description": meaning} for name, meaning in collection.columns}
    return {
        "id": collection.name,
        "title": collection.title,
        "dataType": "vector",
        "geometryDimension": _DIMENSIONS[collection.name],
        "minTileMatrix": str(MIN_ZOOM),
        "maxTileMatrix": str(MAX_ZOOM),
        "propertiesSchema": {"type": "object", "properties": properties},
    }
