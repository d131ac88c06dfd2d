"""`manage.py import_marks FILE --survey ID --map category=TYPE --map grade=TRINN …`: an older round, or marks of another tool."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError, CommandParser

from mapping.services import import_marks
from mapping.services.older_rounds import FIELDS
from surveys.management.importing import ImportCommand
from surveys.models import Survey
from surveys.services.gis_files import ImportReport


class Command(ImportCommand):
    """Put a file's points, lines and polygons into a survey as marks, and tell of each that was refused."""

    help = "Import marks of an older round or another tool from GeoJSON, GPKG, SHP or FGB, in any coordinate system the file names."

    def add_arguments(self, parser: CommandParser) -> None:
        """File, survey, and which columns mean what."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--survey", required=True, type=UUID, metavar="ID", help="the id in the address of its workbench")
        parser.add_argument(
            "--map", action="append", default=[], metavar="WHAT=COLUMN", help=f"which column tells it; WHAT is one of {', '.join(FIELDS)}"
        )
        parser.add_argument("--same", action="append", default=[], metavar="WHAT=VALUE", help="what is so for all rows")
        parser.add_argument("--layer", default="", help="of a file that has several")

    def bring_in(self, **options: Any) -> tuple[str, ImportReport]:
        """Import."""
        survey = Survey.objects.alive().filter(pk=options["survey"]).select_related("municipality").first()
        if survey is None:
            raise CommandError(f"Undersøkelsen {options['survey']} finnes ikke.")
        columns, same = _pairs(options["map"]), _pairs(options["same"])
        report = import_marks(path=options["file"], survey=survey, columns=columns, same=same, layer=options["layer"])
        if "child" not in columns:
            self.stderr.write("merk: ingen kolonne sier hvem som har satt et merke, så hver rad er ett barn (--map child=KOLONNE)")
        return str(survey), report


def _pairs(given: list[str]) -> dict[str, str]:
    pairs = dict[str, str]()
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not value:
            raise CommandError(f"«{text}» skal være NAVN=VERDI, som category=TYPE.")
        pairs[name.strip()] = value.strip()
    return pairs
