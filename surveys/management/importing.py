"""What the commands that import a file have in common: whose it is, and how what was taken and refused is told."""

from abc import abstractmethod
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveys.errors import ImportRefused
from surveys.models import Municipality
from surveys.services.gis_files import ImportReport


def municipality_of(number: str) -> Municipality:
    """The municipality with this number; CommandError where it has not been imported."""
    found: Municipality | None = Municipality.objects.filter(number=number).first()
    if found is None:
        raise CommandError(f"Kommune {number} finnes ikke. Kjør import_municipalities først.")
    return found


class ImportCommand(BaseCommand):
    """Imports a file, and tells of each thing in it that was refused."""

    @abstractmethod
    def bring_in(self, **options: Any) -> tuple[str, ImportReport]:
        """Import; what it is called that came in, and what came of it. ImportRefused when nothing can be taken."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and report."""
        try:
            what, report = self.bring_in(**options)
        except ImportRefused as error:
            raise CommandError(error.message) from error
        for line in report.refused:
            self.stderr.write(f"avvist: {line}")
        self.stdout.write(f"{what}: {report}")
