"""`manage.py make_basemap FILE… --municipality NUMBER --name NAME`: a basemap of one's own out of OSM, N50 or GeoPackage files."""

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mapping.basemap import MAX_ZOOM, MIN_ZOOM, OSM_ATTRIBUTION, BasemapInfo
from mapping.services import build_basemap
from surveys.errors import ImportRefused
from surveys.models import Municipality


def bounds(text: str) -> tuple[float, float, float, float]:
    """west,south,east,north in degrees."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} er ikke vest,sør,øst,nord i grader, som 5.1,60.3,5.5,60.5") from error
    return west, south, east, north


class Command(BaseCommand):
    """Make one PMTiles file and let it be a municipality's basemap."""

    help = "Make a basemap from .osm.pbf, .gpkg or .geojson files; the same name again replaces it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Files, municipality, name, and what may differ from the usual."""
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument("--municipality", required=True, metavar="NUMBER")
        parser.add_argument("--name", required=True)
        parser.add_argument("--attribution", default=OSM_ATTRIBUTION, help=f"whose data it is; default: {OSM_ATTRIBUTION}")
        parser.add_argument("--bounds", type=bounds, metavar="W,S,E,N", help="degrees; without it, all there is in the files")
        parser.add_argument("--min-zoom", type=int, default=MIN_ZOOM)
        parser.add_argument("--max-zoom", type=int, default=MAX_ZOOM)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make, register and report."""
        municipality = Municipality.objects.filter(number=options["municipality"]).first()
        if municipality is None:
            raise CommandError(f"Kommune {options['municipality']} finnes ikke. Kjør import_municipalities først.")
        try:
            basemap, info = build_basemap(
                municipality=municipality,
                sources=options["files"],
                name=options["name"],
                attribution=options["attribution"],
                bounds=options["bounds"],
                zooms=(options["min_zoom"], options["max_zoom"]),
            )
        except ImportRefused as error:
            raise CommandError(error.message) from error
        self.stdout.write(self.style.SUCCESS(f"{basemap.name}: {_described(info)}"))
        if not basemap.is_active:
            self.stderr.write(
                self.style.WARNING(
                    f"Kartet ligger utenfor {municipality.name} og er derfor ikke tatt i bruk. Er filen riktig, og kommunenummeret?"
                )
            )


def _described(info: BasemapInfo) -> str:
    layers = ", ".join(f"{count} {layer}" for layer, count in info.layers.items())
    west, south, east, north = info.bounds
    return (
        f"{info.size_bytes / 1000:,.0f} kB, {info.tiles} fliser, zoom {info.min_zoom}–{info.max_zoom}, "
        f"{west:.4f},{south:.4f},{east:.4f},{north:.4f}; {layers}. {info.path}"
    )
