"""Public releases under /ogc/: the same hexagons as the release's own file, for everybody, and no draft or withdrawn one for anybody."""

from typing import Any

import orjson
import pytest
from django.test import Client

from analysis.models import Release
from analysis.services import withdraw_release
from followup.cells import cell_collection
from mapping.geojson import read_geojson_object
from surveys.models import Survey, User

pytestmark = pytest.mark.django_db
UTM33 = "http://www.opengis.net/def/crs/EPSG/0/25833"


def url_of(release: Release, rest: str = "") -> str:
    return f"/ogc/collections/release-{release.pk}{rest}"


def test_the_hexagons_are_those_of_the_release_s_own_file(release: Release, payload: dict[str, Any]) -> None:
    wanted = orjson.loads(b"".join(cell_collection(payload)))["features"]
    stranger, url, found = Client(), url_of(release, "/items?limit=2"), []
    while url:
        page = stranger.get(url).json()
        assert page["numberMatched"] == len(wanted) > 2
        found += page["features"]
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    assert found == wanted
    assert len(read_geojson_object({"type": "FeatureCollection", "features": found})) == len(wanted)
    one = stranger.get(url_of(release, f"/items/{wanted[0]['id']}")).json()
    assert (one["geometry"], one["properties"]) == (wanted[0]["geometry"], wanted[0]["properties"])


def test_a_stranger_finds_public_releases_alone(release: Release, answered: Survey) -> None:
    collections = Client().get("/ogc/collections").json()["collections"]
    assert [one["id"] for one in collections] == [f"release-{release.pk}"]
    assert not any("tiles" in link["rel"] for link in collections[0]["links"])
    assert Client().get(url_of(release)).status_code == 200
    assert Client().get(url_of(release, "/tiles")).status_code == 404
    assert Client().get(url_of(release, "/items?theme=way")).status_code == 400
    assert Client().get(url_of(release, "/items?f=html")).status_code == 200


def test_a_draft_a_withdrawn_one_and_one_of_a_deleted_survey_are_nobody_s(draft: Release, pia: User) -> None:
    planner = Client()
    planner.force_login(pia)
    for status in ("draft", "public", "withdrawn", "deleted"):
        if status == "public":
            Release.objects.filter(pk=draft.pk).update(status="public", published_on=draft.built_on)
        elif status == "withdrawn":
            withdraw_release(release=Release.objects.get(pk=draft.pk))
        elif status == "deleted":
            Survey.objects.update(status="deleted")
        for client in (Client(), planner):
            assert client.get(url_of(draft, "/items")).status_code == (200 if status == "public" else 404), status


def test_hexagons_come_in_metres_and_in_boxes(release: Release) -> None:
    everything = Client().get(url_of(release, "/items")).json()["features"]
    cell = everything[0]
    west, south = cell["geometry"]["coordinates"][0][0]
    boxed = Client().get(url_of(release, f"/items?bbox={west - 1e-5},{south - 1e-5},{west + 1e-5},{south + 1e-5}")).json()["features"]
    assert cell in boxed
    assert len(boxed) < len(everything)
    metres = Client().get(url_of(release, f"/items/{cell['id']}?crs={UTM33}"))
    assert metres["Content-Crs"] == f"<{UTM33}>"
    ring = metres.json()["geometry"]["coordinates"][0]
    # 250 m between opposite sides are 289 m between opposite corners; corners are rounded to some ten metres
    assert max(y for _, y in ring) - min(y for _, y in ring) == pytest.approx(289, abs=45)
    x, y = ring[0]
    there = Client().get(url_of(release, f"/items?bbox={x - 1},{y - 1},{x + 1},{y + 1}&bbox-crs={UTM33}")).json()["features"]
    assert cell in there
    assert len(there) < len(everything)


def test_a_release_is_in_its_period_or_not(release: Release, answered: Survey) -> None:
    opens, closes = answered.opens_on, answered.closes_on
    for query, some in ((f"{opens}/..", True), (f"../{opens}", True), ("../2001-01-01", False), ("2099-01-01/..", False), (closes, True)):
        found = Client().get(url_of(release, "/items"), {"datetime": str(query)}).json()["numberMatched"]
        assert bool(found) == some, query


@pytest.mark.parametrize("name", ["release-", "release-x", "release-00000000-0000-4000-8000-000000000000"])
def test_what_is_no_release_is_not_there(db: None, name: str) -> None:
    assert Client().get(f"/ogc/collections/{name}/items").status_code == 404
