"""Which other hosts pages may load map tiles from: those of the basemaps that some municipality has turned on, and no others.

The pupils' page is the same for everybody, so a host is allowed on the site as soon as one municipality has chosen it; which maps are
offered is the bundle's matter.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

from mapping.models import Basemap

# {s} is Leaflet's place for a, b or c, by which providers spread their load
_HOST = re.compile(r"(?:\{s\}\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?", re.ASCII | re.IGNORECASE)


def active_tile_hosts() -> tuple[str, ...]:
    """The hosts as Content-Security-Policy takes them, sorted; one query."""
    urls = Basemap.objects.filter(kind=Basemap.Kind.XYZ, is_active=True).values_list("url", flat=True).distinct()
    return tuple(sorted({host for url in urls if (host := host_of(url))}))


def host_of(url: str) -> str | None:
    """Scheme and host of a tile address as a CSP source; None when it is not https, or no plain host name."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not _HOST.fullmatch(parts.netloc):
        return None
    return f"https://{parts.netloc.lower().replace('{s}', '*')}"


class AllowTileHosts:
    """Let pages show pictures from the active hosts; stands inside CSPMiddleware, which writes the header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on and note the hosts on its page."""
        response = self.get_response(request)
        # an answer "not modified" has no type, and its headers replace those of the page that the browser kept
        is_page = response.headers.get("Content-Type", "").startswith("text/html") or response.status_code == 304
        # a page that says the site is broken shows no map, and the database may be what is broken
        if is_page and response.status_code < 500 and (hosts := active_tile_hosts()):
            response._csp_update = {"img-src": list(hosts)}  # type: ignore[attr-defined]  # how django-csp is told
        return response
