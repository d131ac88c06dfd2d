"""A plan case from rows to the page: counted by hand and by PostGIS, over two rounds."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from django.contrib.gis.geos import LineString, Polygon
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analysis.areas import read_area
from analysis.filters import MarkFilter
from analysis.plan_case import PlanCase, inside_geojson, plan_case
from surveys.models import ClassGroup, Layer, School, Survey, User
from tests import places
from tests.factories import ClassGroupFactory, MarkFactory, ResponseFactory, SchoolFactory, make_survey

pytestmark = pytest.mark.django_db

CROSSING = "5.324,60.378 5.326,60.378 5.326,60.38 5.324,60.38"
"""Round the crossing, over which the ways to school go."""
PLAYGROUND = "5.334,60.381 5.336,60.381 5.336,60.383 5.334,60.383"
NOWHERE = "5.31,60.39 5.312,60.39 5.312,60.391 5.31,60.391"
TODAY = date(2026, 10, 1)


@pytest.fixture
def earlier(answered: Survey, school: School) -> Survey:
    """A round four years ago: six of 9A were at the crossing by one place each, one of them by two."""
    survey = make_survey(
        municipality=answered.municipality, schools=[school], status="closed", opens_on=date(2022, 9, 1), closes_on=date(2022, 9, 30)
    )
    group: ClassGroup = ClassGroupFactory.create(survey=survey, school=school, grade=9, letter="A", pupils=20)
    category = survey.categories.get(code="farlig")
    for number in range(6):
        response = ResponseFactory.create(class_group=group)
        for _ in range(2 if number == 0 else 1):
            MarkFactory.create(response=response, category=category, geom=places.point(places.CROSSING), week=date(2022, 9, 5))
    return survey


def case_of(area: str, *surveys: Survey) -> PlanCase:
    """The plan case of a boundary."""
    municipality = surveys[0].municipality
    return plan_case(municipality, surveys, read_area(area, municipality), today=TODAY)


def rows_of(case: PlanCase) -> dict[str, tuple[str, ...]]:
    """What is said of each category."""
    return {row.label: row.said for row in case.rows}


def test_children_are_counted_by_category_and_round(answered: Survey, earlier: Survey) -> None:
    """Now: three fear the crossing and three's ways go over it, four children in all. Then: six, of seven marks."""
    case = case_of(CROSSING, answered, earlier)
    assert rows_of(case) == {"Skoleveg": ("1–4", "0"), "Farlig": ("1–4", "6")}
    assert [(one.children, one.marks) for one in case.rounds] == [("1–4", 6), ("6", 7)]
    assert rows_of(case_of(PLAYGROUND, answered, earlier)) == {"Leker": ("30", "0")}


def test_postgis_counts_the_same(answered: Survey, earlier: Survey) -> None:
    sql = """
        SELECT count(DISTINCT response_id), count(*) FROM mapping_mark
        WHERE survey_id = %s AND ST_Intersects(geom, ST_MakeEnvelope(5.324, 60.378, 5.326, 60.38, 4326))
    """
    with connection.cursor() as cursor:
        found = []
        for survey in (answered, earlier):
            cursor.execute(sql, [survey.pk])
            found.append(cursor.fetchone())
    assert found == [(4, 6), (6, 7)]
    assert [one.marks for one in case_of(CROSSING, answered, earlier).rounds] == [6, 7]


def test_only_released_words_are_read_and_held_ones_are_counted(answered: Survey, earlier: Survey) -> None:
    case = case_of(CROSSING, answered, earlier)
    assert [(one.words, one.label, one.year) for one in case.words] == [("Bilene kjører fort", "Farlig", answered.opens_on.year)]
    assert (case.words_in_all, case.held) == (1, 1)
    assert case_of(PLAYGROUND, answered).words == ()


def test_ways_to_school_through_it_and_how_far_the_nearest_is(answered: Survey, earlier: Survey, school: School) -> None:
    """The way bends at the crossing; the lower edge of the other box is 60.3810, a good 200 m north of the way's nearest bend."""
    through = case_of(CROSSING, answered, earlier)
    assert through.rounds[0].ways.children == "1–4"
    assert through.rounds[0].ways.by_school == ((school.name, "1–4"),)
    assert through.rounds[0].ways.by_mode == (("Går", "1–4"),)
    assert (through.rounds[0].ways.nearest_m, through.rounds[1].ways.nearest_m) == (None, None)
    beside = case_of("5.324,60.381 5.326,60.381 5.326,60.382 5.324,60.382", answered).rounds[0].ways
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(ST_Distance(geom::geography, ST_MakeEnvelope(5.324, 60.381, 5.326, 60.382, 4326)::geography)) FROM mapping_mark"
            " WHERE kind = 'route'"
        )
        (metres,) = cursor.fetchone()
    assert beside.children == "0"
    assert beside.nearest_m == pytest.approx(metres, abs=6)


