"""The Authorization header: write tokens, receipts for thirty days, planners' keys."""

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from surveys import services
from surveys.access_tokens import access_token_of
from surveys.models import Municipality, Response, User
from tests.conftest import Tablet

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic {token}", "{token}", "Bearer {token}x", "Bearer blåbær", "Receipt {token}"]
)
def test_anything_but_the_response_s_own_token_is_401(ada: Tablet, header: str) -> None:
    answer = Client().get(f"/api/v1/responses/{ada.response}", headers={"Authorization": header.format(token=ada.token)})
    assert (answer.status_code, answer.json()["code"]) == (401, "token-refused")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_the_scheme_may_be_written_in_any_case(ada: Tablet) -> None:
    headers = {"Authorization": f"bearer {ada.token}"}
    assert Client().get(f"/api/v1/responses/{ada.response}", headers=headers).status_code == 200


def test_a_receipt_reads_for_thirty_days_and_then_no_more(ada: Tablet) -> None:
    headers = {"Authorization": f"Receipt {ada.finish().json()['receipt']}"}
    url = f"/api/v1/responses/{ada.response}"
    Response.objects.update(finished_at=timezone.now() - timedelta(days=29, hours=23))
    assert Client().get(url, headers=headers).status_code == 200
    Response.objects.update(finished_at=timezone.now() - timedelta(days=30, minutes=1))
    assert Client().get(url, headers=headers).status_code == 401
    assert Client().delete(url, headers=headers).status_code == 401


def test_a_receipt_opens_its_own_response_only(ada: Tablet, bo: Tablet) -> None:
    headers = {"Authorization": f"Receipt {ada.finish().json()['receipt']}"}
    bo.finish()
    assert Client().get(f"/api/v1/responses/{bo.response}", headers=headers).status_code == 401


def test_a_planner_s_key_is_known_until_it_is_revoked_or_the_account_closed(pia: User, municipality: Municipality) -> None:
    token, secret = services.make_access_token(user=pia, municipality=municipality, label="QGIS")
    request = RequestFactory().get("/", headers={"Authorization": f"Bearer {secret}"})
    found = access_token_of(request)
    assert found is not None
    assert (found.user, found.municipality) == (pia, municipality)
    assert access_token_of(RequestFactory().get("/", headers={"Authorization": f"Bearer {secret[:-1]}"})) is None
    assert access_token_of(RequestFactory().get("/", headers={"Authorization": f"Basic {secret}"})) is None
    assert access_token_of(RequestFactory().get("/")) is None
    User.objects.update(is_active=False)
    assert access_token_of(request) is None
    User.objects.update(is_active=True)
    services.revoke_access_token(token=token)
    assert access_token_of(request) is None
