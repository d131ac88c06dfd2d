"""The public pages: who sees which release, which tables are asked, and that nothing of a child is in what is answered."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings
from shapely import Point

from analysis.models import Release
from analysis.services import build_release, publish_release, withdraw_release
from followup.models import Decision
from followup.services import add_finding, decide
from mapping.basemap import make_basemap
from mapping.services.basemaps import register_basemap
from surveys.models import Survey, User
from tests.factories import make_survey
from tests.followup.conftest import SECRETS
from tests.followup.test_ground import frame

pytestmark = pytest.mark.django_db

PARTS = ("release", "cells", "ground")
PUBLIC_TABLES = {
    "analysis_release",
    "followup_decision",
    "followup_finding",
    "mapping_basemap",
    "surveys_school",
    "surveys_survey",
    "surveys_survey_schools",
}
"""All that a page for everybody may read: what is published, and what was public before."""
OWN_TABLES = PUBLIC_TABLES | {"surveys_municipality", "surveys_membership", "surveys_user", "django_session"}
"""Who is logged in, besides."""


def url(release: Release, part: str = "release") -> str:
    return reverse(f"followup:{part}", args=[release.pk])


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def basemap(settings: Settings, tmp_path: Path, survey: Survey) -> None:
    """The municipality has a basemap of its own, so that the ground can be drawn."""
    settings.BASEMAP_ROOT = tmp_path
    layers = {
        "water": frame(("lake", "", Point(5.333, 60.381).buffer(0.002))),
        "places": frame(("locality", "Byen", Point(5.3325, 60.384))),
    }
    make_basemap(layers, tmp_path / "b.pmtiles", name="Prøve", attribution="© Prøve", min_zoom=10, max_zoom=14)
    register_basemap(municipality=survey.municipality, name="Prøve", file_name="b.pmtiles", attribution="© Prøve", min_zoom=10, max_zoom=14)


@pytest.fixture
def found(release: Release, survey: Survey) -> Release:
    """The public release, with a finding and a decision about it."""
    cell = next(cell["id"] for cell in release.payload["cells"])
    finding = add_finding(survey=survey, title="Krysset er farlig", text="Halvparten sier det.", theme="negative", cell_ids=[cell])
    decide(finding=finding, text="Gangfelt.", status=Decision.Status.DECIDED, decided_on=date(2026, 11, 12), body="Formannskapet")
    return release


# Who sees what


@pytest.mark.usefixtures("basemap")
@pytest.mark.parametrize("part", PARTS)
def test_a_public_release_is_for_everybody(part: str, release: Release, client: Client, kai: User) -> None:
    assert client.get(url(release, part)).status_code == 200
    assert logged_in(kai).get(url(release, part)).status_code == 200


@pytest.mark.usefixtures("basemap")
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(("actor", "status"), [("pia", 200), ("pol", 200), ("tor", 404), ("kai", 404), (None, 404)])
def test_a_draft_is_for_planners_and_politicians_of_its_municipality(
    part: str, actor: str | None, status: int, draft: Release, request: pytest.FixtureRequest
) -> None:
    client = logged_in(request.getfixturevalue(actor)) if actor else Client()
    assert client.get(url(draft, part)).status_code == status


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("actor", ["pia", "kai", None])
def test_a_withdrawn_release_is_gone_for_all(part: str, actor: str | None, release: Release, request: pytest.FixtureRequest) -> None:
    withdraw_release(release=release)
    client = logged_in(request.getfixturevalue(actor)) if actor else Client()
    answer = client.get(url(release, part))
    assert answer.status_code == 410
    assert "trukket tilbake" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_a_withdrawn_release_leads_to_the_one_that_took_its_place(release: Release, survey: Survey, client: Client) -> None:
    newer = publish_release(release=build_release(survey=survey))
    answer = client.get(url(release))
    assert answer.status_code == 410
    assert url(newer) in answer.content.decode()


@pytest.mark.parametrize("part", PARTS)
def test_the_releases_of_a_deleted_survey_are_not_found(part: str, release: Release, survey: Survey, pia: User) -> None:
    Survey.objects.filter(pk=survey.pk).update(status=Survey.Status.DELETED)
    assert logged_in(pia).get(url(release, part)).status_code == 404
    Release.objects.filter(pk=release.pk).update(status=Release.Status.WITHDRAWN)
    assert logged_in(pia).get(url(release, part)).status_code == 404


def test_the_list_shows_the_public_ones_and_to_its_own_people_the_drafts_marked(
    draft: Release, pia: User, kai: User, client: Client
) -> None:
    address = reverse("followup:releases")
    assert "Ingen publiseringer ennå" in page(client, address)
    assert "Ingen publiseringer ennå" in page(logged_in(kai), address)
    own = page(logged_in(pia), address)
    assert url(draft) in own
    assert "Ikke publisert ennå" in own
    publish_release(release=draft)
    public = page(client, address)
    assert url(draft) in public
    assert "Ikke publisert" not in public
    assert "60\u00a0barn" in public


def test_only_reading_is_answered(release: Release, client: Client) -> None:
    assert [client.post(url(release, part)).status_code for part in PARTS] == [405, 405, 405]


# What is read, and what is answered


def tables(queries: CaptureQueriesContext) -> set[str]:
    return {table for query in queries for table in re.findall(r'(?:FROM|JOIN|UPDATE|INTO) "(\w+)"', query["sql"])}


@pytest.mark.usefixtures("basemap")
@pytest.mark.parametrize("part", PARTS)
def test_no_page_for_everybody_asks_for_an_answer_a_mark_or_a_class(part: str, found: Release, client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url(found, part)).status_code == 200
    assert tables(queries) >= {"analysis_release"}
    assert tables(queries) <= PUBLIC_TABLES


def test_nor_do_the_list_and_the_pages_of_those_who_are_logged_in(found: Release, pia: User) -> None:
    client = logged_in(pia)
    with CaptureQueriesContext(connection) as queries:
        page(client, reverse("followup:releases"))
        page(client, url(found))
    assert tables(queries) <= OWN_TABLES


def test_the_page_asks_the_database_ten_times_at_most(found: Release, client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(10):
        page(client, url(found))


@pytest.mark.usefixtures("basemap")
def test_nothing_public_holds_a_childs_words_a_class_or_an_exact_place(found: Release, client: Client) -> None:
    crawled = {address: _body(client, address) for address in _reached_from(client, reverse("followup:releases"))}
    assert set(crawled) >= {url(found, part) for part in PARTS}
    for address, text in crawled.items():
        assert not re.search(r"\d[.,]\d{5}", text), address
        for secret in SECRETS:
            assert not re.search(rf"\b{re.escape(secret)}\b", text), (address, secret)
        for response in found.survey.responses.all():
            assert str(response.pk) not in text, address


def _reached_from(client: Client, address: str) -> set[str]:
    """Every address below /releases/ that links, pictures and scripts' data lead to."""
    seen: set[str] = set()
    waiting = [address]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += re.findall(r'"(/releases/[^"#]*)"', _body(client, here))
    return seen


