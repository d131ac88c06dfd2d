"""The study area of a response's survey, kept per process and prepared for many questions."""

from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

from mapping.geojson import StudyArea
from surveys.crs import STORAGE_SRID
from surveys.models import Survey

_AREAS_KEPT = 64
_RESPONSES_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """A survey as it stood: row is PostgreSQL's own name of that state (xmin and ctid), which no later state has."""

    survey_id: UUID
    row: str


_areas: OrderedDict[SurveyRow, StudyArea] = OrderedDict()
_rows: dict[UUID, SurveyRow] = {}


def study_area(survey: SurveyRow) -> StudyArea:
    """The area of this state of the survey."""
    area = _areas.get(survey)
    if area is None:
        geometry = Survey.objects.values_list("study_area", flat=True).get(pk=survey.survey_id)
        geometry.srid = STORAGE_SRID
        area = _areas[survey] = StudyArea(geometry)
        if len(_areas) > _AREAS_KEPT:
            _areas.popitem(last=False)
    return area


def remembered_survey(response_id: UUID) -> SurveyRow | None:
    """The survey of a response as this process last saw it; it may have changed since, which the database then says."""
    return _rows.get(response_id)


def remember_survey(response_id: UUID, survey: SurveyRow) -> None:
    """Keep the survey of a response for its next mark."""
    if len(_rows) >= _RESPONSES_KEPT:
        _rows.clear()
    _rows[response_id] = survey
