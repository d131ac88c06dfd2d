"""`manage.py seed_demo --base URL`: the demo town Solvik with its answers, accounts and a public release."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from followup.demo import seed_demo
from surveys.errors import DomainError


class Command(BaseCommand):
    """Have the demo, and write its entrances to demo.json."""

    help = "Make the demo town Solvik where it is missing, open its class's code, and write demo.json."

    def add_arguments(self, parser: CommandParser) -> None:
        """The site's address, and whether to begin anew."""
        parser.add_argument("--base", default=settings.BASE_URL, metavar="URL", help="the site's address, for the entrances")
        parser.add_argument("--reset", action="store_true", help="remove the demo first, with everything added to it since")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed and report."""
        folder = Path(settings.DATA_DIR)
        try:
            entrances = seed_demo(base=options["base"], folder=folder, reset=options["reset"], progress=self._tell)
        except DomainError as error:
            raise CommandError(error.message) from error
        self._tell(f"Solvik er klar: elevkode {entrances['pupil']['code']}, innganger i {folder / 'demo.json'}")

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
