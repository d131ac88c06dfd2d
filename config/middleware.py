"""What every request passes: refusals raised in page views become kind pages, those of machine paths problem documents."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.problems import domain_problem, status_of
from surveys.errors import DomainError

GetResponse = Callable[[HttpRequest], HttpResponse]


class DomainErrorMiddleware:
    """Turn a DomainError out of a view into an answer by the table in config/problems.py."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page or problem document of a refusal; None lets Django go on with anything else."""
        if not isinstance(error, DomainError):
            return None
        if "text/html" not in request.headers.get("Accept", ""):
            return domain_problem(request, error)
        status = status_of(error)
        template = "404.html" if status == 404 else "refused.html"
        return render(request, template, {"message": error.message}, status=status)
