"""The planner's page of ways to school in numbers. Thin: fetch, ask access, filter, measure, answer."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from analysis.desk_pages import desk_page, filter_of
from analysis.filters import MarkFilter
from analysis.school_ways import LIMIT_NAMES, SchoolWays, cells_of, metres, school_ways
from analysis.summary import with_words
from analysis.views import readable_survey
from surveys.errors import InvalidFilter


@login_required
@never_cache
@require_safe
def school_way_numbers(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Lengths, distances and detours of the ways to school that the filters show."""
    survey = with_words(readable_survey(request, survey_id))
    context: dict[str, Any] = desk_page(survey, MarkFilter())
    status = 200
    try:
        chosen = filter_of(request, survey)
        context |= desk_page(survey, chosen)
        if found := school_ways(survey, chosen):
            context |= {"ways": found, "limit_names": LIMIT_NAMES} | _tables(found)
    except InvalidFilter as error:
        context["wrong"], status = error.message, 422
    return render(request, "analysis/school_ways.html", context, status=status)


def _tables(found: SchoolWays) -> dict[str, Any]:
    limits = found.limits
    labels = [*found.band_labels, "Alle"]
    lines = [
        (label, [(limits.said(row, column), limits.share(row, column)) for column in range(len(LIMIT_NAMES))], limits.said(row, -1))
        for row, label in enumerate(labels)
    ]
    groups = [("", [found.whole]), *((heading, list(parts)) for heading, parts in found.groups)]
    median = metres(found.whole.length.median) if found.whole.length else ""
    return {
        "limit_lines": lines,
        "median": median,
        "tables": [(heading, [(one, list(cells_of(one))) for one in parts]) for heading, parts in groups if parts],
    }
