"""The public release in the national model: offered to everybody, by name and with what is left out, and only while it is public."""

import re

import pytest
from django.contrib.staticfiles.finders import find
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from analysis.models import Release
from analysis.services import withdraw_release
from surveys.models import Survey, User
from tests.factories import make_survey
from tests.followup.test_views import PUBLIC_TABLES, logged_in, page, tables, url

pytestmark = pytest.mark.django_db

EXTENSIONS = ("gml", "gpkg")


def file_url(release: Release, extension: str) -> str:
    return reverse("followup:national", args=[release.pk, extension])


@pytest.mark.parametrize(
    ("extension", "media_type", "begins"),
    [("gml", "application/gml+xml; version=3.2", b"<?xml"), ("gpkg", "application/geopackage+sqlite3", b"SQLite format 3\0")],
)
def test_everybody_gets_the_file_and_may_keep_it_a_day(
    release: Release, client: Client, extension: str, media_type: str, begins: bytes
) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(file_url(release, extension))
        body = answer.getvalue()
    assert answer.status_code == 200
    assert body.startswith(begins)
    assert answer["Content-Type"] == media_type
    assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=86400", "immutable"}
    assert answer["ETag"].strip('W/"') == f"{release.sha256}-{extension}"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert f"barnetrakk-aggregert-{release.sha256[:8]}.{extension}" in answer["Content-Disposition"]
    assert tables(queries) <= PUBLIC_TABLES
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize("extension", EXTENSIONS)
@pytest.mark.parametrize("actor", ["pia", "pol", "kai", None])
def test_of_a_draft_nobody_gets_a_file(extension: str, actor: str | None, draft: Release, request: pytest.FixtureRequest) -> None:
    client = logged_in(request.getfixturevalue(actor)) if actor else Client()
    assert client.get(file_url(draft, extension)).status_code == 404


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_withdrawn_release_is_gone(extension: str, release: Release, pia: User) -> None:
    withdraw_release(release=release)
    answer = logged_in(pia).get(file_url(release, extension))
    assert answer.status_code == 410
    assert "no-store" in answer["Cache-Control"]


def test_another_format_is_not_there(release: Release, client: Client) -> None:
    assert client.get(file_url(release, "shp")).status_code == 404


def test_the_page_offers_the_files_and_says_what_is_not_in_them(release: Release, client: Client) -> None:
    text = page(client, url(release))
    for extension in EXTENSIONS:
        assert file_url(release, extension) in text
    assert "6 kategorier uten kode" in text
    assert "Temaet «Ønsker»" in text
    assert {find(path) is not None for path in re.findall(r'href="/static/(schema/[^"]+)"', text)} == {True}


def test_a_draft_says_that_the_files_come_and_what_will_not_be_in_them(draft: Release, pia: User) -> None:
    text = page(logged_in(pia), url(draft))
    assert file_url(draft, "gml") not in text
    assert "blir laget når siden publiseres" in text
    assert "Temaet «Ønsker»" in text


def test_the_planners_page_offers_them_too(release: Release, pia: User) -> None:
    text = page(logged_in(pia), reverse("analysis:publishing", args=[release.survey_id]))
    for extension in EXTENSIONS:
        assert file_url(release, extension) in text
    assert "Temaet «Ønsker»" in text


def test_a_release_from_before_codes_were_kept_is_offered_without_them(release: Release, client: Client, pia: User) -> None:
    themes = [
        theme | {"categories": [{key: value for key, value in one.items() if key != "official"} for one in theme["categories"]]}
        for theme in release.payload["themes"]
    ]
    survey: Survey = make_survey(municipality=release.survey.municipality, schools=list(release.survey.schools.all()))
    old = Release.objects.create(
        survey=survey,
        built_on=release.built_on,
        payload=release.payload | {"themes": themes},
        sha256="0" * 64,
        status="public",
        published_on=release.built_on,
    )
    assert client.get(file_url(old, "gml")).status_code == 404
    text = page(client, url(old))
    assert "GeoJSON" in text
    assert file_url(old, "gml") not in text
    assert "Den neste kommer" in page(logged_in(pia), reverse("analysis:publishing", args=[survey.pk]))
