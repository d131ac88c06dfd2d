"""`manage.py import_layer FILE --municipality NUMBER --name NAME --kind KIND --source SOURCE`: streets, plans, districts and the like."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from surveys.management.importing import ImportCommand, municipality_of
from surveys.models import Layer
from surveys.services import import_layer
from surveys.services.gis_files import ImportReport


class Command(ImportCommand):
    """Make a municipality's layer from a file, or put what the file has in the place of what it held."""

    help = "Make or replace a layer from GeoJSON, GPKG, SHP or FGB; any coordinate system the file names."

    def add_arguments(self, parser: CommandParser) -> None:
        """File, municipality, what the layer is, and which field names its things."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--municipality", required=True, metavar="NUMBER")
        parser.add_argument("--name", required=True, help="what the layer is called; importing under a name again replaces it")
        parser.add_argument("--kind", required=True, choices=Layer.Kind.values)
        parser.add_argument("--source", required=True, help="who made the data, and the licence")
        parser.add_argument("--name-field", default="", help="the field with each street's or plan's name")
        parser.add_argument("--layer", default="", help="of a file that has several")

    def bring_in(self, **options: Any) -> tuple[str, ImportReport]:
        """Import."""
        municipality = municipality_of(options["municipality"])
        report = import_layer(
            path=options["file"],
            municipality=municipality,
            name=options["name"],
            kind=Layer.Kind(options["kind"]),
            source=options["source"],
            name_field=options["name_field"],
            layer=options["layer"],
        )
        return f"{options['name']} i {municipality.name}", report