def test_streets_inside_are_named_with_the_children_who_go_there(answered: Survey) -> None:
    layer = Layer.objects.create(
        municipality=answered.municipality, name="Gater", kind="streets", source="Kommunen", imported_at=timezone.now()
    )
    layer.features.create(number=1, name="Skolevegen", geom=LineString(places.WAY_TO_SCHOOL, srid=4326))
    case = case_of(CROSSING, answered)
    assert (case.streets, case.streets_of) == ((("Skolevegen", "1–4"),), answered)
    assert case_of(PLAYGROUND, answered).streets == ()


def test_who_has_not_been_heard_is_told(answered: Survey, earlier: Survey, school: School) -> None:
    nes = SchoolFactory.create(municipality=answered.municipality, name="Nes skole")
    ClassGroupFactory.create(survey=answered, school=nes, grade=3, letter="A", pupils=12)
    case = case_of(CROSSING, answered, earlier)
    assert case.silent_schools == ("Nes skole",)
    assert case.silent_bands == ("1.–4. trinn",)
    assert [(one.heard.answered, one.heard.pupils, one.heard.silent) for one in case.rounds] == [
        ("30", 62, ("Nes skole",)),
        ("6", 20, ()),
    ]
    assert [one.asked_share for one in case.rounds] == [100, 100]
    # the study area ends at 5.36 east: half of this one is in it
    assert case_of("5.358,60.37 5.362,60.37 5.362,60.38 5.358,60.38", answered).rounds[0].asked_share == 50
    assert case_of("5.37,60.37 5.38,60.37 5.38,60.38 5.37,60.38", answered).rounds[0].asked_share == 0


@pytest.mark.parametrize(
    ("closed", "age", "is_old"),
    [
        (date(2026, 10, 1), "pågår", False),
        (date(2026, 9, 30), "mindre enn ett år gammelt", False),
        (date(2025, 10, 30), "ett år gammelt", False),
        (date(2023, 11, 1), "2 år gammelt", False),
        (date(2022, 9, 30), "4 år gammelt", True),
    ],
)
def test_the_age_is_told_from_the_day_it_ended(answered: Survey, closed: date, age: str, is_old: bool) -> None:
    answered.opens_on, answered.closes_on = closed - timedelta(days=20), closed
    one = case_of(CROSSING, answered).rounds[0]
    assert (one.age, one.is_old) == (age, is_old)


def test_the_map_gets_the_marks_of_all_rounds_without_ids(answered: Survey, earlier: Survey) -> None:
    found: Any = orjson.loads(inside_geojson([answered, earlier], read_area(CROSSING, answered.municipality)))
    assert found["numberMatched"] == 13
    assert {feature["properties"]["year"] for feature in found["features"]} == {answered.opens_on.year, 2022}
    assert all("id" not in feature for feature in found["features"])


