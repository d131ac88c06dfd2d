"""What requests pass: tablets' calls go straight to the API, refusals raised in page views become kind pages or problem documents."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, URLResolver, get_resolver

from config.problems import PROBLEM_TYPE, domain_problem, framework_problem, status_of
from surveys.errors import DomainError

GetResponse = Callable[[HttpRequest], HttpResponse]


API_PREFIX = "/api/v1/"


class MachineProblems:
    """What the framework itself answers below /api/ (no such path, no such method, a foreign host) becomes a problem document too.

    Below /ogc/ as well, save for who asks for pages.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and translate its refusal."""
        response = self.get_response(request)
        if response.status_code < 400 or response.headers.get("Content-Type") == PROBLEM_TYPE or not _is_for_machines(request):
            return response
        return framework_problem(response)


def _is_for_machines(request: HttpRequest) -> bool:
    """Whether a refusal is best told as a problem document."""
    path = request.path_info
    return path.startswith("/api/") or (path.startswith("/ogc/") and "text/html" not in request.headers.get("Accept", ""))


class CaptureFirst:
    """Answer tablets' calls before all that only pages need: sessions, cookies' CSRF, accounts, messages, nonces, static files.

    A write token in a header is all that such a call is known by (rule 4 of capture), so those could only cost time: half of what a
    saved mark costs this process. Nothing below may therefore be relied on under API_PREFIX. Errors are the API's own, as ever.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        (self.api,) = (found for found in get_resolver().url_patterns if isinstance(found, URLResolver) and found.namespace == "api")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Call the view of an API path; pass everything else on, unknown API paths too."""
        if not request.path_info.startswith(API_PREFIX):
            return self.get_response(request)
        request.get_host()  # raises for a host that is not ours, as CommonMiddleware does
        try:
            found = self.api.resolve(request.path_info.removeprefix("/"))
        except Resolver404:
            return self.get_response(request)
        request.resolver_match = found
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        if not response.streaming and not response.has_header("Content-Length"):
            response["Content-Length"] = str(len(response.content))
        return response


class UploadsHaveAnEnd:
    """Refuse a body that no form of ours takes before any of it is written to the disk, whoever sends it.

    What is a little too large comes in, so that the page can say so beside the field.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or answer 413."""
        size, most = request.META.get("CONTENT_LENGTH") or "0", 4 * settings.GIS_FILE_MAX_MB
        if not size.isdecimal() or int(size) <= most * 1_000_000:
            return self.get_response(request)
        message = f"Det som ble sendt, er på {int(size) / 1e6:.0f} MB. Kartfiler kan være høyst {settings.GIS_FILE_MAX_MB} MB."
        return render(request, "refused.html", {"message": message}, status=413)


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
