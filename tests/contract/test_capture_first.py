"""Tablets' calls pass only what they need, and lose nothing by it."""

from uuid import uuid4

import pytest
from django.test import Client

from config.middleware import API_PREFIX
from tests.conftest import Tablet, a_place

pytestmark = pytest.mark.django_db


def test_an_answer_to_a_tablet_has_its_length_and_sets_no_cookie(ada: Tablet) -> None:
    answer = ada.put(a_place())
    assert answer["Content-Length"] == str(len(answer.content))
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    assert not answer.cookies


def test_a_call_under_a_foreign_host_name_is_refused(client: Client) -> None:
    assert client.post(f"{API_PREFIX}join", "{}", content_type="application/json", headers={"Host": "evil.example"}).status_code == 400


def test_a_path_that_the_api_does_not_have_is_not_found(client: Client) -> None:
    assert client.get(f"{API_PREFIX}finnes-ikke").status_code == 404


def test_a_method_that_the_path_does_not_have_is_refused(client: Client) -> None:
    assert client.get(f"{API_PREFIX}responses/{uuid4()}/marks/{uuid4()}").status_code == 405


def test_a_page_still_passes_everything(client: Client) -> None:
    answer = client.get("/logg-inn/")
    assert "Content-Security-Policy" in answer
    assert "csrftoken" in answer.cookies
