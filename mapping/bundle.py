"""The bundle: all that a tablet needs to run a survey, in one cacheable document."""

from typing import Any

from django.urls import reverse

from mapping.geojson import MAX_AREA_VERTICES, MAX_COMMENT, MAX_VERTICES, write_geometry
from mapping.models import Basemap
from mapping.named_places import named_places
from mapping.recordings import recordings_of
from mapping.survey_map import survey_map
from surveys.catalog import pupil_texts
from surveys.languages import known_languages, offered_languages
from surveys.models import Category, Question, Survey, Theme

WAY_TO_SCHOOL = "skoleveg"
"""Geonorge's code for the ways that end at school; any other may end or begin at home beside it."""


def build_bundle(survey: Survey) -> dict[str, Any]:
    """The bundle as JSON-ready data; the same survey gives the same bundle, byte for byte, so that an ETag can be made of it."""
    themes = list(survey.themes.all())
    categories = list(survey.categories.select_related("theme"))
    questions = list(survey.questions.select_related("theme", "category"))
    languages = offered_languages(survey, [*themes, *categories, *questions])
    texts = pupil_texts()
    start = survey.start or survey.study_area.point_on_surface
    basemaps = list(Basemap.objects.filter(municipality=survey.municipality_id, is_active=True))
    return {
        "survey": str(survey.pk),
        "title": _in(languages, survey.title),
        "languages": [known_languages()[code].as_json() for code in languages],
        "default_language": survey.default_language if survey.default_language in languages else languages[0],
        "texts": {code: texts[code] for code in languages},
        "recordings": recordings_of(survey.pk, languages),
        "study_area": write_geometry(survey.study_area),
        "start": {"position": [round(start.x, 6), round(start.y, 6)], "zoom": survey.start_zoom},
        "min_zoom": survey.min_zoom,
        "trim_m": [survey.trim_min_m, survey.trim_max_m],
        "public_places": {"type": "FeatureCollection", "features": survey.public_places},
        "places": named_places(survey, basemaps),
        "themes": [_theme(theme, languages) for theme in themes],
        "categories": [_category(category, languages) for category in categories],
        "modes": [{"code": code, "icon": mode["icon"], "words": _in(languages, mode["words"])} for code, mode in survey.modes.items()],
        "questions": [_question(question, languages) for question in questions],
        "limits": {
            "max_vertices": MAX_VERTICES,
            "max_area_vertices": MAX_AREA_VERTICES,
            "max_comment": MAX_COMMENT,
            "max_marks": survey.max_marks,
        },
        "basemaps": [_basemap(survey, basemap) for basemap in basemaps],
    }


def basemap_json(basemap: Basemap) -> dict[str, Any]:
    """A basemap as every page's script takes it."""
    is_own = basemap.kind == Basemap.Kind.PMTILES
    return {
        "id": str(basemap.pk),
        "kind": basemap.kind,
        "name": basemap.name,
        "url": reverse("mapping:basemap", args=[basemap.pk]) if is_own else basemap.url,
        "attribution": basemap.attribution,
        "attribution_url": basemap.attribution_url,
        "default": basemap.is_default,
        "aerial": basemap.is_aerial,
        "min_zoom": basemap.min_zoom,
        "max_zoom": basemap.max_zoom,
    }


def _in(languages: list[str], words: dict[str, Any]) -> dict[str, Any]:
    """Words in the languages that are offered, and no more: a tablet carries none that nobody may choose."""
    return {code: words[code] for code in languages if code in words}


def _theme(theme: Theme, languages: list[str]) -> dict[str, Any]:
    return {"code": theme.code, "icon": theme.icon, "colour": theme.colour, "words": _in(languages, theme.words)}


# What is retired is sent all the same: who has drawn one before still sees it on the map.
def _category(category: Category, languages: list[str]) -> dict[str, Any]:
    return {
        "code": category.code,
        "theme": category.theme.code,
        "kind": category.kind,
        "modes": category.modes,
        "icon": category.icon,
        "colour": category.colour,
        "words": _in(languages, category.words),
        "limits": {"max": category.max_per_response},
        "to_school": category.official_code == WAY_TO_SCHOOL,
        "retired": category.is_retired,
    }


def _question(question: Question, languages: list[str]) -> dict[str, Any]:
    return {
        "code": question.code,
        "type": question.type,
        "theme": question.theme.code if question.theme else None,
        "category": question.category.code if question.category else None,
        "words": _in(languages, question.words),
        "options": question.options,
        "rows": question.rows,
        "required": question.required,
        "min": question.min_value,
        "max": question.max_value,
        "condition": {"question": question.asked_after, "answers": question.asked_if} if question.asked_after else None,
        "retired": question.is_retired,
    }


def _basemap(survey: Survey, basemap: Basemap) -> dict[str, Any]:
    """A basemap for the pupils' page: of our own, just the survey's part, which the tablet keeps."""
    whole = basemap_json(basemap) | {"keep": False}
    part = survey_map(survey, basemap) if basemap.kind == Basemap.Kind.PMTILES else None
    if part is None:
        return whole
    url = reverse("mapping:survey-map", args=[survey.pk, part.digest, part.max_zoom])
    return whole | {"url": url, "max_zoom": part.max_zoom, "keep": True}
