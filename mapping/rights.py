"""Rights without identity: with the receipt code a child or guardian reads, changes and withdraws the answers.

The code travels in the body of a form, never in an address, and no session remembers it: the page is gone when it is closed.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mapping.bundle import basemap_json
from mapping.geojson import write_geometry
from mapping.models import Basemap
from mapping.own_answers import OwnMark, told_answers, told_marks
from surveys import codes, services
from surveys.catalog import own_answers_texts
from surveys.client_address import client_address
from surveys.dates import date_in
from surveys.errors import CodeRefused, TooManyTries
from surveys.languages import known_languages, languages_before_code, offered_languages
from surveys.models import Response

WRONG, TOO_MANY = 404, 429
OURS = "nb"


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def own_answers(request: HttpRequest) -> HttpResponse:
    """Ask for the receipt code; show what it opens, or withdraw it when that is confirmed."""
    if request.method == "GET":
        return _ask(request, request.GET.get("sprak", ""))
    code, wanted = request.POST.get("code", "")[:40], request.POST.get("language", "")
    try:
        response = _found(request, code)
    except CodeRefused:
        return _ask(request, wanted, sorry="wrong", status=WRONG)
    except TooManyTries:
        return _ask(request, wanted, sorry="too_many", status=TOO_MANY)
    page = _page(_languages_of(response), wanted, *_browsers(request), response.survey.default_language)
    if request.POST.get("withdraw") == "1" and request.POST.get("sure") == "1":
        services.withdraw(response=response)
        return render(request, "mapping/own_answers_gone.html", page)
    return render(request, "mapping/own_answers.html", page | _shown(response, code, page["language"].code))


def _ask(request: HttpRequest, wanted: str, *, sorry: str = "", status: int = 200) -> HttpResponse:
    """The page before a code is known: in the language that was chosen on it, which it hands on, or in the browser's."""
    page = _page(languages_before_code(), wanted, *_browsers(request))
    chosen = wanted if page["language"].code == wanted else ""
    context = page | {"chosen": chosen, "sorry": page["words"].get(sorry, "")}
    return render(request, "mapping/own_answers_code.html", context, status=status)


def _page(offered: Iterable[str], *wishes: str) -> dict[str, Any]:
    """The words in the first language of the wishes that can be had, and all that are offered."""
    texts = own_answers_texts()
    languages = [code for code in offered if code in texts] or [OURS]
    code = next((wish for wish in wishes if wish in languages), languages[0])
    known = known_languages()
    return {"words": texts[code], "language": known[code], "languages": [known[one] for one in languages]}


def _browsers(request: HttpRequest) -> list[str]:
    """What the browser would rather read, best first. In which language a child has answered is stored nowhere: it would tell too much."""
    wishes = [code.partition("-")[0] for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    return [OURS if code == "no" else code for code in wishes]


def _languages_of(response: Response) -> list[str]:
    survey = response.survey
    return offered_languages(survey, [*survey.themes.all(), *survey.categories.all(), *survey.questions.all()])


def _found(request: HttpRequest, code: str) -> Response:
    try:
        return services.find_by_receipt(code)
    except CodeRefused:
        codes.count_wrong_try(client_address(request))
        raise


def _shown(response: Response, code: str, language: str) -> dict[str, Any]:
    marks = told_marks(response, language)
    words = own_answers_texts()[language]
    return {
        "code": code,
        "until": _until(response, language),
        "marks": marks,
        "answers": told_answers(response, language),
        "page": {
            "api": "/api/v1/",
            "draw": reverse("mapping:draw"),
            "code": code,
            "basemap": _basemap(response),
            "marks": [_feature(mark) for mark in marks if mark.geometry],
            "words": {key: words[key] for key in ("zoom_in", "zoom_out")},
        },
    }


def _until(response: Response, language: str) -> str:
    """Which survey it is, and the last day of the receipt."""
    last = timezone.localdate(services.rights.receipt_ends(response) - timedelta(days=1))
    told = own_answers_texts()[language]["until"].replace("{day}", date_in(language, last))
    return told.replace("{survey}", response.survey.title_in(language))


def _basemap(response: Response) -> dict[str, Any] | None:
    basemap = Basemap.objects.filter(municipality=response.survey.municipality_id, is_active=True, is_aerial=False).first()
    return basemap_json(basemap) if basemap else None


def _feature(mark: OwnMark) -> dict[str, Any]:
    properties = {"label": mark.label, "colour": mark.colour, "number": mark.number}
    return {"type": "Feature", "geometry": write_geometry(mark.geometry), "properties": properties}
