"""The plan case's pages: which municipality, and what children have said inside a boundary of it. Thin: fetch, ask access, answer."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from analysis.areas import MAX_FILE_BYTES, Area, area_of_file, choices, read_area
from analysis.filters import MarkFilter
from analysis.plan_case import inside_geojson, plan_case
from analysis.readers import planned
from analysis.summary import theme_label
from mapping.bundle import basemap_json
from mapping.geojson import write_geometry
from mapping.models import Basemap
from surveys.access import municipalities_of
from surveys.errors import DomainError, InvalidFilter, NotAllowed
from surveys.models import GradeBand, Municipality, Role, Survey


@login_required
@never_cache
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """The municipalities a planner plans in; where there is one, its page."""
    found = list(municipalities_of(request.user, Role.PLANNER).order_by("name"))
    if len(found) == 1:
        return redirect("analysis:plan", found[0].number)
    if not found:
        raise NotAllowed("Bare planleggere kan se plansaker.")
    return render(request, "analysis/plans.html", {"municipalities": found})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, number: str) -> HttpResponse:
    """What children have said inside the boundary of the address; without one, ways to give it. A file is answered with its address."""
    municipality = planned(request, number)
    surveys = _rounds(request, municipality)
    context: dict[str, Any] = {"municipality": municipality, "choices": choices(municipality), "text": request.GET.get("area", "")}
    status = 200
    try:
        if request.method == "POST":
            return _with_file(request, municipality)
        if context["text"]:
            area = read_area(context["text"], municipality)
            context["case"] = plan_case(municipality, surveys, area, today=timezone.localdate())
    except DomainError as error:
        context["wrong"], status = error.message, 422
    case = context.get("case")
    context["page"] = _page(municipality, surveys, case.area if case else None, context["text"])
    context["today"] = timezone.localdate()
    return render(request, "analysis/plan.html", context, status=status)


@login_required
@never_cache
@require_safe
def plan_marks(request: HttpRequest, number: str) -> HttpResponse:
    """The marks inside the address's boundary, over all rounds, for the map."""
    municipality = planned(request, number)
    area = read_area(request.GET.get("area", ""), municipality)
    return HttpResponse(inside_geojson(_rounds(request, municipality), area), content_type="application/geo+json")


def _rounds(request: HttpRequest, municipality: Municipality) -> list[Survey]:
    """The rounds that have been open, the newest first."""
    found = Survey.objects.analysable_by(request.user).filter(municipality=municipality).exclude(status=Survey.Status.DRAFT)
    return list(found.select_related("municipality").order_by("-opens_on", "pk"))


def _with_file(request: HttpRequest, municipality: Municipality) -> HttpResponseRedirect:
    file = request.FILES.get("file")
    if file is None:
        raise InvalidFilter("Velg en fil først: GeoJSON med plangrensen som flate.")
    # one byte more than is allowed is enough to see that it is too much
    area, moved_m = area_of_file(file.read(MAX_FILE_BYTES + 1), municipality)
    if moved_m:
        messages.info(
            request, f"Grensen er forenklet så den får plass i en adresse; den er flyttet høyst {moved_m:g} m.".replace(".", ",", 1)
        )
    return HttpResponseRedirect(f"{reverse('analysis:plan', args=[municipality.number])}?{urlencode({'area': area.text})}")


def _page(municipality: Municipality, surveys: list[Survey], area: Area | None, text: str) -> dict[str, Any]:
    """What the page's script needs: where marks are fetched, basemaps, what to show, and colours and words of the categories."""
    categories, modes = {}, {}
    # the newest round's words count
    for survey in reversed(surveys):
        modes.update({code: mode["words"].get("nb", code) for code, mode in survey.modes.items()})
        for category in survey.categories.select_related("theme"):
            about = {"label": category.label_in("nb", survey.default_language), "colour": category.colour}
            categories[category.code] = {**about, "theme": theme_label(category.theme, survey)}
    asked = [survey.study_area for survey in surveys]
    query = f"?{MarkFilter(area=area).query_string()}" if area else ""
    return {
        "urls": {"marks": reverse("analysis:plan-marks", args=[municipality.number]) + query if area else ""},
        "basemaps": [basemap_json(basemap) for basemap in Basemap.objects.filter(municipality=municipality, is_active=True)],
        "study_area": write_geometry(area.geom if area else asked[0] if asked else municipality.boundary),
        "is_drawn": area is not None,
        # what was drawn and refused, to go on with
        "draft": "" if area or "," not in text else text,
        "categories": categories,
        "modes": modes,
        "grade_bands": {band.value: str(band.label) for band in GradeBand},
    }
