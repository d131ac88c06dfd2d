"""`manage.py import_schools FILE --municipality NUMBER`: schools with their gates or grounds."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from surveys.management.importing import ImportCommand, municipality_of
from surveys.services import import_schools
from surveys.services.gis_files import ImportReport


class Command(ImportCommand):
    """Make or update a municipality's schools from a file of points or polygons."""

    help = "Make or update schools from GeoJSON, GPKG, SHP or FGB; any coordinate system the file names."

    def add_arguments(self, parser: CommandParser) -> None:
        """File, municipality and field names."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--municipality", required=True, metavar="NUMBER")
        parser.add_argument("--name-field", default="navn")
        parser.add_argument("--type-field", default="type")
        parser.add_argument("--nsr-field", default="")
        parser.add_argument("--layer", default="")

    def bring_in(self, **options: Any) -> tuple[str, ImportReport]:
        """Import."""
        municipality = municipality_of(options["municipality"])
        report = import_schools(
            path=options["file"],
            municipality=municipality,
            name_field=options["name_field"],
            type_field=options["type_field"],
            nsr_field=options["nsr_field"],
            layer=options["layer"],
        )
        return f"Skoler i {municipality.name}", report
