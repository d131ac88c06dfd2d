"""Basemaps of a municipality: our own PMTiles files, and Kartverket's layers as a choice."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.db import transaction
from django.utils.text import slugify

from mapping.models import Basemap
from surveys.models import Municipality

if TYPE_CHECKING:  # heavy, see build_basemap
    from geopandas import GeoDataFrame

    from mapping.basemap import BasemapInfo
    from mapping.basemap_sources import Bounds

KARTVERKETS = (
    ("Kart fra Kartverket", "https://cache.kartverket.no/v1/wmts/1.0.0/topo/default/webmercator/{z}/{y}/{x}.png", False),
    (
        "Flyfoto fra Kartverket",
        (
            "https://opencache.statkart.no/gatekeeper/gk/gk.open_nib_web_mercator_wmts_v2?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
            "&LAYER=Nibcache_web_mercator_v2&STYLE=default&FORMAT=image/jpgpng&tileMatrixSet=default028mm"
            "&tileMatrix={z}&tileRow={y}&tileCol={x}"
        ),
        True,
    ),
)
"""Name, address and whether it is a photo."""


@transaction.atomic
def register_basemap(
    *, municipality: Municipality, name: str, file_name: str, attribution: str, min_zoom: int, max_zoom: int, is_default: bool = True
) -> Basemap:
    """Make a PMTiles file in settings.BASEMAP_ROOT a basemap of the municipality; the same name again replaces it.

    One that is not to be the default is left turned off, for the operator to look at first.
    """
    if is_default:
        Basemap.objects.filter(municipality=municipality).exclude(name=name).update(is_default=False)
    basemap = Basemap.objects.filter(municipality=municipality, name=name).first() or Basemap(municipality=municipality, name=name)
    basemap.kind = Basemap.Kind.PMTILES
    basemap.file_name, basemap.url = file_name, ""
    basemap.attribution = attribution
    basemap.min_zoom, basemap.max_zoom = min_zoom, max_zoom
    basemap.is_default = basemap.is_active = is_default
    basemap.full_clean()
    basemap.save()
    return basemap


def build_basemap(
    *,
    municipality: Municipality,
    sources: Sequence[Path] | Mapping[str, "GeoDataFrame"],
    name: str,
    attribution: str,
    bounds: "Bounds | None" = None,
    zooms: tuple[int, int] | None = None,
) -> tuple[Basemap, "BasemapInfo"]:
    """Make a PMTiles file of the sources in settings.BASEMAP_ROOT and let it be the municipality's basemap.

    The same name again replaces file and row. A map that lies wholly outside the municipality is kept, but turned off: a class would
    draw on nothing. ImportRefused says what is wrong with a source.
    """
    # GDAL and its frames take half a second to import, and only those who make maps need them.
    from mapping.basemap import MAX_ZOOM, MIN_ZOOM, make_basemap

    file_name = f"{municipality.number}-{slugify(name) or 'kart'}.pmtiles"
    low, high = zooms or (MIN_ZOOM, MAX_ZOOM)
    path = Path(settings.BASEMAP_ROOT) / file_name
    info = make_basemap(sources, path, name=name, attribution=attribution, bounds=bounds, min_zoom=low, max_zoom=high)
    basemap = register_basemap(
        municipality=municipality,
        name=name,
        file_name=file_name,
        attribution=attribution,
        min_zoom=low,
        max_zoom=high,
        is_default=Polygon.from_bbox(info.bounds).intersects(municipality.boundary),
    )
    return basemap, info


@transaction.atomic
def add_kartverket_basemaps(*, municipality: Municipality) -> list[Basemap]:
    """Offer Kartverket's topographic map and aerial photo, both off: a tile request tells a third party where a class draws.

    Called for every new municipality (mapping/apps.py); what is there already, and perhaps turned on, stays as it is. Returns the new ones.
    """
    there = set(Basemap.objects.filter(municipality=municipality).values_list("name", flat=True))
    made = [_kartverkets(municipality, *offer) for offer in KARTVERKETS if offer[0] not in there]
    return list(Basemap.objects.bulk_create(made))


def _kartverkets(municipality: Municipality, name: str, url: str, is_aerial: bool) -> Basemap:
    return Basemap(
        municipality=municipality,
        name=name,
        kind=Basemap.Kind.XYZ,
        url=url,
        attribution="© Kartverket",
        attribution_url="https://www.kartverket.no",
        is_aerial=is_aerial,
        max_zoom=18,
    )
