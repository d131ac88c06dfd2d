"""The JSON API: every app's routers, and every error as a problem document."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from pydantic import ValidationError as PydanticError

from config import openapi, problems
from mapping.api import router as mapping_router
from mapping.geojson import parse_json
from surveys.api import router as surveys_router
from surveys.errors import DomainError

MAX_BODY_BYTES = 64_000
"""A join, or all answers of a response with the longest texts; marks have their own limit in mapping.api."""


class StrictParser(Parser):
    """Reads JSON as strictly as marks are read: no NaN, half surrogates, name twice or bottomless nesting gets further."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body as an object; Ninja wraps a refusal in its own error, which http_problem() looks into."""
        return parse_json(request.body, max_bytes=MAX_BODY_BYTES)


class CaptureAPI(NinjaAPI):
    """Ninja's API with a document that tells the refusals too."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> OpenAPISchema:
        """The OpenAPI document, at openapi.json."""
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        openapi.complete(document)
        return document


api = CaptureAPI(
    title="Tråkk",
    version="1",
    description="Capture of marks and answers by pupils' tablets. Errors are RFC 9457 problem documents with a stable `code`.",
    docs_url=None,  # its page loads from another host; the OpenAPI document is at openapi.json
    urls_namespace="api",
    parser=StrictParser(),
)
api.add_router("", surveys_router)
api.add_router("", mapping_router)
api.exception_handler(DomainError)(problems.domain_problem)
api.exception_handler(ValidationError)(problems.schema_problem)
api.exception_handler(PydanticError)(problems.schema_problem)
api.exception_handler(HttpError)(problems.http_problem)
for unavailable in problems.UNAVAILABLE:
    api.exception_handler(unavailable)(problems.database_problem)
api.exception_handler(Exception)(problems.unforeseen_problem)


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """What is not there."""
    return problems.problem(404, "not-found", "Det finnes ikke.")


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """What Django does not even read."""
    message = f"Innholdet er på {request.META.get('CONTENT_LENGTH', 'for mange')} byte; høyst {MAX_BODY_BYTES} er tillatt."
    return problems.problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large", message)
