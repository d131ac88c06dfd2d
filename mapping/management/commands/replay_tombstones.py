"""`manage.py replay_tombstones FILE`: after a restore, delete once more what was deleted since the backup (docs/running.md, "Restore")."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mapping.services import replay_tombstones
from surveys.errors import DomainError


class Command(BaseCommand):
    """Carry out a list of deletions once more."""

    help = "Delete what a list of list_tombstones tells of; - reads it from standard input. May be run again."

    def add_arguments(self, parser: CommandParser) -> None:
        """The list."""
        parser.add_argument("file", help="the list, or - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, delete, and say how many lines there were."""
        try:
            text = sys.stdin.read() if options["file"] == "-" else Path(options["file"]).read_text(encoding="utf-8")
            count = replay_tombstones(text.splitlines())
        except (OSError, DomainError) as error:
            raise CommandError(f"{error} Nothing was deleted.") from error
        self.stdout.write(f"{count} deletions were carried out once more.")
