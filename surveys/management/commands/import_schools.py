"""`manage.py import_schools FILE --municipality NUMBER`: schools with their gates or grounds."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveys.errors import ImportRefused
from surveys.models import Municipality
from surveys.services import import_schools


class Command(BaseCommand):
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

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and report."""
        municipality = Municipality.objects.filter(number=options["municipality"]).first()
        if municipality is None:
            raise CommandError(f"Kommune {options['municipality']} finnes ikke. Kjør import_municipalities først.")
        try:
            report = import_schools(
                path=options["file"],
                municipality=municipality,
                name_field=options["name_field"],
                type_field=options["type_field"],
                nsr_field=options["nsr_field"],
                layer=options["layer"],
            )
        except ImportRefused as error:
            raise CommandError(error.message) from error
        for line in report.refused:
            self.stderr.write(f"avvist: {line}")
        self.stdout.write(f"Skoler i {municipality.name}: {report}")
