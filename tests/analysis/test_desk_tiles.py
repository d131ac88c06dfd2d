"""Vector tiles of the workbench's map, read with GDAL: the marks of the filter, all kinds, and what the map's cards say of them."""

from collections import Counter
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from django.http import QueryDict
from django.test import Client

from analysis.filters import MarkFilter
from analysis.tile_scheme import tile_at
from surveys.models import Survey, User
from tests import places

pytestmark = pytest.mark.django_db
ZOOM = 11


@pytest.fixture
def desk(pia: User) -> Client:
    """Pia at the workbench."""
    client = Client()
    client.force_login(pia)
    return client


def layers_of(desk: Client, survey: Survey, folder: Path, query: str = "") -> dict[str, Any]:
    """The layers of the tile round the playground, as GDAL reads them."""
    column, row = tile_at(*places.PLAYGROUND, ZOOM)
    answer = desk.get(f"/surveys/{survey.pk}/fliser/{ZOOM}/{column}/{row}.mvt{query}")
    assert answer.status_code in {200, 204}, answer.content
    if answer.status_code == 204:
        return {}
    path = folder / str(ZOOM) / str(column) / f"{row}.pbf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(answer.content)
    return {name: pyogrio.read_dataframe(path, layer=name, CLIP="NO") for name, _ in pyogrio.list_layers(path)}


@pytest.mark.parametrize("query", ["", "?category=leke", "?kind=route&grade_band=5-7", "?mode=ga", "?from=2026-09-01&show=hexagons"])
def test_a_tile_holds_the_marks_that_the_filter_lets_through(answered: Survey, desk: Client, tmp_path: Path, query: str) -> None:
    marks = MarkFilter.parse(QueryDict(query.removeprefix("?").replace("&show=hexagons", "")), answered).marks_of(answered)
    expected = Counter(marks.exclude(geom=None).values_list("kind", "category__code"))
    found = layers_of(desk, answered, tmp_path, query)
    kind_of = {"places": "place", "routes": "route", "areas": "area"}
    assert expected == Counter((kind_of[name], code) for name, frame in found.items() for code in frame["category"])


def test_it_says_of_a_mark_what_the_map_says_and_no_more(answered: Survey, desk: Client, tmp_path: Path) -> None:
    found = layers_of(desk, answered, tmp_path)
    assert set(found) == {"places", "routes"}
    told = {column for frame in found.values() for column in frame.columns}
    assert told <= {"category", "mode", "grade_band", "comment", "geometry", "mvt_id"}
    assert set(found["places"]["comment"].dropna()) == {"Bilene kjører fort"}, "words that are released, and no others"


@pytest.mark.parametrize("spot", ["4/8/4", "19/0/0", "11/2048/1", "11/1/2048"])
def test_a_tile_that_there_is_none_of_is_a_404(answered: Survey, desk: Client, spot: str) -> None:
    assert desk.get(f"/surveys/{answered.pk}/fliser/{spot}.mvt").status_code == 404


def test_an_empty_tile_is_a_204_and_a_wrong_filter_says_what_is_wrong(answered: Survey, desk: Client) -> None:
    assert desk.get(f"/surveys/{answered.pk}/fliser/11/0/0.mvt").status_code == 204
    refused = desk.get(f"/surveys/{answered.pk}/fliser/11/0/0.mvt?category=finnesikke")
    assert refused.status_code == 400
    assert "finnesikke" in refused.content.decode()
