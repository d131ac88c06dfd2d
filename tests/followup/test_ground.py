"""The ground of the printed map, read out of a real basemap file of two lakes, a wood, roads and names."""

import re
from pathlib import Path

import numpy as np
import pytest
from geopandas import GeoDataFrame
from shapely.geometry import LineString, Point, box

from followup.frame import HEIGHT, WIDTH, frame_around
from followup.ground import Ground, read_ground
from mapping.basemap import make_basemap

FRAME = frame_around((5.30, 60.36, 5.36, 60.39))


@pytest.fixture(scope="module")
def basemap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PMTiles file as make_basemap writes it."""
    path = tmp_path_factory.mktemp("basemap") / "bergen.pmtiles"
    layers = {
        "water": frame(
            ("lake", "", box(5.32, 60.37, 5.34, 60.38)), ("lake", "", box(6.0, 60.37, 6.1, 60.38)), ("lake", "Tjørna", Point(5.33, 60.375))
        ),
        "landuse": frame(("forest", "", box(5.34, 60.36, 5.36, 60.37)), ("residential", "", box(5.30, 60.38, 5.32, 60.39))),
        "roads": frame(
            ("major_road", "Storgata", LineString([(5.30, 60.365), (5.36, 60.365)])),
            ("path", "", LineString([(5.33, 60.36), (5.33, 60.39)])),
        ),
        "places": frame(("locality", "Byen", Point(5.31, 60.385)), ("farm", "Haugen", Point(5.35, 60.385))),
    }
    make_basemap(layers, path, name="Prøve", attribution="Prøve", min_zoom=10, max_zoom=14)
    return path


def frame(*rows: tuple[str, str, object]) -> GeoDataFrame:
    kinds, names, shapes = zip(*rows, strict=True)
    # each name shows from the first zoom on, or the file would leave it out of the coarse ones
    return GeoDataFrame({"kind": kinds, "name": names, "min_zoom": [0] * len(rows)}, geometry=list(shapes), crs=4326)


@pytest.fixture(scope="module")
def ground(basemap: Path) -> Ground:
    """What the frame sees of it."""
    return read_ground(basemap, FRAME, min_zoom=10, max_zoom=14)


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", path)]


def test_a_lake_is_one_outline_where_it_lies_however_many_tiles_it_spans(ground: Ground) -> None:
    assert ground.water.count("M") == 1
    placed = FRAME.place(np.array([[5.32, 60.38], [5.34, 60.37]]))
    x, y = zip(*points(ground.water), strict=True)
    assert (min(x), min(y), max(x), max(y)) == pytest.approx((*placed[0], *placed[1]), abs=3)


def test_woods_are_painted_and_houses_quarters_are_not(ground: Ground) -> None:
    assert ground.woods.count("M") == 1
    assert ground.greens == ""


def test_roads_stand_over_paths_and_have_their_width(ground: Ground) -> None:
    assert [line.kind for line in ground.lines] == ["path", "major_road"]
    assert ground.lines[1].width > 3 * ground.lines[0].width


def test_names_of_places_and_water_come_the_larger_first_and_farms_not_at_all(ground: Ground) -> None:
    assert [(name.text, name.kind) for name in ground.names] == [("Byen", "town"), ("Tjørna", "water")]


def test_nothing_reaches_far_outside_the_picture(ground: Ground) -> None:
    everything = [point for path in (ground.water, ground.woods, *(line.path for line in ground.lines)) for point in points(path)]
    assert all(-15 <= x <= WIDTH + 15 and -15 <= y <= HEIGHT + 15 for x, y in everything)


def test_a_layer_that_the_file_lacks_is_empty_ground(tmp_path: Path) -> None:
    path = tmp_path / "bare.pmtiles"
    make_basemap({"water": frame(("lake", "", box(5.32, 60.37, 5.34, 60.38)))}, path, name="Prøve", attribution="Prøve", max_zoom=13)
    bare = read_ground(path, FRAME, min_zoom=8, max_zoom=13)
    assert bare.water
    assert (bare.lines, bare.names, bare.woods) == ((), (), "")
