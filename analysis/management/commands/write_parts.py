"""`manage.py write_parts FOLDER`: the marks of many surveys as GeoParquet, one file each, for count_children to work on."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.datasets import drawn
from analysis.engine import write_part
from analysis.filters import MarkFilter
from surveys.models import Survey


class Command(BaseCommand):
    """Write what the surveys' children drew, a file a survey; a file that is there already is left as it is."""

    help = "Write each survey's marks to FOLDER/<survey>.parquet (EPSG:25833). The files link what a child drew: delete them after use."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and of which surveys."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--year", type=int, help="only surveys that open in this year")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write and tell how many."""
        folder: Path = options["folder"]
        if folder.exists() and not folder.is_dir():
            raise CommandError(f"{folder} er ingen mappe. Skriv navnet på en mappe som finnes eller kan lages.")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        surveys = Survey.objects.exclude(status=Survey.Status.DRAFT)
        if options["year"]:
            surveys = surveys.filter(opens_on__year=options["year"])
        written = kept = 0
        for survey in surveys.order_by("pk").iterator():
            path = folder / f"{survey.pk}.parquet"
            if path.exists():
                kept += 1
                continue
            part = path.with_suffix(".part")
            write_part(drawn(MarkFilter().marks_of(survey)), part)
            part.rename(path)
            written += 1
        self.stdout.write(
            f"{written} undersøkelser skrevet, {kept} lå der fra før. Filene er like hemmelige som databasen: slett dem etterpå."
        )
