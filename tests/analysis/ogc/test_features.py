"""OGC API – Features as its reader meets it: links, pages, systems, boxes, refusals, ids that are lent for a day."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import orjson
import pytest
from django.test import Client
from django.utils import timezone

from analysis.ogc import ids
from analysis.ogc.crs import CRS84, URIS
from mapping.models import Mark
from surveys.models import Response, Survey, User
from surveys.services import make_access_token
from tests import places
from tests.analysis.ogc.conftest import Get
from tests.factories import MarkFactory

pytestmark = pytest.mark.django_db
Pages = Callable[..., list[dict[str, Any]]]
EPSG = "http://www.opengis.net/def/crs/EPSG/0/{}"


def rels(body: dict[str, Any]) -> dict[str, str]:
    """The links' addresses by their relation, the last of each."""
    return {link["rel"]: link["href"] for link in body["links"]}


def test_everything_is_found_by_following_links_from_the_landing_page(answered: Survey, desk: Client, get: Get) -> None:
    landing = rels(get(""))
    assert {"self", "alternate", "service-desc", "service-doc", "conformance", "data"} <= set(landing)
    conforms = desk.get(landing["conformance"]).json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in conforms
    collections = desk.get(landing["data"]).json()["collections"]
    assert [one["id"] for one in collections] == [f"{answered.pk}-{name}" for name in ("places", "routes", "areas")]
    one = desk.get(rels(collections[0])["collection"]).json()
    assert one["storageCrs"] == CRS84.uri
    assert one["crs"] == URIS
    page = desk.get(next(link["href"] for link in one["links"] if link["rel"] == "items")).json()
    assert page["numberMatched"] == page["numberReturned"] == 33
    feature = page["features"][0]
    alone = desk.get(f"/ogc/collections/{answered.pk}-places/items/{feature['id']}")
    assert alone["Content-Type"] == "application/geo+json"
    assert {name: alone.json()[name] for name in feature} == feature
    assert {"self", "alternate", "collection"} <= set(rels(alone.json()))


def test_pages_hold_every_feature_once_and_lead_back(answered: Survey, get: Get, pages: Pages) -> None:
    found = pages(answered, "places", limit=10)
    assert len(found) == len({feature["id"] for feature in found}) == 33
    assert found == pages(answered, "places", limit=4)
    middle = get(f"collections/{answered.pk}-places/items", limit=10, offset=10)
    assert middle["features"] == found[10:20]
    assert "offset=20" in rels(middle)["next"]
    assert "offset=0" in rels(middle)["prev"]
    assert "prev" not in rels(get(f"collections/{answered.pk}-places/items", limit=10))
    assert "next" not in rels(get(f"collections/{answered.pk}-places/items", limit=10, offset=30))


def test_a_limit_above_the_greatest_gives_the_greatest(answered: Survey, get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.ogc.parameters.MAX_LIMIT", 5)
    page = get(f"collections/{answered.pk}-places/items", limit=10_001)
    assert page["numberReturned"] == 5
    assert "limit=5" in rels(page)["next"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("colour=red", "'colour'"),
        ("kind=place", "'kind'"),
        ("limit=0", "limit='0'"),
        ("limit=ti", "limit='ti'"),
        ("limit=1&limit=2", "'limit'"),
        ("offset=-1", "offset='-1'"),
        ("order=2020-01-01", "order='2020-01-01'"),
        ("bbox=1,2,3", "bbox='1,2,3'"),
        ("bbox=1,2,3,nan", "bbox='1,2,3,nan'"),
        ("bbox=5,61,6,60", "bbox='5,61,6,60'"),
        ("bbox=5,60,9,6,61,0", "bbox='5,60,9,6,61,0'"),
        ("bbox=600000,60,5,61&bbox-crs=" + EPSG.format(25832), "bbox="),
        ("crs=EPSG:25833", "crs='EPSG:25833'"),
        ("bbox-crs=EPSG:25833", "bbox-crs='EPSG:25833'"),
        ("datetime=i+går", "datetime="),
        ("datetime=2026-13-01", "datetime="),
        ("theme=finnesikke", "theme='finnesikke'"),
        ("f=xml", "f='xml'"),
    ],
)
def test_what_is_not_known_or_cannot_be_is_a_400_that_quotes_it(answered: Survey, desk: Client, query: str, said: str) -> None:
    refused = desk.get(f"/ogc/collections/{answered.pk}-places/items?{query}")
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"
    assert said in refused.json()["detail"]


