"""The pages that belong to no room: the front door, logging in, health, and what is shown when something is not found or breaks."""

import sys

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import LoginView
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from config.problems import BUSY, UNAVAILABLE, database_problem
from surveys.models import Membership, Role, User


def home(request: HttpRequest) -> HttpResponse:
    """The front door: a code field for pupils; for who is logged in, the way to the day's work."""
    return render(request, "home.html", {"entries": _entries(request.user), "demo": settings.DEMO})


def _entries(user: User | AnonymousUser) -> list[dict[str, str]]:
    if not user.is_authenticated:
        return []
    entries = []
    for role in Membership.objects.filter(user=user).order_by("role").values_list("role", flat=True).distinct():
        url, title, text = _WORK[Role(role)]
        entries.append({"url": reverse(url), "title": title, "text": text})
    return entries


_WORK = {
    Role.TEACHER: ("surveys:teacher", "Klassene dine", "Start økta, vis koden på tavla, og se hvem som er med."),
    Role.PLANNER: ("analysis:surveys", "Undersøkelsene", "Se hva barna har tegnet, filtrer, sammenlign og eksporter."),
    Role.POLITICIAN: ("followup:releases", "Publiseringene", "Les hva barna sier, på én side, uten at noen kan kjennes igjen."),
    Role.OPERATOR: ("admin:index", "Drift", "Kommuner, skoler, kontoer og bakgrunnskart."),
}


class Login(LoginView):
    """Log in; who is logged in already goes on to the front door."""

    template_name = "login.html"
    redirect_authenticated_user = True


@cache_control(public=True, max_age=24 * 60 * 60)
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The way to the icon for who asks before reading any page: its name has a hash, so it changes with the icon."""
    return redirect(static("img/own/trakk.svg"))


@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """200 when the database answers; for load balancers and the start-up script."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what does not exist, or may not be known to."""
    return render(request, "404.html", {"message": ""}, status=404)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that Django does not take for one of ours: mostly one left open while somebody logged in or out."""
    message = "Skjemaet var blitt for gammelt. Gå tilbake, last siden på nytt og prøv igjen. Nettleseren må ta imot informasjonskapsler."
    return render(request, "refused.html", {"message": message}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for our own faults, and for a database that can't answer now; needs no database and no session."""
    error = sys.exception()
    if not isinstance(error, UNAVAILABLE):
        return render(request, "500.html", status=500)
    refusal = database_problem(request, error)
    if "text/html" not in request.headers.get("Accept", ""):
        return refusal
    page = render(request, "503.html", {"message": BUSY}, status=503)
    page["Retry-After"] = refusal["Retry-After"]
    return page
