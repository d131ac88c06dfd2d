"""Areas of places: against cases that a hand can count, and against what must not matter."""

import numpy as np
import pytest
import shapely
from django.test import Client
from django.urls import reverse

from analysis import clusters
from analysis.clusters import find_areas, is_known
from analysis.filters import MarkFilter
from analysis.kept_areas import NAME, keep_areas
from analysis.layer_counts import layer_counts
from mapping.models import Mark
from surveys.errors import InvalidFilter
from surveys.models import Layer, Survey, User
from tests import places
from tests.factories import MarkFactory

Floats = np.ndarray


def _around(x: float, y: float, number: int, *, radius_m: float = 20) -> Floats:
    """So many places on a spiral round a middle: near each other, and no two the same."""
    turn = np.arange(number) * 2.4
    out = radius_m * np.sqrt((np.arange(number) + 0.5) / number)
    return np.column_stack([x + out * np.cos(turn), y + out * np.sin(turn)])


def _alone(number: int) -> Floats:
    """Places 400 m from each other."""
    return np.column_stack([3_000 + 400.0 * np.arange(number), np.full(number, 5_000.0)])


def test_what_gathers_is_found_and_what_stands_alone_is_not() -> None:
    xy = np.concatenate([_around(0, 0, 12), _around(1_000, 0, 7), _alone(20)])
    found = find_areas(xy, np.arange(len(xy)), least=5)
    assert [(area.children, area.places) for area in found] == [(12, 12), (7, 7)]
    first, second = (area.outline for area in found)
    assert first.contains(shapely.MultiPoint(xy[:12]))
    assert second.contains(shapely.MultiPoint(xy[12:19]))
    # 25 m round places that lie within 20 m: no larger than a circle of 45 m, no smaller than one of 25 m
    assert np.pi * 25**2 < first.area < np.pi * 45**2


def test_everybody_at_one_place_is_one_area() -> None:
    """Those at its rim may lie too thin to belong to it."""
    xy = _around(0, 0, 40, radius_m=30)
    [area] = find_areas(xy, np.arange(40), least=5)
    assert 34 <= area.children <= 40


def test_a_child_that_marks_much_makes_no_area_and_counts_once() -> None:
    busy = _around(0, 0, 60)
    assert find_areas(busy, np.zeros(60, dtype=np.int64), least=5) == []
    both = np.concatenate([busy, _around(0, 0, 6)])
    [area] = find_areas(both, np.concatenate([np.zeros(60, dtype=np.int64), np.arange(1, 7)]), least=5)
    assert (area.children, area.places) == (7, 66)


def test_four_children_are_no_area_and_five_are() -> None:
    xy = np.concatenate([_around(0, 0, 4), _around(1_000, 0, 5), _alone(10)])
    assert [area.children for area in find_areas(xy, np.arange(len(xy)), least=5)] == [5]


def test_the_order_of_the_places_does_not_matter() -> None:
    xy = np.concatenate([_around(0, 0, 12), _around(70, 0, 9), _around(1_000, 0, 7), _alone(20)])
    child = np.arange(len(xy)) // 2
    turned = np.argsort(np.arange(len(xy)) * 7 % len(xy), kind="stable")
    one, other = find_areas(xy, child, least=5), find_areas(xy[turned], child[turned], least=5)
    assert [(a.children, a.places) for a in one] == [(a.children, a.places) for a in other]
    assert all(a.outline.equals_exact(b.outline, 1e-6) for a, b in zip(one, other, strict=True))


def test_areas_never_overlap_and_all_who_are_counted_are_inside() -> None:
    """On the kind of ground that a town is: dense here, thin there. Counted once more by shapely, place by place."""
    xy = np.concatenate([_around(90 * n, 30 * (n % 3), 6 + n % 5, radius_m=10 + 8 * (n % 4)) for n in range(40)])
    child = np.arange(len(xy)) % 90
    found = find_areas(xy, child, least=5)
    assert len(found) > 3
    assert shapely.union_all([area.outline for area in found]).area == pytest.approx(sum(area.outline.area for area in found))
    for area in found:
        inside = [number for number, place in zip(child.tolist(), map(shapely.Point, xy), strict=True) if area.outline.contains(place)]
        assert (area.places, area.children) == (len(inside), len(set(inside)))