@pytest.mark.parametrize("path", ["", "conformance", "api", "collections", "collections/{}-places"])
def test_an_unknown_parameter_is_refused_everywhere(answered: Survey, desk: Client, path: str) -> None:
    assert desk.get(f"/ogc/{path.format(answered.pk)}?colour=red").status_code == 400


@pytest.mark.parametrize(
    ("srid", "first", "second", "within"),
    [(4326, 60.0, 5.0, 1), (25832, 297_000, 6_700_000, 10_000), (25833, -31_000, 6_730_000, 10_000), (3857, 592_600, 8_480_000, 10_000)],
)
def test_coordinates_come_in_the_system_asked_for_with_its_own_axis_order(
    answered: Survey, desk: Client, srid: int, first: float, second: float, within: float
) -> None:
    answer = desk.get(f"/ogc/collections/{answered.pk}-places/items", {"crs": EPSG.format(srid), "limit": "1"})
    assert answer["Content-Crs"] == f"<{EPSG.format(srid)}>"
    x, y = answer.json()["features"][0]["geometry"]["coordinates"]
    assert abs(x - first) < within, x
    assert abs(y - second) < within, y
    assert "crs" not in answer.json()["features"][0]["geometry"]


def test_without_crs_it_is_longitude_and_latitude(answered: Survey, desk: Client) -> None:
    answer = desk.get(f"/ogc/collections/{answered.pk}-places/items", {"category": "leke", "limit": "1"})
    assert answer["Content-Crs"] == f"<{CRS84.uri}>"
    assert answer.json()["features"][0]["geometry"]["coordinates"] == pytest.approx(places.PLAYGROUND, abs=1e-6)


def test_a_box_chooses_the_same_marks_in_every_system(answered: Survey, get: Get) -> None:
    url = f"collections/{answered.pk}-places/items"
    lon, lat = places.PLAYGROUND
    d = 0.0002
    wanted = get(url, bbox=f"{lon - d},{lat - d},{lon + d},{lat + d}")
    assert wanted["numberMatched"] == 30
    assert get(url, bbox=f"{lon - d},{lat - d},-50,{lon + d},{lat + d},50")["features"] == wanted["features"]
    flipped = f"{lat - d},{lon - d},{lat + d},{lon + d}"
    assert get(url, bbox=flipped, bbox_crs=EPSG.format(4326))["features"] == wanted["features"]
    for srid in (25832, 25833, 25835, 3857):
        there = get(url, crs=EPSG.format(srid), category="leke", limit=1)["features"][0]["geometry"]["coordinates"]
        box = f"{there[0] - 12},{there[1] - 12},{there[0] + 12},{there[1] + 12}"
        assert get(url, bbox=box, bbox_crs=EPSG.format(srid))["features"] == wanted["features"], srid


def test_a_box_may_be_the_world_a_point_or_cross_the_180th_meridian(answered: Survey, get: Get) -> None:
    url = f"collections/{answered.pk}-places/items"
    lon, lat = places.PLAYGROUND
    assert get(url, bbox="-200,-100,200,100")["numberMatched"] == 33
    assert get(url, bbox="-1e8,-1e8,1e8,1e8", bbox_crs=EPSG.format(25832))["numberMatched"] == 33
    assert get(url, bbox=f"{lon},{lat},{lon},{lat}")["numberMatched"] == 30
    assert get(url, bbox="170,50,10,70")["numberMatched"] == 33
    assert get(url, bbox="10,50,-170,70")["numberMatched"] == 0


def test_a_way_without_geometry_is_there_but_in_no_box(answered: Survey, get: Get) -> None:
    url = f"collections/{answered.pk}-routes/items"
    everything = get(url)
    assert everything["numberMatched"] == 4
    assert sum(feature["geometry"] is None for feature in everything["features"]) == 1
    assert get(url, bbox="-180,-90,180,90")["numberMatched"] == 3


