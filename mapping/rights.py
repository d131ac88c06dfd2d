"""Rights without identity: with the receipt code a child or guardian reads, changes and withdraws the answers.

The code travels in the body of a form, never in an address, and no session remembers it: the page is gone when it is closed.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mapping.bundle import basemap_json
from mapping.geojson import write_geometry
from mapping.models import Basemap
from mapping.own_answers import OwnMark, told_answers, told_marks
from surveys import codes, services
from surveys.client_address import client_address
from surveys.errors import CodeRefused, TooManyTries
from surveys.models import Response

WRONG, TOO_MANY = 404, 429


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def own_answers(request: HttpRequest) -> HttpResponse:
    """Ask for the receipt code; show what it opens, or withdraw it when that is confirmed."""
    if request.method == "GET":
        return render(request, "mapping/own_answers_code.html")
    code = request.POST.get("code", "")[:40]
    try:
        response = _found(request, code)
    except CodeRefused as error:
        return render(request, "mapping/own_answers_code.html", {"sorry": error.message}, status=WRONG)
    except TooManyTries as error:
        return render(request, "mapping/own_answers_code.html", {"sorry": error.message}, status=TOO_MANY)
    if request.POST.get("withdraw") == "1" and request.POST.get("sure") == "1":
        services.withdraw(response=response)
        return render(request, "mapping/own_answers_gone.html")
    return render(request, "mapping/own_answers.html", _shown(response, code))


def _found(request: HttpRequest, code: str) -> Response:
    try:
        return services.find_by_receipt(code)
    except CodeRefused:
        codes.count_wrong_try(client_address(request))
        raise


def _shown(response: Response, code: str) -> dict[str, Any]:
    marks = told_marks(response)
    return {
        "response": response,
        "code": code,
        "until": response.finished_at + services.rights.RECEIPT_WORKS_FOR if response.finished_at else None,
        "marks": marks,
        "answers": told_answers(response),
        "page": {
            "api": "/api/v1/",
            "draw": reverse("mapping:draw"),
            "code": code,
            "basemap": _basemap(response),
            "marks": [_feature(mark) for mark in marks if mark.geometry],
        },
    }


def _basemap(response: Response) -> dict[str, Any] | None:
    basemap = Basemap.objects.filter(municipality=response.survey.municipality_id, is_active=True, is_aerial=False).first()
    return basemap_json(basemap) if basemap else None


def _feature(mark: OwnMark) -> dict[str, Any]:
    properties = {"label": mark.label, "colour": mark.colour, "number": mark.number}
    return {"type": "Feature", "geometry": write_geometry(mark.geometry), "properties": properties}
