"""Who reads: the account of the session, or of a personal access token with its municipality."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

from surveys.access_tokens import access_token_of
from surveys.errors import TokenRefused
from surveys.models import Municipality

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
