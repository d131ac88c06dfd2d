"""The class's map on the big screen, and the paper sheet: for the class's teacher, of aggregates, from ten finished on."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings
from shapely import Point

from analysis.class_maps import build_class_map
from mapping.basemap import make_basemap
from mapping.services.basemaps import register_basemap
from surveys import services
from surveys.models import ClassGroup, Lesson, Response, Survey, User
from tests.factories import MarkFactory, ResponseFactory
from tests.followup.test_ground import frame

pytestmark = pytest.mark.django_db

Answer = Callable[[int], None]


@pytest.fixture
def tors(client: Client, tor: User) -> Client:
    """Tor's browser."""
    client.force_login(tor)
    return client


@pytest.fixture
def answer(class_group: ClassGroup, survey: Survey) -> Answer:
    """So many more children of the class play at the playground and are done."""
    category = survey.categories.get(code="leke")

    def add(children: int) -> None:
        for _ in range(children):
            seat = Response.objects.filter(class_group=class_group).count()
            done = timezone.now() + timedelta(seconds=seat)
            MarkFactory.create(
                response=ResponseFactory.create(class_group=class_group, seat=seat, finished_at=done),
                category=category,
                comment="Her bor mormor",
            )

    return add


def _page(client: Client, group: ClassGroup) -> str:
    answer = client.get(reverse("followup:class-map", args=[group.pk]))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return re.sub(r"\s+", " ", answer.content.decode())


def test_below_ten_the_page_says_kindly_how_many_are_missing(tors: Client, class_group: ClassGroup, answer: Answer) -> None:
    answer(7)
    page = _page(tors, class_group)
    assert "Kartet kommer når 3 elever til er ferdige." in page
    assert '<svg class="release-map__picture"' not in page
    answer(2)
    assert "Kartet kommer når 1 elev til er ferdig." in _page(tors, class_group)


def test_from_ten_on_there_is_a_map_with_what_to_talk_about(tors: Client, class_group: ClassGroup, answer: Answer) -> None:
    answer(10)
    page = _page(tors, class_group)
    assert 'class="hex hex--1"' in page
    assert "Hva legger dere merke til på kartet?" in page
    assert "Kartet er laget av 10 svar" in page
    for secret in ("mormor", *map(str, Response.objects.values_list("pk", flat=True))):
        assert secret not in page
    assert not re.search(r"\d+\.\d{5,}", page), "no exact position"


def test_one_more_child_does_not_change_the_map(class_group: ClassGroup, answer: Answer) -> None:
    answer(10)
    before = build_class_map(class_group).payload
    for more in range(4):
        answer(1)
        assert build_class_map(class_group).payload == before, f"{more + 1} more"
    answer(1)
    after = build_class_map(class_group).payload
    assert after is not None
    assert after["children"] == 15


def test_who_is_still_drawing_counts_when_the_lesson_is_over(class_group: ClassGroup, answer: Answer, lesson: Lesson) -> None:
    answer(9)
    late = ResponseFactory.create(class_group=class_group, seat=90)
    MarkFactory.create(response=late, category=class_group.survey.categories.get(code="leke"))
    assert build_class_map(class_group).missing == 1
    services.close_lesson(lesson=lesson)
    assert build_class_map(class_group).payload is not None


def test_what_is_withdrawn_or_set_aside_is_not_in_it(class_group: ClassGroup, answer: Answer) -> None:
    answer(11)
    services.withdraw(response=Response.objects.get(seat=0))
    assert build_class_map(class_group).payload is not None
    Response.objects.filter(seat=1).update(set_aside_at=timezone.now())
    assert build_class_map(class_group).missing == 1


def test_the_planner_of_the_municipality_is_not_the_classs_teacher(client: Client, pia: User, class_group: ClassGroup) -> None:
    client.force_login(pia)
    for name in ("class-map", "class-ground", "paper-sheet", "paper-ground"):
        assert client.get(reverse(f"followup:{name}", args=[class_group.pk])).status_code == 404


def test_without_a_map_of_our_own_the_paper_has_a_grid(tors: Client, class_group: ClassGroup) -> None:
    page = tors.get(reverse("followup:paper-sheet", args=[class_group.pk])).content.decode()
    assert "sheet__grid" in page
    assert "Begynn ved nærmeste hjørne, ikke ved døra hjemme." in page
    assert tors.get(reverse("followup:paper-ground", args=[class_group.pk])).status_code == 404
    assert tors.get(reverse("followup:class-ground", args=[class_group.pk])).status_code == 404


def test_with_one_the_paper_and_the_class_map_stand_on_it(
    tors: Client, class_group: ClassGroup, answer: Answer, settings: Settings, tmp_path: Path
) -> None:
    settings.BASEMAP_ROOT = tmp_path
    layers = {"water": frame(("lake", "", Point(5.333, 60.381).buffer(0.002)))}
    make_basemap(layers, tmp_path / "b.pmtiles", name="Prøve", attribution="© Prøve", min_zoom=10, max_zoom=14)
    municipality = class_group.survey.municipality
    register_basemap(municipality=municipality, name="Prøve", file_name="b.pmtiles", attribution="© Prøve", min_zoom=10, max_zoom=14)
    page = tors.get(reverse("followup:paper-sheet", args=[class_group.pk])).content.decode()
    assert "sheet__grid" not in page
    answer(10)
    assert "© Prøve" in _page(tors, class_group)
    for name in ("paper-ground", "class-ground"):
        ground = tors.get(reverse(f"followup:{name}", args=[class_group.pk]))
        assert ground["Content-Type"] == "image/svg+xml"
        assert b"<path" in ground.content
