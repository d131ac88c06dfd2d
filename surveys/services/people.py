"""Accounts' roles and access tokens."""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from surveys.models import AccessToken, Membership, Municipality, Role, School, User


@transaction.atomic
def add_member(*, user: User, municipality: Municipality, role: Role, school: School | None = None) -> Membership:
    """Give a user a role in a municipality; giving it twice is the same role."""
    member = Membership.objects.filter(user=user, municipality=municipality, role=role, school=school).first()
    if member is None:
        member = Membership(user=user, municipality=municipality, role=role, school=school)
        member.full_clean()
        member.save()
    return member


@transaction.atomic
def make_access_token(*, user: User, municipality: Municipality, label: str) -> tuple[AccessToken, str]:
    """A new personal access token and its secret, which is shown once and never again."""
    secret = "trakk_" + secrets.token_urlsafe(24)
    token = AccessToken(user=user, municipality=municipality, label=label, token_hash=access_token_hash(secret))
    token.full_clean()
    token.save()
    return token, secret


@transaction.atomic
def revoke_access_token(*, token: AccessToken) -> AccessToken:
    """Make a token worthless from now on."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    return token


def access_token_hash(secret: str) -> str:
    """How an access token is stored: SHA-256 of 192 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
