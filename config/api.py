"""The JSON API: every app's routers, and every error as a problem document."""

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from pydantic import ValidationError as PydanticError

from config import problems
from mapping.api import router as mapping_router
from surveys.api import router as surveys_router
from surveys.errors import DomainError

api = NinjaAPI(
    title="Tråkk",
    version="1",
    description="Capture of marks and answers by pupils' tablets. Errors are RFC 9457 problem documents with a stable `code`.",
    docs_url=None,  # its page loads from another host; the OpenAPI document is at openapi.json
    urls_namespace="api",
)
api.add_router("", surveys_router)
api.add_router("", mapping_router)
api.exception_handler(DomainError)(problems.domain_problem)
api.exception_handler(ValidationError)(problems.schema_problem)
api.exception_handler(PydanticError)(problems.schema_problem)
api.exception_handler(HttpError)(problems.http_problem)
api.exception_handler(Exception)(problems.unforeseen_problem)


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """What is not there."""
    return problems.problem(404, "not-found", "Det finnes ikke.")
