"""The Authorization header: a tablet's write token, a pupil's receipt, a planner's access token."""

from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from surveys import codes
from surveys.errors import TokenRefused
from surveys.models import AccessToken, Response
from surveys.services.people import access_token_hash
from surveys.services.rights import RECEIPT_WORKS_FOR

REFUSED = "Nøkkelen passer ikke. Send «Authorization: Bearer …» med nøkkelen fra join."


def require_write_token(request: HttpRequest, response_id: UUID) -> None:
    """TokenRefused unless the header carries the response's write token; asks no database."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not codes.is_write_token(token.strip(), response_id):
        raise TokenRefused(REFUSED)


def require_response(request: HttpRequest, response_id: UUID, *, receipt_too: bool = False) -> Response:
    """The response that the header gives the right to; with receipt_too also by `Receipt <code>` for 30 days after finishing."""
    responses = Response.objects.select_related("survey")
    scheme, _, code = request.headers.get("Authorization", "").partition(" ")
    if receipt_too and scheme.lower() == "receipt":
        since = timezone.now() - RECEIPT_WORKS_FOR
        by_receipt: Response | None = responses.filter(
            pk=response_id, receipt_hash=codes.receipt_hash(code), finished_at__gte=since
        ).first()
        if by_receipt is None:
            raise TokenRefused("Kvitteringskoden passer ikke, eller den er eldre enn 30 dager.")
        return by_receipt
    require_write_token(request, response_id)
    found: Response | None = responses.filter(pk=response_id).first()
    if found is None:
        raise TokenRefused(REFUSED)
    return found


def access_token_of(request: HttpRequest) -> AccessToken | None:
    """The planner's token in the header, when it is one and is not revoked."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        return None
    tokens = AccessToken.objects.select_related("user", "municipality").filter(user__is_active=True, revoked_at__isnull=True)
    return tokens.filter(token_hash=access_token_hash(secret.strip())).first()
