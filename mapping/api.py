"""The capture API's calls about marks and the bundle. Thin: reads the request, calls a service, answers."""

import hashlib
from typing import Annotated, Any
from uuid import UUID

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from geojson_pydantic import Feature as FeatureSchema
from geojson_pydantic import LineString, Point, Polygon
from ninja import Query, Router, Schema
from pydantic import Field

from mapping import services
from mapping.geojson import parse_json, read_feature
from mapping.geojson.feature import MAX_REV
from mapping.kept_bundles import kept_bundle
from mapping.responses import response_json
from surveys import services as survey_services
from surveys.access_tokens import require_own, require_write_token
from surveys.errors import BodyTooLarge, NotFound

router = Router(tags=["capture"])

MAX_BODY_BYTES = 512_000
"""A mark of the most vertices that are allowed, written with seven decimals, and the longest words."""


class MarkProperties(Schema):
    """What a mark says."""

    category: str
    mode: str | None = None
    comment: str | None = None
    answers: dict[str, Any] = {}


class MarkBody(FeatureSchema[Point | LineString | Polygon | None, MarkProperties]):  # type: ignore[type-var]  # null is allowed
    """One mark as a GeoJSON Feature; positions are [longitude, latitude] in degrees, EPSG:4326."""

    rev: int = Field(ge=1, le=MAX_REV)


class Receipt(Schema):
    """What is stored: the only thing that means "safe". sha256 is that of the body's bytes as they came."""

    id: UUID
    rev: int
    sha256: str


class Bundle(Schema):
    """All that a tablet needs: words in every language, what may be drawn and asked, where, and on which map."""

    survey: UUID
    title: dict[str, str]
    languages: list[dict[str, str]]
    default_language: str
    texts: dict[str, dict[str, Any]]
    recordings: dict[str, dict[str, str]]
    study_area: dict[str, Any]
    start: dict[str, Any]
    min_zoom: int
    trim_m: list[int]
    public_places: dict[str, Any]
    places: list[dict[str, Any]]
    themes: list[dict[str, Any]]
    categories: list[dict[str, Any]]
    modes: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    limits: dict[str, int]
    basemaps: list[dict[str, Any]]


class OwnAnswers(Schema):
    """What a pupil has said, as it is stored."""

    response: UUID
    survey: UUID
    finished: bool
    answers: dict[str, Any]
    marks: list[dict[str, Any]]


# The body is read by mapping.geojson, which refuses more, and more clearly, than a schema can; the schema is for readers.
_MARK = MarkBody.model_json_schema(mode="validation", ref_template="#/components/schemas/{model}")
MARK_PARTS: dict[str, Any] = _MARK.pop("$defs")
"""The schemas that a mark's schema refers to, for the document's components."""
_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": _MARK}}}}


@router.get("surveys/{uuid:survey_id}/bundle", auth=None, response={200: Bundle, 304: None})
def bundle(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """All a tablet needs to run the survey; revalidate with If-None-Match."""
    kept = kept_bundle(survey_id)
    if kept is None:
        raise NotFound("Undersøkelsen finnes ikke.")
    if kept.etag.removeprefix("W/") in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(kept.packed, content_type="application/json", headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(kept.body, content_type="application/json")
    response["ETag"] = kept.etag
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@router.put("responses/{uuid:response_id}/marks/{uuid:mark_id}", response={200: Receipt, 201: Receipt}, openapi_extra=_BODY)
def put_mark(request: HttpRequest, response_id: UUID, mark_id: UUID) -> HttpResponse:
    """Store or replace one mark: 201 new, 200 replay or newer revision."""
    require_write_token(request, response_id)
    body = _body(request)
    feature = read_feature(parse_json(body, max_bytes=MAX_BODY_BYTES))
    receipt = services.put_mark(response_id=response_id, mark_id=mark_id, feature=feature, sha256=hashlib.sha256(body).digest())
    answer = orjson.dumps(receipt.as_json())
    return _no_store(HttpResponse(answer, status=201 if receipt.is_new else 200, content_type="application/json"))


@router.delete("responses/{uuid:response_id}/marks/{uuid:mark_id}", response={204: None})
def delete_mark(request: HttpRequest, response_id: UUID, mark_id: UUID, rev: Annotated[int, Query(ge=1, le=MAX_REV)]) -> HttpResponse:
    """Delete a mark; a later PUT with this revision or a lower one is 410."""
    require_write_token(request, response_id)
    services.delete_mark(response_id=response_id, mark_id=mark_id, rev=rev)
    return _deleted(f"{mark_id} {rev}")


@router.get("responses/{uuid:response_id}", response=OwnAnswers)
def get_response(request: HttpRequest, response_id: UUID) -> HttpResponse:
    """One's own answers and marks, by receipt, or by write token while that delivers."""
    response = require_own(request, response_id)
    return _no_store(JsonResponse(response_json(response)))


@router.delete("responses/{uuid:response_id}", response={204: None})
def withdraw(request: HttpRequest, response_id: UUID) -> HttpResponse:
    """Withdraw everything, for good, by receipt, or by write token while that delivers."""
    survey_services.withdraw(response=require_own(request, response_id))
    return _deleted(str(response_id))


def _deleted(receipt: str) -> HttpResponse:
    """204 has no body to be a receipt, and a guest network may say 204, too: docs/decisions/046."""
    return _no_store(HttpResponse(status=204, headers={"Trakk-Receipt": receipt}))


def _body(request: HttpRequest) -> bytes:
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > min(MAX_BODY_BYTES, settings.DATA_UPLOAD_MAX_MEMORY_SIZE):
        raise BodyTooLarge(f"Meldingen er {length} byte; høyst {MAX_BODY_BYTES} er tillatt.")
    return request.body


def _no_store(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
