"""The Authorization header: write tokens, receipts for thirty days, planners' keys."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from surveys import services
from surveys.access_tokens import access_token_of
from surveys.models import Lesson, Municipality, Response, User
from tests.conftest import Tablet, a_place

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


def test_a_receipt_reads_to_the_end_of_the_thirtieth_day_as_it_does_on_the_page(ada: Tablet, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hour is forgotten a week after the lesson: a header must not lose what is left of the last day."""
    receipt = ada.finish().json()["receipt"]
    headers, url = {"Authorization": f"Receipt {receipt}"}, f"/api/v1/responses/{ada.response}"
    Response.objects.update(finished_at=datetime(2026, 9, 7, tzinfo=UTC), lesson=None)
    clock = "django.utils.timezone.now"
    monkeypatch.setattr(clock, lambda: datetime(2026, 10, 7, 21, 59, tzinfo=UTC))
    assert services.find_by_receipt(receipt).pk == ada.response
    assert Client().get(url, headers=headers).status_code == 200
    monkeypatch.setattr(clock, lambda: datetime(2026, 10, 8, 0, 1, tzinfo=UTC))
    assert Client().get(url, headers=headers).status_code == 401
    assert Client().delete(url, headers=headers).status_code == 401


def test_a_receipt_opens_its_own_response_only(ada: Tablet, bo: Tablet) -> None:
    headers = {"Authorization": f"Receipt {ada.finish().json()['receipt']}"}
    bo.finish()
    assert Client().get(f"/api/v1/responses/{bo.response}", headers=headers).status_code == 401


def test_a_write_token_reads_and_withdraws_only_while_it_delivers(ada: Tablet, lesson: Lesson) -> None:
    """The seven days stay; after them a shared tablet's key shows nothing, and what it has queued is turned down as ever, not lost."""
    mark = uuid4()
    assert ada.put(a_place(), mark).status_code == 201
    receipt = ada.finish().json()["receipt"]
    services.close_lesson(lesson=lesson)
    Response.objects.update(writable_until=timezone.now() + timedelta(minutes=1))
    assert (ada.put(a_place()).status_code, ada.read().status_code) == (201, 200)
    Response.objects.update(writable_until=timezone.now() - timedelta(seconds=1))
    refused, unknown = ada.read(), Client().get(f"/api/v1/responses/{ada.response}", headers={"Authorization": "Bearer x"})
    assert (refused.status_code, refused.json()) == (401, unknown.json())
    assert ada.withdraw().status_code == 401
    assert [ada.put(a_place()).status_code, ada.put_answers(1, {"dager_ute": 1}).status_code, ada.delete(mark, 2).status_code] == [403] * 3
    services.take_up(response=services.find_by_receipt(receipt))
    assert ada.read().status_code == 200, "who has the receipt goes on by the same key"
    assert ada.withdraw().status_code == 204


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
