"""CSV and Excel: one row per mark with its geometry as WKT, and nothing that a spreadsheet would run as a formula."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from analysis.exports.columns import COLUMNS
from analysis.exports.source import rows
from analysis.filters import MarkFilter
from analysis.summary import summarise
from surveys.models import Survey

CHUNK_BYTES = 256 * 1024
EXCEL_ROWS = 1_048_575
EXCEL_CELL = 32_767
HEADS = [*(column.name for column in COLUMNS), "longitude", "latitude", "wkt"]
_GEOMETRY = "round(ST_X(ST_PointOnSurface(geom))::numeric, 6), round(ST_Y(ST_PointOnSurface(geom))::numeric, 6), ST_AsText(geom, 6)"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def stream_csv(survey: Survey, chosen: MarkFilter) -> Iterator[bytes]:
    """UTF-8 with a byte order mark and semicolons, as Norwegian Excel opens it; CRLF ends a row (RFC 4180)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    out.write("\ufeff")
    writer.writerow(HEADS)
    for block in rows(survey, chosen, geometry=_GEOMETRY):
        writer.writerows([[safe_cell(value) for value in row] for row in block])
        if out.tell() >= CHUNK_BYTES:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def stream_xlsx(survey: Survey, chosen: MarkFilter) -> Iterator[bytes]:
    """A workbook of the marks, the numbers beside the map, and what the columns mean; written row by row in constant memory."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "marks.xlsx"
        _write_workbook(path, survey, chosen)
        with path.open("rb") as file:
            while piece := file.read(CHUNK_BYTES):
                yield piece


def safe_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe before it."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return "" if value is None else value


def _write_workbook(path: Path, survey: Survey, chosen: MarkFilter) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("Merker")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, HEADS, bold)
        number = 0
        for block in rows(survey, chosen, geometry=_GEOMETRY):
            for row in block:
                number += 1
                if number > EXCEL_ROWS:  # Excel has no more rows; the sheet says so rather than end in silence
                    break
                for column, value in enumerate(row):
                    _write_cell(sheet, number, column, value)
        _write_counts(book.add_worksheet("Antall"), bold, survey, chosen)
        about = book.add_worksheet("Om kolonnene")
        about.write_row(0, 0, ["Kolonne", "Betydning"], bold)
        for index, described in enumerate(COLUMNS, start=1):
            about.write_row(index, 0, [described.name, described.meaning])
        if number > EXCEL_ROWS:
            about.write(len(COLUMNS) + 2, 0, f"Excel har plass til {EXCEL_ROWS} rader; her er de første. Velg GeoPackage for alle.", bold)


def _write_counts(sheet: Any, bold: Any, survey: Survey, chosen: MarkFilter) -> None:
    """The numbers beside the map, one table under another; few children as a range."""
    top = 0
    for chart in summarise(survey, chosen).charts:
        sheet.write_row(top, 0, chart.columns, bold)
        for row, bar in enumerate(chart.bars, start=top + 1):
            sheet.write_row(row, 0, [safe_cell(bar.row.label), *(int(cell) if cell.isdigit() else cell for cell in bar.row.cells)])
        top += len(chart.bars) + 2


def _write_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(row, column, str(safe_cell(value))[:EXCEL_CELL])
    else:
        sheet.write_number(row, column, float(value))
