"""The class's map on the big screen, with what to talk about, and the map on paper. Aggregates only, for the class's teacher only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import numpy as np
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from analysis.class_maps import build_class_map
from followup.frame import Frame, frame_around
from followup.map_picture import draw
from followup.page import Choice, default_choice
from followup.release_map import ground_of, own_basemap, spots_of
from followup.scale import SCALE
from surveys.access import may_see_class_map
from surveys.errors import NotFound
from surveys.models import ClassGroup
from surveys.models.survey import words_in
from surveys.sheets import sheet


@login_required
@never_cache
@require_safe
def class_map(request: HttpRequest, class_group_id: UUID) -> HttpResponse:
    """The class's hexagons and the talk guide; a kind sentence while there are too few."""
    group = _group(request, class_group_id)
    found = build_class_map(group)
    context: dict[str, Any] = {"group": group, "missing": found.missing, "talk": sheet(group.survey, "talk"), "payload": found.payload}
    if found.payload and found.payload["bbox"]:
        context |= _map(group, found.payload)
    return render(request, "followup/class_map.html", context)


@login_required
@never_cache
@gzip_page
@require_safe
def class_ground(request: HttpRequest, class_group_id: UUID) -> HttpResponse:
    """What lies under the hexagons, as SVG."""
    group = _group(request, class_group_id)
    payload = build_class_map(group).payload
    basemap = own_basemap(group.survey.municipality_id)
    if basemap is None or payload is None or payload["bbox"] is None:
        raise Http404("there is no map to draw")
    return render(request, "followup/ground.svg", {"ground": ground_of(basemap, _frame(payload))}, content_type="image/svg+xml")


@login_required
@require_safe
def paper_sheet(request: HttpRequest, class_group_id: UUID) -> HttpResponse:
    """A sheet to draw on by hand: the map round the school, or where there is none of our own, a grid."""
    group = _group(request, class_group_id)
    basemap = own_basemap(group.survey.municipality_id)
    x, y = _around_school(group).place(np.array([group.school.location.x, group.school.location.y]))
    context = {
        "group": group,
        "how": sheet(group.survey, "paper"),
        "ground_url": reverse("followup:paper-ground", args=[group.pk]) if basemap else "",
        "credit": basemap.attribution if basemap else "",
        "school": (int(x), int(y)),
        "grid": range(100, 1000, 100),
    }
    return render(request, "followup/paper_sheet.html", context)


@login_required
@gzip_page
@require_safe
def paper_ground(request: HttpRequest, class_group_id: UUID) -> HttpResponse:
    """The map of the sheet of paper, as SVG."""
    group = _group(request, class_group_id)
    basemap = own_basemap(group.survey.municipality_id)
    if basemap is None:
        raise Http404("there is no map to draw")
    ground = ground_of(basemap, _around_school(group))
    return render(request, "followup/ground.svg", {"ground": ground}, content_type="image/svg+xml")


def _around_school(group: ClassGroup) -> Frame:
    """The two kilometres round the school, which is what frame_around shows at least."""
    at = group.school.location
    return frame_around((at.x, at.y, at.x, at.y))


def _group(request: HttpRequest, class_group_id: UUID) -> ClassGroup:
    group: ClassGroup = get_object_or_404(ClassGroup.objects.select_related("survey__municipality", "school"), pk=class_group_id)
    if not may_see_class_map(request.user, group):
        raise NotFound("Klassen finnes ikke.")
    return group


def _frame(payload: dict[str, Any]) -> Frame:
    west, south, east, north = payload["bbox"]
    return frame_around((west, south, east, north))


def _map(group: ClassGroup, payload: dict[str, Any]) -> dict[str, Any]:
    frame = _frame(payload)
    basemap = own_basemap(group.survey.municipality_id)
    choices = _choices(payload)
    names = ground_of(basemap, frame).names if basemap else ()
    picture = draw(payload["cells"], [choice.code for choice in choices], frame, names=names, schools=spots_of([group.school]))
    return {
        "map": {"picture": picture, "basemap": basemap, "scale": SCALE, "chosen": default_choice(choices)},
        "choices": choices,
        "ground_url": reverse("followup:class-ground", args=[group.pk]),
    }


def _choices(payload: dict[str, Any]) -> list[Choice]:
    """Everything together, then theme by theme."""

    def cells(code: str | None) -> int:
        return sum(cell["theme"] == code for cell in payload["cells"])

    themes = [
        Choice(theme["code"], str(words_in(theme["words"], "nb", "nb").get("label", "")), theme["icon"], cells(theme["code"]))
        for theme in payload["themes"]
    ]
    return [Choice("", "Alt", "", cells(None)), *themes]
