"""The planner's page of cross-tables, and the same as a spreadsheet. Thin: fetch, ask access, filter, count, answer."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from analysis.crosstabs import COLUMNS, ROWS, Dimension, Found, chosen_dimensions, crosstab_of, dimensions_of
from analysis.desk_pages import desk_page, filter_of
from analysis.exports.tables import safe_cell
from analysis.filters import MarkFilter
from analysis.summary import with_words
from analysis.views import readable_survey
from surveys.errors import InvalidFilter
from surveys.models import Survey

ALL = "I alt"


@login_required
@never_cache
@require_safe
def crosstab(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Children by two dimensions; what cannot be told is said on the page, where another choice can be made."""
    survey = with_words(readable_survey(request, survey_id))
    known = dimensions_of(survey)
    context: dict[str, Any] = {"dimensions": known.values(), "rows": ROWS, "columns": COLUMNS} | desk_page(survey, MarkFilter())
    status = 200
    try:
        chosen = filter_of(request, survey, "rows", "columns")
        context |= desk_page(survey, chosen)
        context |= {"rows": request.GET.get("rows", ROWS), "columns": request.GET.get("columns", COLUMNS)}
        found = crosstab_of(survey, chosen, *chosen_dimensions(known, context["rows"], context["columns"]))
        context |= {"found": found, "lines": list(_lines(found))}
    except InvalidFilter as error:
        context["wrong"], status = error.message, 422
    return render(request, "analysis/crosstab.html", context, status=status)


@never_cache
@require_safe
def crosstab_csv(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """The table as a spreadsheet opens it: semicolons, and a mark that says UTF-8."""
    survey = with_words(readable_survey(request, survey_id))
    chosen = filter_of(request, survey, "rows", "columns")
    pair = _pair(request, survey)
    response = HttpResponse("\ufeff" + _as_csv(crosstab_of(survey, chosen, *pair)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="krysstabell-{survey.municipality.number}-{survey.opens_on.year}.csv"'
    return response


def _pair(request: HttpRequest, survey: Survey) -> tuple[Dimension, Dimension]:
    return chosen_dimensions(dimensions_of(survey), request.GET.get("rows", ROWS), request.GET.get("columns", COLUMNS))


def _lines(found: Found) -> Iterator[dict[str, Any]]:
    """Each row of the page's table, the margin last."""
    table = found.table
    for row in range(table.children.shape[0]):
        head = found.row_heads[row] if row < len(found.row_heads) else None
        cells = [
            {
                "said": table.said(row, column),
                "share": table.share(row, column) if column < len(found.column_heads) else "",
                "marks": table.marks_said(row, column),
            }
            for column in range(table.children.shape[1])
        ]
        yield {"head": head, "cells": cells}


def _as_csv(found: Found) -> str:
    """One row per row of the table: children per column, then marks where they are told, then shares."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    heads = [*(head.label for head in found.column_heads), ALL]
    blocks = ["barn", *([] if found.table.marks is None else ["merker"])]
    titles = [*(f"{head}: {block}" for block in blocks for head in heads), *(f"{head}: andel av barna i raden" for head in heads[:-1])]
    writer.writerow([safe_cell(title) for title in (f"{found.rows.label} / {found.columns.label}", *titles)])
    for line in _lines(found):
        cells = line["cells"]
        marks = [] if found.table.marks is None else ["–" if cell["marks"] is None else cell["marks"] for cell in cells]
        label = line["head"].label if line["head"] else ALL
        writer.writerow([safe_cell(label), *(cell["said"] for cell in cells), *marks, *(cell["share"] for cell in cells[:-1])])
    return text.getvalue()
