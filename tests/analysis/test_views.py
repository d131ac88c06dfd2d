"""The workbench's pages and answers: who gets them, what they say, what a wrong question is told."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from analysis.exports import COLUMNS, FORMATS
from surveys.errors import InvalidFilter
from surveys.models import Survey, User
from surveys.services import make_access_token, revoke_access_token

pytestmark = pytest.mark.django_db
ANSWERS = ("summary", "marks", "hexagons", "heat", "streets", "within")


def test_the_workbench_shows_numbers_without_any_script(client: Client, pia: User, answered: Survey) -> None:
    client.force_login(pia)
    page = client.get(reverse("analysis:workbench", args=[answered.pk]), {"grade_band": "8-10"}).content.decode()
    assert "Last ned 10 merker" in page
    assert 'value="8-10" checked' in page
    assert "export.geojson?grade_band=8-10" in page


def test_the_workbench_asks_the_database_six_times(
    client: Client, pia: User, answered: Survey, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(pia)
    # the session and its account, and the hosts of tiles; then: the survey, its categories, its classes, all numbers, the basemaps,
    # saved views
    with django_assert_num_queries(3 + 6):
        client.get(reverse("analysis:workbench", args=[answered.pk]))


def test_the_page_says_what_columns_the_files_have(client: Client, pia: User, answered: Survey) -> None:
    client.force_login(pia)
    page = client.get(reverse("analysis:summary", args=[answered.pk])).content.decode()
    assert all(f"<dt>{column.name}</dt><dd>{column.meaning}</dd>" in page for column in COLUMNS)


def test_an_empty_box_in_the_form_is_no_filter(client: Client, pia: User, answered: Survey) -> None:
    client.force_login(pia)
    page = client.get(reverse("analysis:workbench", args=[answered.pk]), {"bbox": "", "from": "", "to": ""}).content.decode()
    assert "Last ned 37 merker" in page


def test_few_children_are_a_range_on_the_page(client: Client, pia: User, answered: Survey) -> None:
    client.force_login(pia)
    page = client.get(reverse("analysis:summary", args=[answered.pk]), {"category": "farlig"}).content.decode()
    assert "1–4" in page
    assert "Farlig: 1–4" in page
    assert "40 %" in page, "ten of twenty-five pupils in grade 8 joined; participation does not follow the filter"


def test_the_list_has_the_planners_own_surveys_only(client: Client, pia: User, kai: User, answered: Survey) -> None:
    client.force_login(pia)
    assert str(answered.pk) in client.get(reverse("analysis:surveys")).content.decode()
    client.force_login(kai)
    assert str(answered.pk) not in client.get(reverse("analysis:surveys")).content.decode()


def test_the_list_offers_nothing_to_who_is_no_planner(client: Client, pia: User, tor: User, answered: Survey) -> None:
    client.force_login(tor)
    page = client.get(reverse("analysis:surveys")).content.decode()
    assert "Bare for planleggere" in page
    assert reverse("surveys:new-survey") not in page
    assert reverse("surveys:access-tokens") not in page
    client.force_login(pia)
    assert reverse("surveys:new-survey") in client.get(reverse("analysis:surveys")).content.decode()


def test_an_address_says_how_the_marks_are_shown(client: Client, pia: User, answered: Survey) -> None:
    client.force_login(pia)
    url = reverse("analysis:workbench", args=[answered.pk])
    assert 'value="marks" checked' in client.get(url).content.decode()
    page = client.get(url, {"show": "hexagons", "size": "75"}).content.decode()
    assert 'value="hexagons" checked' in page
    assert '<option value="75" selected>75 m</option><option value="100">' in page


def test_an_access_token_reads_its_own_municipality_until_it_is_revoked(client: Client, pia: User, kai: User, answered: Survey) -> None:
    token, secret = make_access_token(user=pia, municipality=answered.municipality, label="QGIS")
    _, foreign_secret = make_access_token(user=kai, municipality=kai.memberships.get().municipality, label="QGIS")
    url = reverse("analysis:marks", args=[answered.pk])
    assert client.get(url).status_code == 401
    assert client.get(url, headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    assert client.get(url, headers={"Authorization": f"Bearer {foreign_secret}"}).status_code == 404
    revoke_access_token(token=token)
    assert client.get(url, headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    client.force_login(pia)
    assert client.get(url, headers={"Authorization": "Bearer feil"}).status_code == 401, "a wrong token does not fall back on a cookie"


def test_a_token_is_limited_to_its_municipality_even_when_its_user_has_two(client: Client, pia: User, kai: User, answered: Survey) -> None:
    theirs = kai.memberships.get().municipality
    pia.memberships.create(municipality=theirs, role="planner")
    _, secret = make_access_token(user=pia, municipality=theirs, label="QGIS")
    assert client.get(reverse("analysis:marks", args=[answered.pk]), headers={"Authorization": f"Bearer {secret}"}).status_code == 404


@pytest.mark.parametrize("name", ANSWERS)
def test_a_wrong_filter_is_a_problem_document_that_says_what_is_allowed(client: Client, pia: User, answered: Survey, name: str) -> None:
    client.force_login(pia)
    answer = client.get(reverse(f"analysis:{name}", args=[answered.pk]), {"category": "romskip"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-filter")
    assert "romskip" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("hexagons", {"size": "-1"}),
        ("hexagons", {"size": "0"}),
        ("heat", {"bandwidth": "0"}),
        ("heat", {"bandwidth": "1"}),
        ("marks", {"size": "abc"}),
        ("summary", {"bandwidth": "-1"}),
        ("workbench", {"show": "alt"}),
        ("hexagons", {"size": "ti"}),
        ("heat", {"bandwidth": "1e9"}),
    ],
)
def test_a_wrong_number_is_refused(client: Client, pia: User, answered: Survey, name: str, query: dict[str, str]) -> None:
    client.force_login(pia)
    assert client.get(reverse(f"analysis:{name}", args=[answered.pk]), query).status_code == 400


def test_the_range_of_a_heat_map_is_told_in_one_language_before_anything_is_read(
    client: Client, pia: User, answered: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.layers.drawn", lambda _: pytest.fail("the marks were read first"))
    client.force_login(pia)
    answer = client.get(reverse("analysis:heat", args=[answered.pk]), {"bandwidth": "1"})
    assert answer.json()["detail"] == "bandwidth=1: et varmekart kan jevnes ut over 10 til 1000 m."


@pytest.mark.parametrize("name", ["workbench", *ANSWERS])
def test_a_day_nobody_can_have_meant_is_refused(client: Client, pia: User, answered: Survey, name: str) -> None:
    client.force_login(pia)
    assert client.get(reverse(f"analysis:{name}", args=[answered.pk]), {"from": "0001-01-01"}).status_code == 400


@pytest.mark.parametrize("kind", FORMATS)
def test_what_cannot_be_asked_is_refused_before_a_file_begins(
    client: Client, pia: User, answered: Survey, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def fails(*_: object) -> None:
        raise InvalidFilter("Det går ikke.")

    client.force_login(pia)
    url = reverse("analysis:export", args=[answered.pk, kind])
    assert client.get(url, {"from": "0001-01-01"}).status_code == 400
    monkeypatch.setattr("analysis.filters.MarkFilter.apply", fails)
    assert client.get(url).status_code == 400


@pytest.mark.parametrize("extension", ["shp.zip", "parquet", "fgb", "GEOJSON", "geo%20json", "å", "geojson."])
def test_a_format_there_is_not_is_a_problem_that_names_those_there_are(client: Client, pia: User, answered: Survey, extension: str) -> None:
    client.force_login(pia)
    answer = client.get(reverse("analysis:workbench", args=[answered.pk]) + f"export.{extension}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-filter")
    assert ", ".join(FORMATS) in answer.json()["detail"]


@pytest.mark.parametrize("name", ["workbench", *ANSWERS])
def test_teacher_politician_and_foreign_planner_read_no_marks(
    client: Client, tor: User, pol: User, kai: User, answered: Survey, name: str
) -> None:
    for user, status in ((tor, 403), (pol, 403), (kai, 404)):
        client.force_login(user)
        assert client.get(reverse(f"analysis:{name}", args=[answered.pk])).status_code == status
