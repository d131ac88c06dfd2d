"""The Authorization header: a tablet's write token, a pupil's receipt, a planner's access token."""

from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from surveys import codes
from surveys.errors import TokenRefused
from surveys.models import AccessToken, Response
from surveys.services.people import access_token_hash
from surveys.services.rights import by_receipt

REFUSED = "Nøkkelen passer ikke. Send «Authorization: Bearer …» med nøkkelen fra join."


def require_write_token(request: HttpRequest, response_id: UUID) -> None:
    """TokenRefused unless the header carries the response's write token; asks no database."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not codes.is_write_token(token.strip(), response_id):
        raise TokenRefused(REFUSED)


def require_response(request: HttpRequest, response_id: UUID, *, receipt_too: bool = False) -> Response:
    """The response that the header gives the right to; with receipt_too also by `Receipt <code>`, for as long as that works."""
    scheme, _, code = request.headers.get("Authorization", "").partition(" ")
    if receipt_too and scheme.lower() == "receipt":
        of_receipt = by_receipt(code).select_related("survey").filter(pk=response_id).first()
        if of_receipt is None:
            raise TokenRefused("Kvitteringskoden passer ikke, eller den er eldre enn 30 dager.")
        return of_receipt
    require_write_token(request, response_id)
    found: Response | None = Response.objects.select_related("survey").filter(pk=response_id).first()
    if found is None:
        raise TokenRefused(REFUSED)
    return found


def require_own(request: HttpRequest, response_id: UUID) -> Response:
    """The response that the header gives the right to read and to withdraw: by receipt, or by write token while that still delivers.

    A write token stays on a shared tablet for longer than a child sits there. When it delivers no more it is as good as unknown.
    """
    response = require_response(request, response_id, receipt_too=True)
    is_receipt = request.headers.get("Authorization", "").partition(" ")[0].lower() == "receipt"
    if not is_receipt and response.writable_until < timezone.now():
        raise TokenRefused(REFUSED)
    return response


def access_token_of(request: HttpRequest) -> AccessToken | None:
    """The planner's token in the header, when it is one and is not revoked."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        return None
    tokens = AccessToken.objects.select_related("user", "municipality").filter(user__is_active=True, revoked_at__isnull=True)
    return tokens.filter(token_hash=access_token_hash(secret.strip())).first()
