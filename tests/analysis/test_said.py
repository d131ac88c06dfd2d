"""What children have written: against a count without PostgreSQL, places laid out by hand, and what must never come out."""

import re
from collections import defaultdict
from typing import Any

import pytest
from django.contrib.gis.geos import Point, Polygon
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analysis.filters import MarkFilter
from analysis.said import common_words, released, search, spoken, topics_of, words_by_place
from analysis.summary import with_words
from analysis.words import TooFewTexts
from mapping.models import Mark
from surveys.errors import InvalidFilter
from surveys.models import ClassGroup, Layer, LayerFeature, Response, School, Survey, User
from tests import places
from tests.factories import ClassGroupFactory, MarkFactory, ResponseFactory

pytestmark = pytest.mark.django_db

EAST = (5.3450, 60.3850)


@pytest.fixture
def group(survey: Survey, school: School) -> ClassGroup:
    made: ClassGroup = ClassGroupFactory.create(survey=survey, school=school, grade=5, letter="A")
    return made


def _say(
    group: ClassGroup, *texts: str, at: tuple[float, float] = places.PLAYGROUND, state: str = "released", category: str = "leke"
) -> None:
    """One child says all of this."""
    response = ResponseFactory.create(class_group=group)
    for text in texts:
        published = text if state == "released" else ""
        about = {"comment": text, "comment_state": state, "published_comment": published}
        MarkFactory.create(response=response, category=group.survey.categories.get(code=category), geom=places.point(at), **about)


def _said(survey: Survey, asked: str, query: str = "") -> list[str]:
    survey = with_words(survey)
    return sorted(str(hit.html) for hit in search(survey, MarkFilter.parse(QueryDict(query), survey), asked).hits)


def test_inflections_are_one_word_shown_in_the_form_that_most_children_write(survey: Survey, group: ClassGroup) -> None:
    for text in ("bilene kjører fort", "Bilene! bilene", "bilene", "bil", "en bil og BILENE"):
        _say(group, text)
    assert common_words(spoken(survey, MarkFilter())) == [("bilene", 5)]


def test_every_number_is_what_a_count_by_hand_gives(survey: Survey, group: ClassGroup) -> None:
    """The texts have words that no stemmer changes and no list leaves out, so that splitting them counts the same."""
    stock = ("sklie", "fotball", "park", "buss", "hund", "snarveg", "skog")
    children: dict[str, set[int]] = defaultdict(set)
    for child in range(18):
        texts = [" ".join(stock[(child * at + part) % (4 + at)] for part in range(1 + child % 3)) for at in range(1, 4)]
        _say(group, *texts)
        for word in re.findall(r"\w+", " ".join(texts)):
            children[word].add(child)
    expected = sorted(((-len(said), word) for word, said in children.items() if len(said) >= 5))
    assert common_words(spoken(survey, MarkFilter())) == [(word, -number) for number, word in expected]
    assert len(expected) > 4


@pytest.fixture
def secrets(survey: Survey, group: ClassGroup) -> Survey:
    """Words that nobody may find: held, dropped, set aside, of another survey's mark; and what a released text was before it was edited."""
    _say(group, "hemmelig venter", state="held")
    _say(group, "hemmelig holdt tilbake", state="dropped")
    _say(group, "hemmelig lagt til side")
    Response.objects.filter(marks__comment="hemmelig lagt til side").update(set_aside_at=timezone.now())
    _say(group, "hemmelig angret")
    Mark.objects.filter(comment="hemmelig angret").update(comment_state="held", published_comment="")
    _say(group, "rest")
    Mark.objects.filter(comment="rest").update(comment="hemmelig opprinnelig")
    return survey


@pytest.mark.parametrize("asked", ["hemmelig", "hemmelig or venter or tilbake", '"holdt tilbake"', "-rest", "side", "opprinnelig"])
def test_what_is_not_released_is_found_by_no_search(secrets: Survey, asked: str) -> None:
    assert _said(secrets, asked) == []


def test_what_is_not_released_is_on_no_page(secrets: Survey, client: Client, pia: User) -> None:
    client.force_login(pia)
    url = reverse("analysis:spoken-words", args=[secrets.pk])
    for query in ({}, {"q": "rest"}, {"q": "rest or hemmelig"}):
        page = client.get(url, query).content.decode()
        assert "hemmelig" not in page.replace('value="rest or hemmelig"', "").replace("«rest or hemmelig»", "")
    assert released(secrets, MarkFilter()).count() == 1


def test_a_search_is_written_as_on_the_web_and_keeps_the_filters(survey: Survey, group: ClassGroup) -> None:
    _say(group, "biler på skolevegen", "lys på skolevegen", category="farlig")
    _say(group, "bilen på gangen")
    assert len(_said(survey, "bil")) == 2
    assert _said(survey, "bil skolevegen") == ["<mark>biler</mark> på <mark>skolevegen</mark>"]
    assert _said(survey, "bil -skolevegen") == ["<mark>bilen</mark> på gangen"]
    assert _said(survey, '"lys på skolevegen"') == ["<mark>lys</mark> på <mark>skolevegen</mark>"]
    assert len(_said(survey, "lys or gang")) == 2
    assert _said(survey, "bil", "category=leke") == ["<mark>bilen</mark> på gangen"]


