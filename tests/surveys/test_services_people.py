"""Roles and access tokens: a role twice is one role, a secret is shown once and never stored."""

import hashlib

import pytest
from django.core.exceptions import ValidationError

from surveys import services
from surveys.models import AccessToken, Membership, Municipality, Role, School, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_a_role_given_twice_is_one_role(municipality: Municipality, school: School) -> None:
    user = UserFactory.create()
    for _ in range(2):
        services.add_member(user=user, municipality=municipality, role=Role.PLANNER)
        services.add_member(user=user, municipality=municipality, role=Role.TEACHER, school=school)
    assert Membership.objects.count() == 2


def test_a_teacher_needs_a_school_and_a_planner_has_none(municipality: Municipality, school: School) -> None:
    user = UserFactory.create()
    with pytest.raises(ValidationError):
        services.add_member(user=user, municipality=municipality, role=Role.TEACHER)
    with pytest.raises(ValidationError):
        services.add_member(user=user, municipality=municipality, role=Role.PLANNER, school=school)
    assert not Membership.objects.exists()


def test_only_the_hash_of_an_access_token_is_stored(pia: User, municipality: Municipality) -> None:
    token, secret = services.make_access_token(user=pia, municipality=municipality, label="QGIS")
    assert secret.startswith("trakk_")
    assert len(secret) == len("trakk_") + 32, "192 random bits"
    assert token.token_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(AccessToken.objects.values())
    assert services.make_access_token(user=pia, municipality=municipality, label="QGIS")[1] != secret


def test_a_revoked_token_says_when(pia: User, municipality: Municipality) -> None:
    token, _ = services.make_access_token(user=pia, municipality=municipality, label="QGIS")
    services.revoke_access_token(token=token)
    token.refresh_from_db()
    assert token.revoked_at is not None
