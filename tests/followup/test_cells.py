"""The public GeoJSON of a release."""

import re
from typing import Any

import numpy as np
import orjson
import pytest
import shapely

from analysis import grid
from followup.cells import cell_collection

pytestmark = pytest.mark.django_db


def collection(payload: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = orjson.loads(b"".join(cell_collection(payload, release="r")))
    return read


def test_each_published_cell_is_one_hexagon_with_its_numbers_by_theme(payload: dict[str, Any]) -> None:
    features = {feature["id"]: feature for feature in collection(payload)["features"]}
    assert features
    assert set(features) == {cell["id"] for cell in payload["cells"]}
    for cell in payload["cells"]:
        key = f"theme_{cell['theme']}" if cell["theme"] else "children"
        assert features[cell["id"]]["properties"][key] == cell["children_rounded"]


def test_a_number_that_is_not_published_is_null(payload: dict[str, Any]) -> None:
    published = {(cell["id"], cell["theme"]) for cell in payload["cells"]}
    found = collection(payload)["features"]
    for feature in found:
        for theme in ("positive", "change"):
            assert (feature["id"], theme) not in published
            assert feature["properties"][f"theme_{theme}"] is None


def test_a_hexagon_is_the_grids_to_some_metres_and_wound_as_rfc_7946_asks(payload: dict[str, Any]) -> None:
    for feature in collection(payload)["features"]:
        shape = shapely.Polygon(feature["geometry"]["coordinates"][0])
        assert shape.is_valid
        assert shape.exterior.is_ccw
        x, y = grid.project(*shapely.get_coordinates(shape).T)
        exact = grid.cell_polygon(np.array([grid.cell_from_name(feature["id"])]))[0]
        assert shapely.hausdorff_distance(shapely.Polygon(zip(x, y, strict=True)), exact) < 8


def test_no_position_has_more_than_four_decimals(payload: dict[str, Any]) -> None:
    text = b"".join(cell_collection(payload)).decode()
    assert re.search(r"60\.\d{3,4},", text) or re.search(r"60\.\d{3,4}\]", text)
    assert not re.search(r"\d\.\d{5}", text)


def test_a_release_without_cells_is_an_empty_collection(payload: dict[str, Any]) -> None:
    assert collection(payload | {"cells": []}) == {"type": "FeatureCollection", "release": "r", "features": []}