def test_what_a_child_writes_is_never_html(survey: Survey, group: ClassGroup, client: Client, pia: User) -> None:
    _say(group, "<script>alert('fare')</script> & fare <b>her</b>")
    [html] = _said(survey, "fare")
    assert "<script" not in html
    assert "<b>" not in html
    client.force_login(pia)
    page = client.get(reverse("analysis:spoken-words", args=[survey.pk]), {"q": "<script>alert(1)</script> fare"}).content.decode()
    assert "<script>alert" not in page


def test_a_search_of_nothing_but_small_words_is_told_so(survey: Survey, group: ClassGroup, client: Client, pia: User) -> None:
    _say(group, "det er fint")
    with pytest.raises(InvalidFilter, match="småord"):
        search(survey, MarkFilter(), "og det")
    client.force_login(pia)
    answer = client.get(reverse("analysis:spoken-words", args=[survey.pk]), {"q": "og det", "category": "leke"})
    assert answer.status_code == 422
    assert 'value="og det"' in answer.content.decode()
    assert '<input type="hidden" name="category" value="leke">' in answer.content.decode()


def test_few_children_are_a_range_in_what_a_search_counts(survey: Survey, group: ClassGroup) -> None:
    for _ in range(4):
        _say(group, "sklie", "sklie igjen")
    found = search(with_words(survey), MarkFilter(), "sklie")
    assert (found.texts, found.children) == (8, "1–4")
    _say(group, "sklie")
    assert search(with_words(survey), MarkFilter(), "sklie").children == "5"


def test_words_belong_to_the_place_where_they_are_said(survey: Survey, group: ClassGroup) -> None:
    """Seven say "sklie" in the west, eight "bade" in the east, and everybody "gøy"."""
    for _ in range(7):
        _say(group, "gøy sklie")
    for _ in range(8):
        _say(group, "gøy bade", at=EAST)
    layer = Layer.objects.create(
        municipality=survey.municipality, name="Deler", kind="districts", source="Test", imported_at=timezone.now()
    )
    for number, (name, box) in enumerate((("Vest", (5.33, 60.38, 5.34, 60.39)), ("Øst", (5.34, 60.38, 5.35, 60.39))), 1):
        LayerFeature.objects.create(layer=layer, number=number, name=name, geom=Polygon.from_bbox(box))
    words = spoken(survey, MarkFilter())
    found = {place.name: (place.children, place.words) for place in words_by_place(words, MarkFilter(), layer)}
    assert found == {"Øst": (8, (("bade", 8),)), "Vest": (7, (("sklie", 7),))}
    hexagons = words_by_place(words, MarkFilter(), None)
    assert [place.words for place in hexagons] == [(("bade", 8),), (("sklie", 7),)]
    # the address leads to the marks that were counted
    for place in (*words_by_place(words, MarkFilter(), layer), *hexagons):
        inside = MarkFilter.parse(QueryDict(place.query), survey)
        assert inside.marks_of(survey).count() == place.children


def test_a_words_place_on_the_map_is_where_its_mark_is(survey: Survey, group: ClassGroup) -> None:
    _say(group, "sklie", at=EAST)
    _say(group, "sklie")
    hit = next(one for one in search(with_words(survey), MarkFilter(), "sklie").hits)
    marks = MarkFilter.parse(QueryDict(hit.query), survey).marks_of(survey)
    assert [mark.geom for mark in marks] in ([Point(*EAST, srid=4326)], [places.point(places.PLAYGROUND)])


def test_groups_of_words_are_refused_kindly_where_there_is_too_little(survey: Survey, group: ClassGroup, client: Client, pia: User) -> None:
    _say(group, "sklie")
    with pytest.raises(TooFewTexts):
        topics_of(spoken(survey, MarkFilter()), 4)
    client.force_login(pia)
    assert "Det er for lite å lete i." in client.get(reverse("analysis:spoken-words", args=[survey.pk])).content.decode()


def test_groups_have_words_and_texts_that_go_together(survey: Survey, group: ClassGroup) -> None:
    road, play = ("bil", "fart", "kryss", "fortau", "buss", "lys"), ("sklie", "huske", "klatre", "fotball", "park", "venn")
    for child in range(50):
        stock: Any = road if child % 2 else play
        _say(group, " ".join(stock[(child // 2 + word) % 6] for word in range(3)))
    for found in topics_of(spoken(survey, MarkFilter()), 3):
        assert set(found.words) <= set(road) or set(found.words) <= set(play)
        assert all(set(example.split()) & set(found.words) for example in found.examples)


@pytest.mark.parametrize("query", [{"topics": "9"}, {"topics": "to"}, {"layer": "finnes-ikke"}, {"hund": "1"}])
def test_what_the_page_does_not_know_is_told_in_words(survey: Survey, client: Client, pia: User, query: dict[str, str]) -> None:
    client.force_login(pia)
    answer = client.get(reverse("analysis:spoken-words", args=[survey.pk]), query)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
