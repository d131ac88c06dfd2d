"""The capture API's calls about a response: join, answers, finish. Thin: reads the request, calls a service, answers."""

import hashlib
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from pydantic import ConfigDict

from surveys import codes, services
from surveys.access_tokens import require_response, require_write_token
from surveys.client_address import client_address
from surveys.errors import CodeRefused
from surveys.models.lesson import MOST_CHILDREN
from surveys.seats import seat

router = Router(tags=["capture"])


class JoinBody(Schema):
    """A class code as typed, the token of a link, or an adult's grant to draw for so many children; and the response's id, client-made."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field("", max_length=40)
    token: str = Field("", max_length=64)
    grant: str = Field("", max_length=400)
    children: int = Field(1, ge=1, le=MOST_CHILDREN, strict=True)
    response: UUID | None = None


class ReceiptBody(Schema):
    """The receipt code as typed."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=40)


class JoinAnswer(Schema):
    """The tablet's response, the right to write it, its seat, what it needs to know of its class, and the receipt it will have."""

    response: UUID
    write_token: str
    seat: dict[str, Any]
    survey: UUID
    school: dict[str, Any]
    grade_band: str
    entry: str
    children: int
    finished: bool
    receipt: str


class AnswersBody(Schema):
    """Answers that hang on no mark, {question code: value}, with their revision."""

    model_config = ConfigDict(extra="forbid")

    rev: int = Field(ge=1, le=2_147_483_647, strict=True)
    answers: dict[str, Any]


class PulseBody(Schema):
    """How much on the tablet has no receipt yet, and how many changes the pupil has made since the page was opened."""

    model_config = ConfigDict(extra="forbid")

    unsent: int = Field(ge=0, le=10_000, strict=True)
    changes: int = Field(0, ge=0, le=1_000_000, strict=True)


class PulseAnswer(Schema):
    """The teacher's wishes: eyes up; the lesson is over; begin anew, the seat was reset."""

    paused: bool
    closed: bool
    reset: bool


class Receipt(Schema):
    """What is stored: the only thing that means "safe"."""

    id: UUID
    rev: int
    sha256: str


class FinishAnswer(Schema):
    """The receipt code with which the pupil can read, change or withdraw the answers."""

    response: UUID
    receipt: str


@router.post("join", response={200: JoinAnswer, 201: JoinAnswer}, auth=None, by_alias=True)
def join(request: HttpRequest, body: JoinBody) -> Status[dict[str, Any]]:
    """Give the tablet a seat in the class whose lesson is open, or let an adult draw for children of a class."""
    try:
        if body.grant:
            joined = services.join_for(grant=body.grant, children=body.children, response_id=body.response)
        else:
            joined = services.join(code=body.code, token=body.token, response_id=body.response)
    except CodeRefused:
        codes.count_wrong_try(client_address(request))
        raise
    return Status(201 if joined.is_new else 200, _seated(joined))


@router.post("receipt", response={200: JoinAnswer}, auth=None)
def take_up(request: HttpRequest, body: ReceiptBody) -> dict[str, Any]:
    """Go on with finished answers, on any tablet, by the receipt code: for thirty days."""
    try:
        response = services.find_by_receipt(body.code)
    except CodeRefused:
        codes.count_wrong_try(client_address(request))
        raise
    return _seated(services.take_up(response=response))


@router.put("responses/{uuid:response_id}/answers", response={200: Receipt, 201: Receipt})
def put_answers(request: HttpRequest, response_id: UUID, body: AnswersBody) -> Status[dict[str, Any]]:
    """Store or replace the answers that hang on no mark; the newest revision wins."""
    response = require_response(request, response_id, receipt_too=True)
    digest = hashlib.sha256(request.body).digest()
    stored, changed = services.put_answers(response=response, rev=body.rev, answers=body.answers, sha256=digest)
    receipt = {"id": stored.pk, "rev": stored.answers_rev, "sha256": bytes(stored.answers_sha256 or b"").hex()}
    return Status(201 if changed and body.rev == 1 else 200, receipt)


@router.post("responses/{uuid:response_id}/pulse", response=PulseAnswer)
def pulse(request: HttpRequest, response_id: UUID, body: PulseBody) -> dict[str, bool]:
    """A sign of life for the teacher's board; answers what the teacher wants of the tablet. Refuses nothing that is being saved."""
    require_write_token(request, response_id)
    return asdict(services.pulse(response_id=response_id, unsent=body.unsent, changes=body.changes))


@router.post("responses/{uuid:response_id}/finish", response=FinishAnswer)
def finish(request: HttpRequest, response_id: UUID) -> dict[str, Any]:
    """Finish, and get the receipt code; a late mark of the same response still counts."""
    response = require_response(request, response_id)
    return {"response": response.pk, "receipt": services.finish(response=response)}


def _seated(joined: services.Joined) -> dict[str, Any]:
    response = joined.response
    school = response.class_group.school
    return {
        "response": response.pk,
        "write_token": joined.write_token,
        "seat": seat(response.seat).as_json(),
        "survey": response.survey_id,
        "school": {
            "name": school.name,
            "location": _geojson(school.location),
            "grounds": _geojson(school.grounds),
        },
        "grade_band": response.class_group.grade_band,
        "entry": response.entry,
        "children": response.children,
        "finished": response.finished_at is not None,
        "receipt": services.receipt_of(response),
    }


def _geojson(geometry: Any) -> dict[str, Any] | None:
    if geometry is None:
        return None
    return {"type": geometry.geom_type, "coordinates": _rounded(geometry.coords)}


def _rounded(coordinates: Any) -> Any:
    """To seven decimals, a centimetre: what RFC 7946 §11.2 finds enough and every other answer of ours has."""
    return round(coordinates, 7) if isinstance(coordinates, float) else [_rounded(part) for part in coordinates]