def test_too_many_marks_are_not_sent_one_by_one(answered: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.plan_case.MAX_MARKS", 5)
    found: Any = orjson.loads(inside_geojson([answered], read_area(CROSSING, answered.municipality)))
    assert (found["numberMatched"], found["features"]) == (6, [])


def test_the_area_is_a_filter_of_pages_and_files(client: Client, pia: User, answered: Survey) -> None:
    chosen = MarkFilter.parse(QueryDict(urlencode({"area": CROSSING, "category": "farlig"})), answered)
    assert chosen.marks_of(answered).count() == 3
    assert MarkFilter.parse(QueryDict(chosen.query_string()), answered) == chosen
    client.force_login(pia)
    answer = client.get(reverse("analysis:export", args=[answered.pk, "geojson"]), {"area": CROSSING})
    file = orjson.loads(answer.getvalue())
    assert sorted(feature["properties"]["category"] for feature in file["features"]) == ["farlig"] * 3 + ["skoleveg"] * 3
    page = client.get(reverse("analysis:workbench", args=[answered.pk]), {"area": CROSSING}).content.decode()
    assert "Last ned 6 merker" in page
    assert 'data-chip="I det som er tegnet"' in page
    assert client.get(reverse("analysis:marks", args=[answered.pk]), {"area": "tull"}).status_code == 400


def page_of(client: Client, survey: Survey, query: dict[str, str]) -> Any:
    """The page's answer."""
    return client.get(reverse("analysis:plan", args=[survey.municipality.number]), query)


def test_the_page_says_it_all_without_a_script(client: Client, pia: User, answered: Survey, earlier: Survey) -> None:
    client.force_login(pia)
    page = page_of(client, answered, {"area": CROSSING}).content.decode()
    for words in ("Barn per kategori", "Bilene kjører fort", "Hvem er ikke hørt?", "4 år gammelt", "export.geojson?area=5.32"):
        assert words in page
    assert "Ring 41234567" not in page


def test_rounds_of_drafts_and_of_others_are_not_in_it(client: Client, pia: User, answered: Survey, earlier: Survey) -> None:
    client.force_login(pia)
    Survey.objects.filter(pk=earlier.pk).update(status="deleted")
    assert str(earlier.pk) not in page_of(client, answered, {"area": CROSSING}).content.decode()
    Survey.objects.filter(pk=earlier.pk).update(status="draft")
    assert str(earlier.pk) not in page_of(client, answered, {"area": CROSSING}).content.decode()


def test_a_place_nobody_marked_says_what_that_does_not_mean(client: Client, pia: User, answered: Survey) -> None:
    client.force_login(pia)
    page = page_of(client, answered, {"area": NOWHERE}).content.decode()
    assert "Ingen barn har tegnet noe her. Det betyr ikke at ingen bruker stedet" in page


def test_a_bad_boundary_keeps_the_page_and_what_was_drawn(client: Client, pia: User, answered: Survey) -> None:
    client.force_login(pia)
    crossed = "5.32,60.378 5.33,60.383 5.33,60.378 5.32,60.383"
    answer = page_of(client, answered, {"area": crossed})
    assert answer.status_code == 422
    assert "Omrisset krysser seg selv" in answer.content.decode()
    assert answer.context["page"]["draft"] == crossed


def test_a_file_is_answered_with_the_address_that_holds_it(client: Client, pia: User, answered: Survey) -> None:
    client.force_login(pia)
    url = reverse("analysis:plan", args=[answered.municipality.number])
    box = Polygon.from_bbox((5.324, 60.378, 5.326, 60.38))
    answer = client.post(url, {"file": SimpleUploadedFile("plan.geojson", box.geojson.encode())})
    assert answer.status_code == 302
    assert "6" in {str(one.marks) for one in client.get(answer["Location"]).context["case"].rounds}
    for files, words in (({}, "Velg en fil først"), ({"file": SimpleUploadedFile("plan.sos", b".HODE")}, "ikke gyldig JSON")):
        answer = client.post(url, files)
        assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_a_thing_of_a_layer_is_chosen_on_the_page(client: Client, pia: User, answered: Survey) -> None:
    layer = Layer.objects.create(municipality=answered.municipality, name="Planer", kind="plans", source="K", imported_at=timezone.now())
    box = Polygon.from_bbox((5.324, 60.378, 5.326, 60.38))
    box.srid = places.SRID
    layer.features.create(number=1, name="Krysset", geom=box)
    client.force_login(pia)
    assert f'value="{layer.pk}.1"' in page_of(client, answered, {}).content.decode()
    answer = page_of(client, answered, {"area": f"{layer.pk}.1"})
    assert "Krysset (Planer)" in answer.content.decode()
    assert f"export.geojson?area={layer.pk}.1" in answer.content.decode()


def test_who_plans_in_one_municipality_is_led_there_and_who_plans_in_two_chooses(client: Client, pia: User, kai: User, tor: User) -> None:
    client.force_login(pia)
    here = pia.memberships.get().municipality
    assert client.get(reverse("analysis:plans"))["Location"] == reverse("analysis:plan", args=[here.number])
    theirs = kai.memberships.get().municipality
    pia.memberships.create(municipality=theirs, role="planner")
    page = client.get(reverse("analysis:plans")).content.decode()
    assert all(reverse("analysis:plan", args=[one.number]) in page for one in (here, theirs))
    client.force_login(tor)
    assert client.get(reverse("analysis:plans")).status_code == 403
