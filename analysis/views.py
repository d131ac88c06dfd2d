"""The planner's pages: the list of surveys and the workbench with its layers. Thin: fetch, ask access, filter, answer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from analysis.compared import difference_geojson
from analysis.entries import ASKED_ALONG, asking_for_adults, has_adults
from analysis.exports import COLUMNS, FORMATS, export
from analysis.filters import MANY, MarkFilter
from analysis.kept_areas import keep_areas
from analysis.known_layers import HAS_LAYERS, asking_for_layers
from analysis.layer_counts import within_geojson
from analysis.layers import heat_json, hexagons_geojson, marks_geojson, spots_geojson
from analysis.looks import Look
from analysis.readers import reader_of
from analysis.saved_views import survey_views
from analysis.street_use import HAS_STREETS, asking_for_streets, streets_geojson
from analysis.summary import summarise, theme_label, with_words
from mapping.bundle import basemap_json
from mapping.geojson import write_geometry
from mapping.models import Basemap
from surveys.access import municipalities_of
from surveys.errors import NotAllowed
from surveys.models import Entry, GradeBand, Kind, Role, Survey

EXPORT_FORMATS = [(extension, found.label) for extension, found in FORMATS.items()]
LAYERS: dict[str, Callable[[Survey, MarkFilter, Look], bytes]] = {
    "marks": lambda survey, chosen, _: marks_geojson(survey, chosen),
    "hexagons": lambda survey, chosen, look: hexagons_geojson(survey, chosen, size_m=look.size_m),
    "heat": lambda survey, chosen, look: heat_json(survey, chosen, bandwidth_m=look.bandwidth_m),
    "spots": lambda survey, chosen, look: spots_geojson(survey, chosen, size_m=look.size_m),
    "streets": lambda survey, chosen, _: streets_geojson(survey, chosen),
    "difference": lambda survey, chosen, look: difference_geojson(survey, chosen, look.first, look.second, size_m=look.size_m),
    "within": lambda survey, chosen, look: within_geojson(survey, chosen, look.layer, reach_m=look.radius_m),
}
"""What the map can show, by the names of analysis/looks.py."""


@login_required
@require_safe
def surveys(request: HttpRequest) -> HttpResponse:
    """The surveys a planner may read, the newest first."""
    found = Survey.objects.analysable_by(request.user).select_related("municipality")
    is_planner = municipalities_of(request.user, Role.PLANNER).exists()
    return render(request, "analysis/surveys.html", {"surveys": found, "is_planner": is_planner})


@login_required
@never_cache
@require_safe
def workbench(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Map, charts and table of one survey; works without script but for the map."""
    survey = with_words(readable_survey(request, survey_id))
    chosen = filter_of(request, survey)
    look = Look.parse(request.GET)
    page = {
        "chosen": chosen,
        "saved_views": survey_views(survey),
        "view_query": "&".join(filter(None, (chosen.query_string(), look.query_string()))),
        "pills": pills(survey, chosen),
        "page": _page(survey),
        "look": look,
        "looks": [(name, label) for name, label in _LABELS.items() if name not in _NEEDS or getattr(survey, _NEEDS[name])],
    }
    return render(request, "analysis/workbench.html", _numbers(survey, chosen) | page)


