"""A survey with a pupil's eyes: the pupils' own page and words, for a draft too, and nothing is sent or kept."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mapping.bundle import build_bundle
from mapping.geojson import write_geometry
from mapping.shell import seat_pictures
from surveys.access import may_edit
from surveys.models import Survey
from surveys.seats import seat

BANNER = "Prøve: ingenting sendes eller lagres."
MIDDLE_BAND = "5-7"


@login_required
@never_cache
@require_safe
def preview(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """The survey as a pupil at its first school meets it, for everybody who may know of it."""
    survey: Survey = get_object_or_404(Survey.objects.visible_to(request.user).select_related("municipality"), pk=survey_id)
    page = {
        "bundle": build_bundle(survey),
        "joined": _seated(survey),
        "seats": seat_pictures(),
        "banner": BANNER,
        "back": reverse("surveys:setup", args=[survey.pk]) if may_edit(request.user, survey) else reverse("home"),
        "back_label": "Ut av prøven",
    }
    return render(request, "mapping/editor/preview.html", {"page": page, "survey": survey})


def _seated(survey: Survey) -> dict[str, Any]:
    """As a join is answered, of nobody: no response is made, and so there is no token."""
    school = survey.schools.first()
    return {
        "seat": seat(0).as_json(),
        "school": {
            "name": school.name if school else "",
            "location": write_geometry(school.location) if school else None,
            "grounds": write_geometry(school.grounds) if school and school.grounds else None,
        },
        "grade_band": MIDDLE_BAND,
        "entry": "self",
        "children": 1,
        "receipt": "",
    }
