"""A response with its marks as JSON: what a pupil gets back of what the pupil said."""

from typing import Any

from mapping.geojson import write_geometry
from mapping.models import Mark
from surveys.models import Response


def response_json(response: Response) -> dict[str, Any]:
    """The response's answers and marks; order by id, which says nothing of when."""
    marks = Mark.objects.filter(response=response).select_related("category").order_by("id")
    return {
        "response": str(response.pk),
        "survey": str(response.survey_id),
        "finished": response.finished_at is not None,
        "answers": {"rev": response.answers_rev, "answers": response.answers},
        "marks": [_mark_json(mark) for mark in marks],
    }


def _mark_json(mark: Mark) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": str(mark.pk),
        "rev": mark.rev,
        "geometry": write_geometry(mark.geom) if mark.geom else None,
        "properties": {
            "category": mark.category.code,
            "mode": mark.mode or None,
            "comment": mark.comment or None,
            "answers": mark.answers,
        },
    }
