"""Basemaps of a municipality: our own PMTiles files, and Kartverket's layers as a choice."""

from django.db import transaction

from mapping.models import Basemap
from surveys.models import Municipality

KARTVERKET = "https://cache.kartverket.no/v1/wmts/1.0.0/{layer}/default/webmercator/{{z}}/{{y}}/{{x}}.png"


@transaction.atomic
def register_basemap(
    *, municipality: Municipality, name: str, file_name: str, attribution: str, min_zoom: int, max_zoom: int, is_default: bool = True
) -> Basemap:
    """Make a PMTiles file in settings.BASEMAP_ROOT a basemap of the municipality; the same name again replaces it."""
    if is_default:
        Basemap.objects.filter(municipality=municipality).exclude(name=name).update(is_default=False)
    basemap = Basemap.objects.filter(municipality=municipality, name=name).first() or Basemap(municipality=municipality, name=name)
    basemap.kind = Basemap.Kind.PMTILES
    basemap.file_name, basemap.url = file_name, ""
    basemap.attribution = attribution
    basemap.min_zoom, basemap.max_zoom = min_zoom, max_zoom
    basemap.is_default, basemap.is_active = is_default, True
    basemap.full_clean()
    basemap.save()
    return basemap


@transaction.atomic
def add_kartverket_basemaps(*, municipality: Municipality) -> list[Basemap]:
    """Offer Kartverket's topographic map and aerial photo, both off: a tile request tells a third party where a class draws."""
    offers = [
        ("Kart fra Kartverket", KARTVERKET.format(layer="topo"), False),
        (
            "Flyfoto fra Kartverket",
            "https://opencache.statkart.no/gatekeeper/gk/gk.open_nib_web_mercator_wmts_v2?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=Nibcache_web_mercator_v2&STYLE=default&FORMAT=image/jpgpng&tileMatrixSet=default028mm&tileMatrix={z}&tileRow={y}&tileCol={x}",
            True,
        ),
    ]
    made = []
    for name, url, is_aerial in offers:
        basemap, is_new = Basemap.objects.get_or_create(
            municipality=municipality,
            name=name,
            defaults={
                "kind": Basemap.Kind.XYZ,
                "url": url,
                "attribution": "© Kartverket",
                "attribution_url": "https://www.kartverket.no",
                "is_aerial": is_aerial,
                "max_zoom": 18,
            },
        )
        if is_new:
            made.append(basemap)
    return made
