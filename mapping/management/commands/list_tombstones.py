"""`manage.py list_tombstones > FILE`: what was withdrawn or deleted, to keep beside the backups (docs/running.md, "Backup")."""

from typing import Any

from django.core.management.base import BaseCommand

from mapping.services import list_tombstones


class Command(BaseCommand):
    """List the deletions that a restored backup must not undo."""

    help = "Print the ids of what was withdrawn or deleted, a line each, for replay_tombstones."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each."""
        for line in list_tombstones():
            self.stdout.write(line)
