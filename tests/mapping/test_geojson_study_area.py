"""Inside or outside the study area, and where a mark leaves it."""

import threading
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry

from mapping.geojson import StudyArea, read_geometry
from surveys.errors import OutsideStudyArea
from tests.mapping.geojson_cases import HOLE, SQUARE, line, point, polygon, refused, study_area

C = "/geometry/coordinates"
AREA = StudyArea(study_area(SQUARE))
WITH_GAP = StudyArea(study_area(SQUARE, HOLE))
# An area like the letter U, open to the north: from one arm to the other is only round the bottom.
BAY = StudyArea(study_area([[5, 60], [6, 60], [6, 61], [5.8, 61], [5.8, 60.2], [5.2, 60.2], [5.2, 61], [5, 61], [5, 60]]))


def outside(pointer: str, quotes: str = "") -> Any:
    return refused(OutsideStudyArea, code="outside-study-area", pointer=pointer, quotes=quotes)


@pytest.mark.parametrize(
    ("geometry", "kind"),
    [
        (point(5.5, 60.5), "place"),
        (point(5, 60), "place"),
        (point(5, 60.5), "place"),
        (line([5, 60], [6, 61], [5, 61]), "route"),
        (polygon(SQUARE), "area"),
        (polygon(SQUARE, HOLE), "area"),
    ],
)
def test_mark_inside_or_on_the_edge_is_taken(geometry: Any, kind: str) -> None:
    assert read_geometry(geometry, kind=kind, within=AREA).valid


def test_place_outside_is_refused_with_the_area_it_should_be_in() -> None:
    with outside(
        C, "[7.0, 60.5] er merket utenfor undersøkelsens område; området går fra 5.0000 til 6.0000 i lengde og fra 60.0000 til 61.0000"
    ):
        read_geometry(point(7, 60.5), kind="place", within=AREA)


@pytest.mark.parametrize("leaves_at", [0, 1, 2, 3, 6, 7])
def test_way_that_leaves_the_area_is_refused_at_its_first_position_outside(leaves_at: int) -> None:
    way = [[5.1 + index / 10, 60.5] for index in range(8)]
    for position in way[leaves_at:]:
        position[1] = 61.5
    with outside(f"{C}/{leaves_at}", f"[{way[leaves_at][0]:.1f}, 61.5]"):
        read_geometry(line(*way), kind="route", within=AREA)


def test_way_ending_outside_the_area_is_refused_at_its_end() -> None:
    way = [[5.0001 + index / 10_000, 60.5] for index in range(9_999)]
    with outside(f"{C}/9999", "[7.5, 60.5]"):
        read_geometry(line(*way, [7.5, 60.5]), kind="route", within=AREA)


def test_way_across_a_bay_is_refused_although_all_its_positions_are_inside() -> None:
    with outside(f"{C}/2", "[5.9, 60.9]"):
        read_geometry(line([5.1, 60.1], [5.1, 60.9], [5.9, 60.9], [5.9, 60.1]), kind="route", within=BAY)


def test_area_reaching_outside_is_refused_at_its_first_corner_outside() -> None:
    reaching = [[5.5, 60.5], [5.9, 60.5], [6.5, 60.9], [5.5, 60.9], [5.5, 60.5]]
    with outside(f"{C}/0/2", "[6.5, 60.9]"):
        read_geometry(polygon(reaching), kind="area", within=AREA)


def test_area_around_a_gap_in_the_study_area_is_refused() -> None:
    around = [[5.3, 60.3], [5.7, 60.3], [5.7, 60.7], [5.3, 60.7], [5.3, 60.3]]
    with outside(f"{C}/0", "dekker noe som ikke hører til"):
        read_geometry(polygon(around), kind="area", within=WITH_GAP)


def test_area_with_a_hole_around_the_gap_is_taken() -> None:
    around = [[5.3, 60.3], [5.7, 60.3], [5.7, 60.7], [5.3, 60.7], [5.3, 60.3]]
    assert read_geometry(polygon(around, HOLE), kind="area", within=WITH_GAP).valid


def test_bare_geometry_will_do_as_a_study_area() -> None:
    assert read_geometry(point(5.5, 60.5), kind="place", within=study_area(SQUARE)).valid
    with outside(C):
        read_geometry(point(5.5, 62), kind="place", within=study_area(SQUARE))


def test_study_area_of_several_parts_takes_what_is_in_one_of_them() -> None:
    parts = StudyArea(GEOSGeometry("SRID=4326;MULTIPOLYGON(((5 60,6 60,6 61,5 60)),((8 60,9 60,9 61,8 60)))"))
    assert read_geometry(point(8.9, 60.1), kind="place", within=parts).valid
    with outside(f"{C}/1", "[8.9, 60.1]"):
        read_geometry(line([5.9, 60.1], [8.9, 60.1]), kind="route", within=parts)


@pytest.mark.parametrize(
    "text", ["SRID=25832;POLYGON((0 0,9 0,9 9,0 0))", "POLYGON((0 0,9 0,9 9,0 0))", "SRID=4326;POINT(0 0)", "SRID=4326;POLYGON EMPTY"]
)
def test_study_area_in_metres_or_without_a_surface_is_a_mistake(text: str) -> None:
    with pytest.raises(ValueError, match="a study area must be"):
        StudyArea(GEOSGeometry(text))


def test_one_study_area_serves_many_threads() -> None:
    """Sixteen threads ask one area for the first time at once, and each gets the right answers."""
    # A coast of 4,000 corners, so that building an index takes long enough to be interrupted.
    corners = [[5 + index / 4_000, 60 + 0.001 * (index % 2)] for index in range(4_000)]
    area = StudyArea(study_area([*corners, [6, 61], [5, 61], corners[0]]))
    start = threading.Barrier(16)
    answers: list[bool] = []

    def ask() -> None:
        start.wait()
        inside = read_geometry(line([5.2, 60.5], [5.8, 60.6]), kind="route", within=area)
        answers.extend(area.covers(inside) for _ in range(50))
        answers.append(not area.covers(read_geometry(point(4, 60), kind="place")))

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * (16 * 51)
