"""`manage.py import_municipalities FILE`: municipalities and their boundaries."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from surveys.management.importing import ImportCommand
from surveys.services import import_municipalities
from surveys.services.gis_files import ImportReport


class Command(ImportCommand):
    """Make or update municipalities from a file of polygons."""

    help = "Make or update municipalities from GeoJSON, GPKG, SHP or FGB; any coordinate system the file names."

    def add_arguments(self, parser: CommandParser) -> None:
        """File and field names."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--number-field", default="kommunenummer")
        parser.add_argument("--name-field", default="kommunenavn")
        parser.add_argument("--layer", default="")
        parser.add_argument("--only", action="append", metavar="NUMBER", help="only this municipality; may be repeated")

    def bring_in(self, **options: Any) -> tuple[str, ImportReport]:
        """Import."""
        report = import_municipalities(
            path=options["file"],
            number_field=options["number_field"],
            name_field=options["name_field"],
            layer=options["layer"],
            only=set(options["only"] or ()),
        )
        return "Kommuner", report