@pytest.mark.parametrize("wrong", [{"xy": np.zeros((3, 3))}, {"child": np.zeros(2, dtype=np.int64)}, {"least": 1}])
def test_what_cannot_be_asked_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"places of shape|at least 1 children"):
        find_areas(**{"xy": np.zeros((3, 2)), "child": np.zeros(3, dtype=np.int64), "least": 5, **wrong})  # type: ignore[arg-type]


def test_nothing_has_no_areas() -> None:
    assert find_areas(np.zeros((0, 2)), np.zeros(0, dtype=np.int64), least=5) == []


def test_an_area_is_known_by_the_ground_that_it_shares() -> None:
    here, shifted, beside = shapely.box(0, 0, 100, 100), shapely.box(40, 0, 140, 100), shapely.box(90, 0, 190, 100)
    assert is_known(shifted, [beside, here]), "6,000 of 14,000 m² are both's"
    assert not is_known(beside, [here]), "1,000 of 19,000 m²"
    assert not is_known(here, [])


db = pytest.mark.django_db


@pytest.fixture
def gathered(answered: Survey) -> Survey:
    """Twelve of the survey's children at the crossing, all others at the playground, half a kilometre off."""
    farlig = answered.categories.get(code="farlig")
    for number, response in enumerate(answered.responses.order_by("id")[:12]):
        x, y = places.CROSSING
        spot = places.point((x + 0.0001 * (number % 4), y + 0.00005 * (number // 4)))
        MarkFactory.create(response=response, category=farlig, geom=spot)
    return answered


@db
def test_areas_get_numbers_and_keep_them(gathered: Survey) -> None:
    everywhere = MarkFilter()
    first = keep_areas(survey=gathered, chosen=everywhere)
    assert (first.found, first.new) == (2, 2)
    layer = Layer.objects.get(name=NAME)
    before = list(layer.features.order_by("number").values_list("number", "name", "geom", "properties"))
    assert [(number, name, more["id"]) for number, name, _, more in before] == [
        (1, "Område 1", f"{gathered.municipality.number}-1"),
        (2, "Område 2", f"{gathered.municipality.number}-2"),
    ]
    again = keep_areas(survey=gathered, chosen=everywhere)
    assert (again.layer, again.found, again.new) == (layer, 2, 0)
    Mark.objects.filter(category__code="leke").delete()
    leke = gathered.categories.get(code="leke")
    for number, response in enumerate(gathered.responses.order_by("id")):
        spot = places.point((5.345 + 0.0001 * (number % 5), 60.37 + 0.0001 * (number // 5)))
        MarkFactory.create(response=response, category=leke, geom=spot)
    third = keep_areas(survey=gathered, chosen=everywhere)
    assert (third.found, third.new) == (2, 1)
    assert list(layer.features.order_by("number").values_list("number", "name", "geom", "properties"))[:2] == before, "what is cited stays"
    assert layer.features.get(number=3).name == "Område 3"


@db
def test_an_area_s_children_are_counted_as_in_any_layer(gathered: Survey) -> None:
    kept = keep_areas(survey=gathered, chosen=MarkFilter(theme=("negative",)))
    assert kept.layer is not None
    assert (kept.found, kept.new) == (1, 1)
    counts = layer_counts(gathered, MarkFilter(theme=("negative",)), kept.layer, reach_m=0)
    assert counts.found.children.tolist() == [12]


@db
def test_too_many_places_are_refused_with_what_to_do(gathered: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.kept_areas.MAX_PLACES", 10)
    with pytest.raises(InvalidFilter, match=r"er for mange å finne områder i; 10 går\. Velg et tema"):
        keep_areas(survey=gathered, chosen=MarkFilter())
    assert clusters.MAX_PLACES == 20_000
    assert not Layer.objects.exists()


@db
def test_the_button_leads_to_the_areas_on_the_map(client: Client, pia: User, gathered: Survey) -> None:
    client.force_login(pia)
    page = client.post(reverse("analysis:areas", args=[gathered.pk]) + "?theme=negative", follow=True)
    assert page.redirect_chain[0][0].endswith(f"?theme=negative&show=within&layer={Layer.objects.get().pk}")
    assert "Områder funnet: 1. Nye, som har fått nummer: 1." in page.content.decode()
    none = client.post(reverse("analysis:areas", args=[gathered.pk]) + "?category=kjedelig", follow=True)
    assert "Områder funnet: 0." in none.content.decode()
