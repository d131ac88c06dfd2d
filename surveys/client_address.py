"""The address a request came from, for the budget of wrong codes only; it is never stored as it is."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The peer's address, or what our own proxy says it was."""
    if settings.TRUST_FORWARDED_FOR and (forwarded := request.headers.get("X-Forwarded-For")):
        # the last entry is the one our proxy wrote; those before it are the client's own claims
        return forwarded.rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