@never_cache
@require_safe
def summary(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """The numbers, charts and tables alone, for the page to fetch when a filter changes."""
    survey = readable_survey(request, survey_id)
    chosen = filter_of(request, survey)
    return render(request, "analysis/_summary.html", _numbers(survey, chosen))


@never_cache
@require_safe
def layer(request: HttpRequest, survey_id: UUID, name: str) -> HttpResponse:
    """One of LAYERS for the map."""
    survey = readable_survey(request, survey_id)
    body = LAYERS[name](survey, filter_of(request, survey), Look.parse(request.GET))
    return HttpResponse(body, content_type="application/json" if name == "heat" else "application/geo+json")


@never_cache
@require_safe
def download(request: HttpRequest, survey_id: UUID, extension: str) -> StreamingHttpResponse:
    """The marks that the filters show, as a file."""
    survey = readable_survey(request, survey_id)
    found, pieces = export(survey, filter_of(request, survey), extension)
    response = StreamingHttpResponse(pieces, content_type=found.media_type)
    response["Content-Disposition"] = f'attachment; filename="trakk-{survey.municipality.number}-{survey.opens_on.year}.{extension}"'
    return response


@login_required
@require_POST
def areas(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Give a number to each area in which the places of the filter gather, and show them all with their children."""
    survey = readable_survey(request, survey_id)
    chosen = filter_of(request, survey)
    kept = keep_areas(survey=survey, chosen=chosen)
    view = QueryDict(chosen.query_string(), mutable=True)
    if kept.layer is None:
        messages.info(request, "Ingen områder: Det er ingen steder der minst fem barn har merket noe tett ved hverandre.")
    else:
        messages.success(request, f"Områder funnet: {kept.found}. Nye, som har fått nummer: {kept.new}. Nummer og omriss blir stående.")
        view.update({"show": "within", "layer": str(kept.layer.pk)})
    return redirect(f"{reverse('analysis:workbench', args=[survey.pk])}?{view.urlencode()}")


def readable_survey(request: HttpRequest, survey_id: UUID) -> Survey:
    """The survey, for a session or access token that may read its marks; 404 for who may not know of it, 403 for who may."""
    user, municipality = reader_of(request)
    of_token = {} if municipality is None else {"municipality": municipality}
    readable = Survey.objects.analysable_by(user).select_related("municipality")
    readable = readable.annotate(**{ASKED_ALONG: asking_for_adults(), HAS_STREETS: asking_for_streets(), HAS_LAYERS: asking_for_layers()})
    survey: Survey | None = readable.filter(pk=survey_id, **of_token).first()
    if survey is None:
        get_object_or_404(Survey.objects.visible_to(user).filter(**of_token), pk=survey_id)
        raise NotAllowed("Bare planleggere i kommunen kan lese hva barna har tegnet.")
    return survey


def _numbers(survey: Survey, chosen: MarkFilter) -> dict[str, Any]:
    """What the numbers beside the map are made of."""
    return {
        "survey": survey,
        "summary": summarise(survey, chosen),
        "query": chosen.query_string(),
        "export_formats": EXPORT_FORMATS,
        "export_columns": COLUMNS,
    }


def filter_of(request: HttpRequest, survey: Survey) -> MarkFilter:
    """The filter of the query string; what only some of the page's answers use is checked for all."""
    Look.parse(request.GET)
    return MarkFilter.parse(request.GET, survey, ignore=Look.NAMES)


def _page(survey: Survey) -> dict[str, Any]:
    """What the page's script needs: addresses, basemaps, the area, and colours and words of the categories."""
    address = {name: reverse(f"analysis:{name}", args=[survey.pk]) for name in ("summary", *LAYERS)}
    address["tile"] = reverse("analysis:tile", args=[survey.pk, 0, 0, 0]).replace("0/0/0", "{z}/{x}/{y}")
    area = {"choices": reverse("analysis:area-choices", args=[survey.pk]), "outline": reverse("analysis:area-outline", args=[survey.pk])}
    return {
        "urls": address,
        "area": area,
        "basemaps": [basemap_json(basemap) for basemap in Basemap.objects.filter(municipality=survey.municipality_id, is_active=True)],
        "study_area": write_geometry(survey.study_area),
        "categories": {
            category.code: {
                "label": category.label_in("nb", survey.default_language),
                "colour": category.colour,
                "theme": theme_label(category.theme, survey),
            }
            for category in survey.categories.all()
        },
        "modes": {code: mode["words"].get("nb", code) for code, mode in survey.modes.items()},
        "grade_bands": {band.value: str(band.label) for band in GradeBand},
    }


def pills(survey: Survey, chosen: MarkFilter) -> list[dict[str, Any]]:
    """The filters as pills: each a name, a heading and its choices with what is chosen."""
    themes = {category.theme.code: theme_label(category.theme, survey) for category in survey.categories.all()}
    choices: dict[str, list[tuple[str, str]]] = {
        "theme": list(themes.items()),
        "category": [(category.code, category.label_in("nb")) for category in survey.categories.all()],
        "kind": [(kind.value, str(kind.label).capitalize()) for kind in Kind],
        "mode": [(code, mode["words"].get("nb", code)) for code, mode in survey.modes.items()],
        "grade_band": [(band.value, str(band.label)) for band in GradeBand],
        "school": sorted({(str(group.school_id), group.school.name) for group in survey.class_groups.all()}, key=lambda one: one[1]),
        # a survey in which every child has drawn with its own hand has nothing to choose
        "entry": [(entry.value, str(entry.label).capitalize()) for entry in Entry] if chosen.entry or has_adults(survey) else [],
    }
    # a list as long as that of the categories is read theme by theme
    groups = {category.code: theme_label(category.theme, survey) for category in survey.categories.all()}
    return [
        {
            "name": name,
            "heading": _HEADINGS[name],
            "choices": [
                {
                    "value": value,
                    "label": label,
                    "group": groups[value] if name == "category" else "",
                    "checked": value in getattr(chosen, name),
                }
                for value, label in choices[name]
            ],
            "count": len(getattr(chosen, name)),
        }
        for name in MANY
        if choices[name] or name != "entry"
    ]


_LABELS = {
    "marks": "Merker",
    "hexagons": "Sekskanter",
    "heat": "Varmekart",
    "spots": "Opphopning",
    "streets": "Gater",
    "difference": "Sammenlign",
    "within": "I kartlag",
}
_NEEDS = {"streets": HAS_STREETS, "within": HAS_LAYERS}
"""Looks that some municipalities have nothing for."""
_HEADINGS = {
    "theme": "Tema",
    "category": "Kategori",
    "kind": "Tegning",
    "mode": "Transport",
    "grade_band": "Klassetrinn",
    "school": "Skole",
    "entry": "Tegnet av",
}
