"""The planner's page of what children write: common words, search, words by place, topics. Thin: fetch, ask access, filter, answer."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from analysis.desk_pages import desk_page, filter_of
from analysis.filters import MarkFilter
from analysis.said import HEXAGONS, Spoken, common_words, layers_with_areas, search, spoken, topics_of, words_by_place
from analysis.summary import with_words
from analysis.views import readable_survey
from analysis.words import MIN_STEMS, MIN_TEXTS, TOPICS, TooFewTexts
from surveys.errors import InvalidFilter
from surveys.models import Layer, Survey

OWN = ("q", "layer", "topics")
MAX_ASKED = 200


@login_required
@never_cache
@require_safe
def spoken_words(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """What children write and a person has released; a search that cannot be made is told of, and the rest of the page is there."""
    survey = with_words(readable_survey(request, survey_id))
    asked = request.GET.get("q", "").strip()[:MAX_ASKED]
    context: dict[str, Any] = {"asked": asked, "number": TOPICS[1], "numbers": TOPICS} | desk_page(survey, MarkFilter())
    status = 200
    try:
        chosen = filter_of(request, survey, *OWN)
        context |= desk_page(survey, chosen)
        words = spoken(survey, chosen)
        context |= {"texts": len(words.marks), "common": common_words(words)}
        context["layers"], context["layer"] = _layers(request, survey)
        context["places"] = words_by_place(words, chosen, context["layer"])
        context["number"] = _number(request)
        context |= _topics(words, context["number"])
        context["found"] = search(survey, chosen, asked) if asked else None
    except InvalidFilter as error:
        context["wrong"], status = error.message, 422
    return render(request, "analysis/spoken_words.html", context, status=status)


def _layers(request: HttpRequest, survey: Survey) -> tuple[list[Layer], Layer | None]:
    """The layers to choose among, and the one that is chosen: the first, or None for hexagons."""
    layers, name = layers_with_areas(survey.municipality), request.GET.get("layer", "")
    if name == HEXAGONS:
        return layers, None
    if name:
        chosen = next((layer for layer in layers if str(layer.pk) == name), None)
        if chosen is None:
            raise InvalidFilter(f"Kartlaget {name[:60]!r} finnes ikke i kommunen, eller har ingen flater. Velg et fra lista.")
        return layers, chosen
    return layers, next(iter(layers), None)


def _number(request: HttpRequest) -> int:
    text = request.GET.get("topics", str(TOPICS[1]))
    if not text.isascii() or not text.isdigit() or int(text[:3]) not in TOPICS:
        raise InvalidFilter(f"topics={text[:40]!r}: antall temaer kan være fra {TOPICS[0]} til {TOPICS[-1]}.")
    return int(text)


def _topics(words: Spoken, number: int) -> dict[str, Any]:
    try:
        return {"groups": topics_of(words, number)}
    except TooFewTexts:
        return {"groups": (), "min_texts": MIN_TEXTS, "min_words": MIN_STEMS}
