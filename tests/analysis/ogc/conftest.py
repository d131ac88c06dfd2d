"""Pia reads the answered survey of tests/analysis/conftest.py through /ogc/."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from django.test import Client

from surveys.models import Survey, User

Get = Callable[..., dict[str, Any]]


@pytest.fixture
def desk(pia: User) -> Client:
    """Pia's browser, asking as a program does."""
    client = Client()
    client.force_login(pia)
    return client


@pytest.fixture
def get(desk: Client) -> Get:
    """What an address below /ogc/ answers Pia, as JSON; parameters with - are written with _."""

    def ask(path: str, **query: str | int) -> dict[str, Any]:
        answer = desk.get(f"/ogc/{path}", {name.replace("bbox_crs", "bbox-crs"): value for name, value in query.items()})
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = orjson.loads(answer.content)
        return found

    return ask


@pytest.fixture
def pages(desk: Client) -> Callable[..., list[dict[str, Any]]]:
    """All features of a collection, by following the links from page to page."""

    def read(survey: Survey, name: str, query: str = "", *, limit: int = 7) -> list[dict[str, Any]]:
        found = list(_pages(desk, f"/ogc/collections/{survey.pk}-{name}/items?limit={limit}&{query}"))
        features = [feature for page in found for feature in page["features"]]
        assert {page["numberMatched"] for page in found} == {len(features)}
        assert [page["numberReturned"] for page in found] == [len(page["features"]) for page in found]
        return features

    return read


def _pages(client: Client, url: str) -> Iterator[dict[str, Any]]:
    while url:
        answer = client.get(url)
        assert answer.status_code == 200, answer.content
        page = orjson.loads(answer.content)
        yield page
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
