"""`manage.py count_children FOLDER --out FILE`: children per hexagon over all the parts in a folder, here or on a Dask cluster."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis import grid
from analysis.engine import CellChildren, Engine, Here, OnDask, Part, children_per_cell
from analysis.looks import check_hexagon_size
from analysis.privacy.suppress import K, shown
from surveys.errors import InvalidFilter

FORMATS = {".gpkg": "GPKG", ".geojson": "GeoJSON"}


class Command(BaseCommand):
    """Count the children who marked anything in each hexagon; under five are said as 1–4, as on every page."""

    help = "Count children per hexagon over what write_parts wrote; with ANALYSIS_SCHEDULER on that Dask cluster."

    def add_arguments(self, parser: CommandParser) -> None:
        """The parts, the size and where to."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--size", type=int, default=grid.DEFAULT_SIZE_M, metavar="METRES", help="between two sides of a hexagon")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=f"{' or '.join(FORMATS)}")
        parser.add_argument(
            "--scheduler", default=settings.ANALYSIS_SCHEDULER, metavar="tcp://HOST:PORT", help="default: ANALYSIS_SCHEDULER"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, write and tell how many."""
        out: Path = options["out"]
        if out.suffix not in FORMATS:
            raise CommandError(f"{out.name}: filen må hete noe på {' eller '.join(FORMATS)}.")
        try:
            check_hexagon_size(options["size"])
        except InvalidFilter as error:
            raise CommandError(error.message) from error
        parts: list[Part] = sorted(options["folder"].glob("*.parquet"))
        if not parts:
            raise CommandError(f"Ingen .parquet-filer i {options['folder']}. Kjør write_parts først.")
        with ExitStack() as stack:
            found = children_per_cell(parts, size_m=options["size"], engine=_engine(options["scheduler"], stack))
        _frame(found).to_file(out, driver=FORMATS[out.suffix], layer="barn_per_sekskant", engine="pyogrio")
        self.stdout.write(f"{len(found.cells)} sekskanter på {options['size']} m fra {len(parts)} undersøkelser skrevet til {out}.")


def _engine(scheduler: str, stack: ExitStack) -> Engine:
    if not scheduler:
        return Here()
    try:
        return stack.enter_context(OnDask(scheduler))
    except ImportError as error:
        raise CommandError("Pakken distributed mangler: pip install 'trakk[scale]' (docs/scale.md).") from error
    except (OSError, ValueError) as error:
        raise CommandError(f"Dask svarer ikke på {scheduler}: {error}. Uten ANALYSIS_SCHEDULER regnes det ut her.") from error


def _frame(found: CellChildren) -> geopandas.GeoDataFrame:
    """One row a hexagon: its name, children as every page says it, and as a number where it is five or more."""
    said = [shown(number) for number in found.children.tolist()]
    children = np.where(found.children >= K, found.children, np.nan)
    data = {"sekskant": grid.cell_name(found.cells), "barn": said, "antall": children}
    return geopandas.GeoDataFrame(data, geometry=grid.cell_polygon(found.cells), crs=grid.GRID_SRID)
