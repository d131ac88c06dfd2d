"""The one table from refusals to HTTP statuses, and RFC 9457 problem documents."""

import logging
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja.errors import HttpError, ValidationError
from pydantic import ValidationError as PydanticError

from surveys import errors
from surveys.errors import DomainError, TooManyTries

log = logging.getLogger(__name__)

PROBLEM_TYPE = "application/problem+json"

STATUS: dict[type[DomainError], HTTPStatus] = {
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.CodeRefused: HTTPStatus.NOT_FOUND,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.TokenRefused: HTTPStatus.UNAUTHORIZED,
    errors.TooManyTries: HTTPStatus.TOO_MANY_REQUESTS,
    errors.SurveyClosed: HTTPStatus.FORBIDDEN,
    errors.BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.NotJson: HTTPStatus.BAD_REQUEST,
    errors.InvalidBody: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.InvalidGeometry: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.OutsideStudyArea: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.InvalidAnswer: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooManyMarks: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.RevisionConflict: HTTPStatus.CONFLICT,
    errors.AlreadyJudged: HTTPStatus.CONFLICT,
    errors.MarkDeleted: HTTPStatus.GONE,
    errors.InvalidFilter: HTTPStatus.BAD_REQUEST,
    errors.InvalidSurvey: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ImportRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
}


def status_of(error: DomainError) -> HTTPStatus:
    """The status of a refusal: its class's, or its nearest parent's."""
    for ancestor in type(error).__mro__:
        if ancestor in STATUS:
            return STATUS[ancestor]
    return HTTPStatus.BAD_REQUEST


def problem(status: int, code: str, detail: str, *, pointer: str = "", **more: Any) -> HttpResponse:
    """An RFC 9457 problem document with our stable code; pointer names the place in the body."""
    body = {"type": f"urn:trakk:problem:{code}", "title": HTTPStatus(status).phrase, "status": int(status), "code": code, "detail": detail}
    if pointer:
        body["pointer"] = pointer
    response = JsonResponse({**body, **more}, status=status, content_type=PROBLEM_TYPE, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


def domain_problem(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The problem document of a refusal."""
    more = {"rev": error.rev} if isinstance(error, errors.RevisionConflict) and error.rev else {}
    response = problem(status_of(error), error.code, error.message, pointer=error.pointer, **more)
    if isinstance(error, TooManyTries):
        response["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, errors.TokenRefused):
        response["WWW-Authenticate"] = 'Bearer realm="trakk"'
    return response


def schema_problem(request: HttpRequest, error: ValidationError | PydanticError) -> HttpResponse:
    """The problem document of a body, path or query that does not fit the schema; names the first place and counts the rest."""
    problems = error.errors if isinstance(error, ValidationError) else error.errors()
    first = problems[0] if problems else {"loc": (), "msg": "invalid"}
    place = [str(part) for part in first["loc"] if part not in {"body", "payload", "data", "path", "query"}]
    detail = _in_words(first, place)
    if len(problems) > 1:
        detail += f" Det er {len(problems)} feil i alt."
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-body", detail, pointer="/" + "/".join(place))


def _in_words(error: Mapping[str, Any], place: list[str]) -> str:
    """What is wrong, in a sentence like those of our own refusals; pydantic's are English."""
    says = _SCHEMA_SAYS.get(error["type"], "«{name}» kan ikke være det som kom.")
    return says.format(name=place[-1] if place else "innholdet", **error.get("ctx") or {})


_SCHEMA_SAYS = {
    "missing": "«{name}» mangler.",
    "extra_forbidden": "«{name}» finnes ikke her.",
    "string_type": "«{name}» skal være tekst.",
    "string_too_long": "«{name}» er for lang; høyst {max_length} tegn er tillatt.",
    "uuid_type": "«{name}» skal være en id (UUID) som tekst.",
    "uuid_parsing": "«{name}» er ingen id (UUID).",
    "int_type": "«{name}» skal være et heltall.",
    "int_parsing": "«{name}» skal være et heltall.",
    "int_parsing_size": "«{name}» er et for stort tall.",
    "int_from_float": "«{name}» skal være et heltall.",
    "greater_than_equal": "«{name}» skal være minst {ge}.",
    "less_than_equal": "«{name}» skal være høyst {le}.",
    "dict_type": "«{name}» skal være et objekt, {{…}}.",
    "model_type": "«{name}» skal være et objekt, {{…}}.",
    "model_attributes_type": "«{name}» skal være et objekt, {{…}}.",
}
"""By pydantic's type of error; those that the schemas of surveys/api.py and mapping/api.py can give."""


def http_problem(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The problem document of an error the framework raised, or of the refusal of ours that it wrapped."""
    if isinstance(error.__cause__, DomainError):
        return domain_problem(request, error.__cause__)
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    return problem(error.status_code, code, str(error))


def framework_problem(response: HttpResponse) -> HttpResponse:
    """The problem document of a refusal that never reached our code; Allow says which methods there are."""
    status = HTTPStatus(response.status_code)
    code = status.phrase.lower().replace(" ", "-")
    translated = problem(status, code, _FRAMEWORK_SAYS.get(status, "Forespørselen kan ikke besvares."))
    if "Allow" in response:
        translated["Allow"] = response["Allow"]
    return translated


_FRAMEWORK_SAYS = {
    HTTPStatus.NOT_FOUND: "Det finnes ikke.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Denne metoden finnes ikke her; Allow sier hvilke som gjør det.",
}


UNAVAILABLE = (OperationalError, InterfaceError)
"""What Django raises when the database is away, full, locked for too long, or has chosen us to end a deadlock."""


def database_problem(request: HttpRequest, error: Exception) -> HttpResponse:
    """The problem document of a database that can't do it now; nothing was written, and the same request may work in some seconds.

    The wait differs, so that thirty tablets that were turned away at once do not come back at once.
    """
    response = problem(HTTPStatus.SERVICE_UNAVAILABLE, "database-busy", BUSY)
    response["Retry-After"] = str(2 + secrets.randbelow(7))
    # the error's own text may quote the row
    log.error("the database refused %s %s: %s", request.method, request.path, type(error.__cause__ or error).__name__)
    return response


BUSY = "Databasen svarer ikke akkurat nå. Det som er lagret, er trygt. Prøv igjen om litt."


def unforeseen_problem(request: HttpRequest, error: Exception) -> HttpResponse:
    """The problem document of a fault of ours: logged with its traceback, told without."""
    log.error("unforeseen error at %s", request.path, exc_info=error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "server-error", "Noe gikk galt hos oss. Prøv igjen om litt.")
