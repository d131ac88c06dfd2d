"""JSON or a page, links, and headers: how everything under /ogc/ is answered, HTML for people and JSON for programs."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_vary_headers

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
MVT = "application/vnd.mapbox-vector-tile"
Link = dict[str, Any]
Members = dict[str, Any]


def link(request: HttpRequest, name: str, *args: str, rel: str, title: str, media_type: str = JSON) -> Link:
    """A link to one of our own addresses, by its URL name."""
    return {"href": address(request, name, *args), "rel": rel, "type": media_type, "title": title}


def address(request: HttpRequest, name: str, *args: str) -> str:
    """The whole address of one of our own URLs."""
    return request.build_absolute_uri(reverse(f"ogc:{name}", args=args))


def changed(request: HttpRequest, **values: object) -> str:
    """The whole address of this request with some parameters changed; None takes one out."""
    query = [(name, value) for name, values_of in request.GET.lists() if name not in values for value in values_of]
    query += [(name, str(value)) for name, value in values.items() if value is not None]
    return request.build_absolute_uri(request.path + (f"?{urlencode(query)}" if query else ""))


def answer(
    request: HttpRequest, body: Members, template: str, *, media_type: str = JSON, page: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The body as JSON, or the page made of it; `links` are put after those to itself in both forms. page: more for the template."""
    is_html = wants_html(request)
    own = [
        {"href": changed(request, f="json"), "rel": "alternate" if is_html else "self", "type": media_type, "title": "Som JSON"},
        {"href": changed(request, f="html"), "rel": "self" if is_html else "alternate", "type": HTML, "title": "Som nettside"},
    ]
    body["links"] = [*own, *body.get("links", [])]
    if is_html:
        response = render(request, f"analysis/ogc/{template}.html", {"body": body, **(page or {})})
    else:
        response = HttpResponse(orjson.dumps(body), content_type=media_type)
    return for_this_reader(response)


def for_this_reader(response: HttpResponse) -> HttpResponse:
    """Kept by nobody: what is told depends on who asks, and on what has been read and released since."""
    add_never_cache_headers(response)
    patch_vary_headers(response, ("Accept", "Authorization", "Cookie"))
    return response


def wants_html(request: HttpRequest) -> bool:
    """What `f` says, else what the Accept header likes best; a program that does not say gets JSON."""
    if "f" in request.GET:
        return request.GET["f"] == "html"
    return request.get_preferred_type([JSON, GEOJSON, HTML]) == HTML