def _body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    if address.endswith(".gpkg"):
        # no text, but what it holds of text would be found in it; numbers of its coordinate systems have more decimals
        return re.sub(r"(SPHEROID|UNIT)\[[^\]]*", "", answer.getvalue().decode("latin-1"))
    return answer.getvalue().decode()


def test_the_page_says_what_it_must(found: Release, client: Client) -> None:
    text = page(client, url(found))
    day = timezone.localdate()
    assert "<h1" in text
    assert "Barnetråkk 2026" in text
    for number in ("60", "80\u00a0%"):
        assert f'<strong class="release-number__value">{number}</strong>' in text
    assert "Krysset er farlig" in text
    assert "Formannskapet, 12. november 2026" in text
    assert "Slik vet vi dette" in text
    assert found.sha256 in text
    assert f'datetime="{day:%Y-%m-%d}"' in text
    assert "Ikke publisert ennå" not in text


def test_a_draft_says_that_it_is_one(draft: Release, pol: User) -> None:
    assert "Ikke publisert ennå" in page(logged_in(pol), url(draft))


def test_what_planners_write_cannot_become_markup(release: Release, survey: Survey, client: Client) -> None:
    add_finding(survey=survey, title="<script>alert(1)</script>", text="</p><img src=x onerror=alert(1)>")
    text = page(client, url(release))
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_page_needs_no_style_attribute_and_no_inline_script(found: Release, client: Client) -> None:
    text = page(client, url(found))
    assert " style=" not in text
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", text) == []


def test_a_release_without_cells_says_why_there_is_no_map(release: Release, client: Client) -> None:
    payload = release.payload | {"cells": [], "bbox": None}
    bare = Release.objects.create(survey=_another(release.survey), built_on=date(2026, 11, 1), payload=payload, sha256="0" * 64)
    publish_release(release=bare)
    text = page(client, url(bare))
    assert "Ingen steder er merket av så mange barn" in text
    assert "release-map-data" not in text
    assert client.get(url(bare, "ground")).status_code == 404


def _another(survey: Survey) -> Survey:
    """The same survey once more, for a survey has one public release."""
    return make_survey(municipality=survey.municipality, schools=list(survey.schools.all()))


# Caches


@pytest.mark.usefixtures("basemap")
@pytest.mark.parametrize("part", ["cells", "ground"])
def test_what_never_changes_may_be_kept_a_day_by_anybody(part: str, release: Release, client: Client) -> None:
    answer = client.get(url(release, part))
    kept = set(answer["Cache-Control"].split(", "))
    assert kept == {"public", "max-age=86400", "immutable"}
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize("part", ["release", "cells"])
def test_a_draft_is_kept_by_no_cache(part: str, draft: Release, pia: User) -> None:
    kept = logged_in(pia).get(url(draft, part))["Cache-Control"]
    assert "private" in kept
    assert "public" not in kept


def test_the_data_names_its_fingerprint_and_may_be_read_from_any_page(release: Release, client: Client) -> None:
    answer = client.get(url(release, "cells"))
    assert answer["Content-Type"] == "application/geo+json"
    assert answer["ETag"].strip('W/"') == release.sha256
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_without_a_basemap_of_our_own_the_map_stands_on_bare_ground(release: Release, client: Client) -> None:
    assert client.get(url(release, "ground")).status_code == 404
    text = page(client, url(release))
    assert "release-map__bare" in text
    assert url(release, "ground") not in text
