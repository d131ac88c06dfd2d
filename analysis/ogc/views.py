"""The resources of OGC API – Features. Thin: read the parameters, find the collection, ask it, answer."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from analysis.ogc import collections
from analysis.ogc.answers import GEOJSON, HTML, OPENAPI, Link, address, answer, changed, for_this_reader, link, wants_html
from analysis.ogc.collections import Collection, Page
from analysis.ogc.conformance import CLASSES
from analysis.ogc.crs import CRS84, URIS, Crs
from analysis.ogc.openapi import document
from analysis.ogc.parameters import ItemsQuery, asked_crs, items_query, require_known
from surveys.errors import NotFound

RELATION = "http://www.opengis.net/def/rel/ogc/1.0/"
TITLE = "Tråkk: det barna har tegnet"


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Where everything begins."""
    require_known(request.GET, ())
    links = [
        link(request, "api", rel="service-desc", title="Beskrivelse av grensesnittet (OpenAPI 3.0)", media_type=OPENAPI),
        {
            **link(request, "api", rel="service-doc", title="Beskrivelsen som nettside", media_type=HTML),
            "href": address(request, "api") + "?f=html",
        },
        link(request, "conformance", rel="conformance", title="Hva av standarden som er med"),
        link(request, "collections", rel="data", title="Samlingene"),
        link(request, "tile-schemes", rel=f"{RELATION}tiling-schemes", title="Hvordan kartet er delt i fliser"),
    ]
    description = "Merkene i undersøkelsene du kan lese, for QGIS og skript (OGC API – Features og Tiles)."
    return answer(request, {"title": TITLE, "description": description, "links": links}, "landing")


@require_safe
def conformance(request: HttpRequest) -> HttpResponse:
    """What of the standard holds."""
    require_known(request.GET, ())
    return answer(request, {"conformsTo": CLASSES}, "conformance")


@require_safe
def api(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, the same for all."""
    require_known(request.GET, ())
    described = document(request.build_absolute_uri(address(request, "landing")).rstrip("/"))
    if wants_html(request):
        return answer(request, {}, "api", page={"api": described})
    return for_this_reader(HttpResponse(orjson.dumps(described), content_type=OPENAPI))


@require_safe
def all_collections(request: HttpRequest) -> HttpResponse:
    """The collections that who asks may read."""
    require_known(request.GET, ())
    found = collections.readable(request)
    body = {"collections": [_described(request, collection) for collection in found], "crs": URIS, "links": []}
    return answer(request, body, "collections", page={"is_stranger": not found and not request.user.is_authenticated})


@require_safe
def one_collection(request: HttpRequest, collection_id: str) -> HttpResponse:
    """One collection."""
    require_known(request.GET, ())
    collection = collections.find(request, collection_id)
    page = {"columns": collection.columns, "filters": collection.filters}
    return answer(request, _described(request, collection), "collection", page=page)


@require_safe
def items(request: HttpRequest, collection_id: str) -> HttpResponse:
    """A page of the features that are asked for."""
    collection = collections.find(request, collection_id)
    query = items_query(request.GET, collection.filters)
    found = collection.page(query)
    body = {
        "type": "FeatureCollection",
        "timeStamp": timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "numberMatched": found.matched,
        "numberReturned": len(found.items),
        "features": [item.as_feature() for item in found.items],
        "links": [*_pages(request, query, found), _of_collection(request, collection)],
    }
    rows = [_row(request, collection, item) for item in found.items] if wants_html(request) else []
    page = {"collection": collection, "rows": rows, "first": query.offset + 1, "last": query.offset + len(rows)}
    return _in_system(answer(request, body, "items", media_type=GEOJSON, page=page), query.crs)


@require_safe
def item(request: HttpRequest, collection_id: str, item_id: str) -> HttpResponse:
    """One feature."""
    collection = collections.find(request, collection_id)
    require_known(request.GET, ("crs",))
    crs = asked_crs(request.GET)
    found = collection.item(item_id, crs)
    if found is None:
        raise NotFound(f"Merket {item_id[:40]!r} finnes ikke, eller id-en er for gammel: den gjelder dagen ut og den neste.")
    body = found.as_feature(links=[_of_collection(request, collection)])
    page = {"collection": collection, "row": _row(request, collection, found)}
    return _in_system(answer(request, body, "item", media_type=GEOJSON, page=page), crs)


def _described(request: HttpRequest, collection: Collection) -> dict[str, Any]:
    """A collection as the standard describes it."""
    first, last = collection.period
    tiles = link(request, "tilesets", collection.id, rel=f"{RELATION}tilesets-vector", title="Vektorfliser")
    return {
        "id": collection.id,
        "title": collection.title,
        "description": collection.description,
        "itemType": "feature",
        "extent": {
            "spatial": {"bbox": [list(collection.extent)], "crs": CRS84.uri},
            "temporal": {"interval": [[f"{first}T00:00:00Z", f"{last}T23:59:59Z"]]},
        },
        "crs": URIS,
        "storageCrs": CRS84.uri,
        "links": [
            # in the list of collections an answer's own links are those of the list
            link(request, "collection", collection.id, rel="collection", title=collection.title),
            link(request, "items", collection.id, rel="items", title="Merkene", media_type=GEOJSON),
            {
                **link(request, "items", collection.id, rel="items", title="Merkene som nettside", media_type=HTML),
                "href": address(request, "items", collection.id) + "?f=html",
            },
            *([tiles] if collection.has_tiles else []),
        ],
    }


def _pages(request: HttpRequest, query: ItemsQuery, found: Page) -> list[Link]:
    """The links to the page after and the page before; they name the day whose order they go on in."""
    order = query.day.isoformat()
    is_html = wants_html(request)
    shared: dict[str, str] = {"type": HTML if is_html else GEOJSON}
    f = "html" if is_html else "json"
    links = []
    # asked by where it ends rather than by how many came, so that a mark deleted meanwhile ends nothing
    if query.offset + query.limit < found.matched:
        href = changed(request, f=f, limit=query.limit, offset=query.offset + query.limit, order=order)
        links.append({"href": href, "rel": "next", "title": "Neste side", **shared})
    if query.offset:
        href = changed(request, f=f, limit=query.limit, offset=max(query.offset - query.limit, 0), order=order)
        links.append({"href": href, "rel": "prev", "title": "Forrige side", **shared})
    return links


def _of_collection(request: HttpRequest, collection: Collection) -> Link:
    return link(request, "collection", collection.id, rel="collection", title=collection.title)


def _row(request: HttpRequest, collection: Collection, found: collections.Item) -> dict[str, Any]:
    """A feature for a page: its address, its properties in the order of the columns, and its geometry as text."""
    properties = orjson.loads(found.properties)
    values = [(name, meaning, _as_text(properties.get(name))) for name, meaning in collection.columns]
    return {
        "id": found.id,
        "href": address(request, "item", collection.id, found.id),
        "values": values,
        "geometry": found.geometry.decode(),
    }


def _as_text(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else orjson.dumps(value).decode()


def _in_system(response: HttpResponse, crs: Crs) -> HttpResponse:
    response["Content-Crs"] = f"<{crs.uri}>"
    return response