def test_a_school_may_be_named_as_its_property_names_it(answered: Survey, get: Get) -> None:
    url = f"collections/{answered.pk}-places/items"
    assert get(url, school="Fjellheim skole", grade_band="8-10")["numberMatched"] == 10
    name = get(url, limit=1)["features"][0]["properties"]["school"]
    assert get(url, school=name)["numberMatched"] == 33


def test_words_that_nobody_has_released_are_nowhere(answered: Survey, desk: Client, pages: Pages) -> None:
    body = orjson.dumps(pages(answered, "places")).decode()
    assert "Bilene kjører fort" in body
    assert "41234567" not in body
    page = desk.get(f"/ogc/collections/{answered.pk}-places/items?limit=100&f=html").content.decode()
    assert "Bilene kjører fort" in page
    assert "41234567" not in page


def test_an_id_tells_nothing_of_the_mark_and_is_lent_to_one_reader_for_a_day(
    answered: Survey, desk: Client, pages: Pages, kai: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [feature["id"] for feature in pages(answered, "places")]
    marks = {mark.hex for mark in Mark.objects.values_list("pk", flat=True)}
    assert not marks & set(found)
    today = timezone.localdate()
    pia_reads = [ids.Lent(answered.pk, int(desk.session["_auth_user_id"]), today - timedelta(days=back)) for back in range(3)]
    kai_reads = ids.Lent(answered.pk, kai.pk, today)
    mark = pia_reads[0].mark_of(found[0])
    assert mark.hex in marks
    assert len({lent.id_of(mark) for lent in (*pia_reads, kai_reads)}) == 4
    assert len({lent.seed for lent in (*pia_reads, kai_reads)}) == 4
    status = [desk.get(f"/ogc/collections/{answered.pk}-places/items/{lent.id_of(mark)}").status_code for lent in (*pia_reads, kai_reads)]
    assert status == [200, 200, 404, 404]
    monkeypatch.setattr("analysis.ogc.ids.timezone.localdate", lambda: today + timedelta(days=1))
    assert [feature["id"] for feature in pages(answered, "places")] != found


def test_who_reads_over_midnight_goes_on_in_the_same_order(
    answered: Survey, desk: Client, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = get(f"collections/{answered.pk}-places/items", limit=20, offset=10)["features"]
    onwards = rels(get(f"collections/{answered.pk}-places/items", limit=10))["next"]
    today = timezone.localdate()
    monkeypatch.setattr("analysis.ogc.ids.timezone.localdate", lambda: today + timedelta(days=1))
    assert desk.get(onwards).json()["features"] == wanted[:10]
    monkeypatch.setattr("analysis.ogc.ids.timezone.localdate", lambda: today + timedelta(days=2))
    assert desk.get(onwards).status_code == 400


def test_the_order_does_not_put_a_child_s_marks_together(answered: Survey, desk: Client, pages: Pages) -> None:
    """Fifteen children with four marks each: neighbours in the order are of one child about as seldom as chance would have it, 3 in 59."""
    category = answered.categories.get(code="leke")
    children = list(Response.objects.filter(survey=answered)[:15])
    Mark.objects.filter(survey=answered).delete()
    for child in children:
        for _ in range(4):
            MarkFactory.create(response=child, category=category)
    owner = dict(Mark.objects.values_list("pk", "response_id"))
    lent = ids.Lent(answered.pk, int(desk.session["_auth_user_id"]), timezone.localdate())
    order = [owner[lent.mark_of(feature["id"])] for feature in pages(answered, "places")]
    assert len(order) == 60
    assert sum(one == other for one, other in pairwise(order)) < 12


def test_a_mark_is_not_found_in_a_collection_of_another_kind(answered: Survey, desk: Client, pages: Pages) -> None:
    place = pages(answered, "places")[0]["id"]
    assert desk.get(f"/ogc/collections/{answered.pk}-places/items/{place}").status_code == 200
    assert desk.get(f"/ogc/collections/{answered.pk}-areas/items/{place}").status_code == 404


@pytest.mark.parametrize("collection", ["finnes-ikke", "{}", "{}-hus", "{}-places-", "00000000-0000-4000-8000-000000000000-places"])
def test_what_does_not_exist_is_a_problem_document(answered: Survey, desk: Client, collection: str) -> None:
    for path in ("", "/items", "/items/0123"):
        refused = desk.get(f"/ogc/collections/{collection.format(answered.pk)}{path}")
        assert refused.status_code == 404
        assert refused["Content-Type"] == "application/problem+json"


def test_other_methods_and_addresses_are_problem_documents_too(desk: Client) -> None:
    for answer, status in ((desk.post("/ogc/collections"), 405), (desk.get("/ogc/finnes-ikke"), 404)):
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_key_reads_its_own_municipality_and_no_other(answered: Survey, pia: User, kai: User) -> None:
    url = f"/ogc/collections/{answered.pk}-places/items"
    for user, status in ((pia, 200), (kai, 404)):
        membership = user.memberships.get()
        _, secret = make_access_token(user=user, municipality=membership.municipality, label="QGIS")
        client = Client(headers={"Authorization": f"Bearer {secret}"})
        assert client.get(url).status_code == status
        assert len(client.get("/ogc/collections").json()["collections"]) == (3 if status == 200 else 0)
    stranger = Client()
    for path in (url, "/ogc/collections/00000000-0000-4000-8000-000000000000-places"):
        assert stranger.get(path).status_code == 401
    assert stranger.get("/ogc/collections").json()["collections"] == []
    assert Client(headers={"Authorization": "Bearer feil"}).get("/ogc/collections").status_code == 401


def test_answers_are_kept_by_nobody(answered: Survey, desk: Client) -> None:
    answer = desk.get(f"/ogc/collections/{answered.pk}-places/items")
    assert {"private", "no-store"} <= set(answer["Cache-Control"].replace(" ", "").split(","))
    assert {"Accept", "Authorization", "Cookie"} <= set(answer["Vary"].replace(" ", "").split(","))


def test_a_page_of_items_asks_the_database_a_fixed_number_of_times(
    answered: Survey, desk: Client, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for limit in (1, 30):
        with django_assert_max_num_queries(22):
            desk.get(f"/ogc/collections/{answered.pk}-places/items", {"limit": limit})


@pytest.mark.parametrize("path", ["", "conformance", "api", "collections", "collections/{}-places", "collections/{}-places/items"])
def test_a_browser_gets_a_page_and_f_decides_before_accept(answered: Survey, desk: Client, path: str) -> None:
    url = f"/ogc/{path.format(answered.pk)}"
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    page = desk.get(url, headers=browser)
    assert page["Content-Type"].startswith("text/html")
    assert 'lang="nb"' in page.content.decode()
    assert "style=" not in page.content.decode()
    assert desk.get(url + "?f=html")["Content-Type"].startswith("text/html")
    assert "json" in desk.get(url + "?f=json", headers=browser)["Content-Type"]
    assert "json" in desk.get(url)["Content-Type"]
    assert "json" in desk.get(url, headers={"Accept": "*/*"})["Content-Type"]
    if path != "api":
        links = desk.get(url).json()["links"]
        pages_links = [link["href"] for link in links if link["rel"] == "alternate"]
        assert desk.get(pages_links[0])["Content-Type"].startswith("text/html")
        assert all(
            link["href"].replace("&", "&amp;") in desk.get(url + "?f=html").content.decode() for link in links if "f=" not in link["href"]
        )


def test_a_page_shows_every_property_of_a_feature(answered: Survey, desk: Client, pages: Pages) -> None:
    feature = next(one for one in pages(answered, "places") if one["properties"]["comment"])
    page = desk.get(f"/ogc/collections/{answered.pk}-places/items/{feature['id']}?f=html").content.decode()
    for name, value in feature["properties"].items():
        assert value is None or (name in page and str(value) in page), name
    assert str(feature["geometry"]["coordinates"][0]) in page
