"""`manage.py delete_expired`: carry out the retention table of docs/privacy.md; to be run every night."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mapping.services import delete_expired


class Command(BaseCommand):
    """Delete what has been kept long enough, and say how much that was."""

    help = 'Delete what has been kept long enough (docs/privacy.md, "Retention"); may be run as often as you like.'

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to count only."""
        parser.add_argument("--dry-run", action="store_true", help="only count what would be deleted")

    def handle(self, *args: Any, **options: Any) -> None:
        """Carry out and report, a line a rule."""
        for name, count in delete_expired(dry_run=options["dry_run"]).items():
            self.stdout.write(f"{count:>8}  {name}")
        if options["dry_run"]:
            self.stdout.write("Nothing was deleted (--dry-run).")
