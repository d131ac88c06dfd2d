"""Taking in a file from a tablet that could not send: its jobs go through the same services as if they had come by themselves.

The file holds the exact bodies, so what the tablet delivers later all the same is a replay and makes nothing twice.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mapping.geojson import parse_json, read_feature
from mapping.services.marks import delete_mark, put_mark
from surveys import codes
from surveys import services as survey_services
from surveys.errors import DomainError, InvalidBody, NotFound, TokenRefused
from surveys.models import ClassGroup, Response

MOST_BYTES = 5_000_000
"""A file of as many marks as a survey takes, each of the most vertices, would be more; a child's is some kilobytes."""

MOST_BODY_BYTES = 512_000
MOST_JOBS = 1_000


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Job(_Strict):
    """One request that the tablet could not make; `body` is its exact text."""

    resource: str = Field(pattern=r"^(marks/[0-9a-f-]{36}|answers|finish)$")
    method: Literal["PUT", "DELETE", "POST"]
    rev: int = Field(ge=1, le=2**31 - 1)
    body: str | None


class RescueFile(_Strict):
    """A file as static/js/rescue.js makes it."""

    trakk: Literal[1]
    survey: UUID
    response: UUID
    token: str = Field(max_length=100)
    jobs: list[Job] = Field(max_length=MOST_JOBS)


@dataclass
class Rescued:
    """What became of a file: how many jobs are safe now, and a sentence for each that was turned down."""

    seat: int
    safe: int = 0
    refused: list[str] = field(default_factory=list)


def take_in(*, data: bytes, class_group: ClassGroup) -> Rescued:
    """Store what a file holds; one job that is turned down does not keep the others out. The teacher answers for what comes late.

    InvalidBody for what is no such file, TokenRefused when the file may not write its response, NotFound when that is of another class,
    SurveyClosed when the survey is deleted.
    """
    file = _read(data)
    if not codes.is_write_token(file.token, file.response):
        raise TokenRefused("Fila er endret, eller den kommer fra et annet nettsted. Lag den en gang til på nettbrettet.")
    response = Response.objects.filter(pk=file.response, class_group=class_group).select_related("survey").first()
    if response is None:
        raise NotFound("Fila hører til en elev i en annen klasse.")
    survey_services.let_in_late(response=response)
    rescued = Rescued(seat=response.seat)
    # The last of all is the handing in, as on the tablet.
    for job in sorted(file.jobs, key=lambda one: one.resource == "finish"):
        try:
            with transaction.atomic():
                _do(job, response)
        except DomainError as error:
            rescued.refused.append(error.message)
        else:
            rescued.safe += 1
    return rescued


def _read(data: bytes) -> RescueFile:
    try:
        return RescueFile.model_validate(parse_json(data, max_bytes=MOST_BYTES))
    except (ValidationError, DomainError) as error:
        raise InvalidBody("Dette er ikke en fil fra et nettbrett. Den heter noe som «trakk-1a2b3c4d.json».") from error


def _do(job: Job, response: Response) -> None:
    if job.resource == "finish":
        survey_services.finish(response=response)
        return
    if job.method == "DELETE":
        delete_mark(response_id=response.pk, mark_id=_mark_id(job), rev=job.rev)
        return
    body = (job.body or "").encode()
    digest = hashlib.sha256(body).digest()
    found: dict[str, Any] = parse_json(body, max_bytes=MOST_BODY_BYTES)
    if job.resource == "answers":
        answers = found.get("answers")
        if not isinstance(answers, dict):
            raise InvalidBody("Svarene i fila kan ikke leses.")
        survey_services.put_answers(response=response, rev=job.rev, answers=answers, sha256=digest)
    else:
        put_mark(response_id=response.pk, mark_id=_mark_id(job), feature=read_feature(found), sha256=digest)


def _mark_id(job: Job) -> UUID:
    try:
        return UUID(job.resource.removeprefix("marks/"))
    except ValueError as error:
        raise InvalidBody("Et merke i fila har et navn som ikke kan leses.") from error
