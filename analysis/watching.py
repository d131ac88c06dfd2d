"""The planner's page of who has taken part, while a survey runs and after."""

import csv
import io
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from analysis.charts import BarChart, Row, bar_chart
from analysis.exports.tables import safe_cell
from analysis.participation import TurnoutReport, turnout_of
from analysis.views import readable_survey

CSV_COLUMNS = ("Skole", "Trinn", "Klasser", "Klasser i gang", "Elever", "Har begynt", "Er ferdige", "Merker")


@login_required
@never_cache
@require_safe
def turnout(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Joined, finished and marks by school, grade and time, beside how many pupils there are; and which classes have not begun."""
    survey = readable_survey(request, survey_id)
    report = turnout_of(survey)
    return render(request, "analysis/turnout.html", {"survey": survey, "report": report, "chart": _by_school(report)})


@never_cache
@require_safe
def turnout_csv(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """The table by school and grade, as a spreadsheet opens it: semicolons, and a mark that says UTF-8."""
    survey = readable_survey(request, survey_id)
    response = HttpResponse("\ufeff" + _as_csv(turnout_of(survey)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="deltakelse-{survey.municipality.number}-{survey.opens_on.year}.csv"'
    return response


def _by_school(report: TurnoutReport) -> BarChart:
    """How large a share of each school's pupils came in; schools that did not say how many they have stand last, without a bar."""
    rows = []
    for school in report.schools:
        number = school.turnout
        value = min(1.0, number.joined / number.pupils) if number.pupils else 0.0
        said = f"{number.joined} av {number.pupils or '?'}"
        rows.append(Row(label=school.name, value=value, text=number.share, cells=(said, number.share)))
    rows.sort(key=lambda row: -row.value)
    return bar_chart(rows, chart_id="schools", title="Elever som har begynt", columns=("Skole", "Elever", "Andel"), longest=1.0)


def _as_csv(report: TurnoutReport) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for school in report.schools:
        for grade in school.grades:
            number = grade.turnout
            counts = (
                number.classes,
                number.begun,
                number.pupils or "",
                number.joined,
                number.finished,
                "" if number.told_marks is None else number.told_marks,
            )
            writer.writerow((safe_cell(school.name), grade.grade, *counts))
    return text.getvalue()
