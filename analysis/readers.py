"""Who reads: the account of the session, or of a personal access token with its municipality; and the planners of a municipality."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from surveys.access import municipalities_of
from surveys.access_tokens import access_token_of
from surveys.errors import NotAllowed, TokenRefused
from surveys.models import Municipality, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from surveys.models import User


def reader_of(request: HttpRequest) -> "tuple[User | AnonymousUser, Municipality | None]":
    """The account that reads, and the one municipality a token is limited to; TokenRefused for who is nobody.

    A token in the header counts before a cookie, so that a script never reads with somebody's session by accident.
    """
    if "Authorization" in request.headers:
        token = access_token_of(request)
        if token is None:
            raise TokenRefused("Nøkkelen passer ikke, eller den er trukket tilbake. Send «Authorization: Bearer trakk_…».")
        return token.user, token.municipality
    if not request.user.is_authenticated:
        raise TokenRefused("Logg inn, eller send en nøkkel: «Authorization: Bearer trakk_…».")
    return request.user, None


def planned(request: HttpRequest, number: str, what: str = "lese hva barna har tegnet") -> Municipality:
    """The municipality, for its planner; 404 for who has no part in it, 403 for who has another. what: only planners may."""
    found: Municipality = get_object_or_404(municipalities_of(request.user, *Role), number=number)
    if not municipalities_of(request.user, Role.PLANNER).filter(pk=found.pk).exists():
        raise NotAllowed(f"Bare planleggere i kommunen kan {what}.")
    return found
