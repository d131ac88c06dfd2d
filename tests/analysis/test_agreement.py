"""Screen, table, every file and /ogc/ agree to the feature when all filters are on at once; and with a count made by hand in Python."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import openpyxl
import orjson
import pandas as pd
import pyogrio
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from analysis.ogc.marks import NAMES
from analysis.tile_scheme import tile_at
from mapping.models import Mark
from surveys.models import ClassGroup, Layer, LayerFeature, Municipality, Response, School, Survey, User
from tests.analysis.ogc.conftest import desk, pages
from tests.factories import ClassGroupFactory, MarkFactory, ResponseFactory, SchoolFactory, make_survey

__all__ = ["desk", "pages"]
pytestmark = pytest.mark.django_db

WEEKS = (date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 21))
CATEGORIES = ("leke", "bade", "farlig", "fint", "skoleveg", "fritidsveg", "lekeomrade")
# school, grade, and how many were drawn by the child, for a group, from paper; with fewer than five of a kind it is not told
CLASSES = ((0, 5, 12, 6, 5), (0, 9, 10, 0, 3), (1, 2, 14, 0, 0), (1, 6, 9, 5, 0))
SILENT = {(0, "8-10")}
DRAWN = [(5.310, 60.368), (5.345, 60.365), (5.352, 60.384), (5.328, 60.394), (5.306, 60.388)]
HOLE = [(5.325, 60.376), (5.335, 60.376), (5.330, 60.384)]
BOXES = ((5.31, 60.365, 5.345, 60.39), (5.30, 60.36, 5.33, 60.40), (5.20, 60.30, 5.50, 60.50))


@dataclass(frozen=True)
class Drawn:
    """What the test knows of a mark, having made it."""

    values: dict[str, str]
    week: date
    shape: Any


@dataclass(frozen=True)
class Question:
    """One choice of filters: as the workbench's address and as /ogc/'s have it, and which marks it means."""

    screen: str
    ogc: str
    means: Callable[[Drawn], bool]


@dataclass(frozen=True)
class Round:
    """A survey of two schools, the marks in it, and the areas to choose among: as an address has them, and their shapes."""

    survey: Survey
    marks: list[Drawn]
    areas: dict[str, Any]


@pytest.fixture
def busy(municipality: Municipality) -> Round:
    """64 children and groups of four classes, some three hundred marks of seven categories all over the study area, in three weeks."""
    schools: list[School] = [SchoolFactory.create(municipality=municipality, name=name) for name in ("Fjellheim skole", "Solvang, øvre")]
    survey = make_survey(municipality=municipality, schools=schools)
    dice = Random(62)  # noqa: S311  # the same marks each time are wanted
    known: list[Drawn] = []
    for number, (school, grade, *entries) in enumerate(CLASSES):
        group: ClassGroup = ClassGroupFactory.create(survey=survey, school=schools[school], grade=grade, letter="A")
        ways = [entry for entry, count in zip(("self", "assisted", "paper"), entries, strict=True) for _ in range(count)]
        made = [_response(group, 100 * number + seat, entry) for seat, entry in enumerate(ways)]
        Response.objects.bulk_create(made)
        drawn = [(response, _drawn(dice, schools[school], grade, response.entry)) for response in made for _ in range(5)]
        Mark.objects.bulk_create(_mark(survey, response, one) for response, one in drawn)
        known += [one for _, one in drawn]
    return Round(survey, known, _areas(municipality))


def _response(group: ClassGroup, number: int, entry: str) -> Response:
    of_group = {"children": 4} if entry == "assisted" else {}
    made: Response = ResponseFactory.build(id=UUID(int=(4 << 76) + (8 << 60) + number), class_group=group, entry=entry, **of_group)
    return made


def _drawn(dice: Random, school: School, grade: int, entry: str) -> Drawn:
    category = dice.choice(CATEGORIES)
    # five decimals, so that no two ways of writing a number round it differently
    x, y = round(dice.uniform(5.302, 5.355), 5), round(dice.uniform(60.362, 60.397), 5)
    mode = ""
    shape: shapely.Geometry | None = shapely.Point(x, y)
    if category.endswith("veg"):
        mode = dice.choice(("ga", "sykle", "buss"))
        # one way in six was too short to be cut, and has no geometry
        shape = shapely.LineString([(x, y), (x + 0.003, y + 0.001), (x + 0.004, y - 0.001)]) if dice.randrange(6) else None
    elif category == "lekeomrade":
        shape = shapely.Polygon([(x, y - 0.001), (x + 0.002, y), (x, y + 0.001), (x - 0.002, y)])
    theme = {"leke": "activity", "bade": "activity", "lekeomrade": "activity", "farlig": "negative", "fint": "positive"}.get(
        category, "way"
    )
    band = "1-4" if grade < 5 else "5-7" if grade < 8 else "8-10"
    values = {"category": category, "theme": theme, "mode": mode, "grade_band": band, "school": school.name, "entry": entry}
    return Drawn(values, dice.choice(WEEKS), shape)


def _mark(survey: Survey, response: Response, one: Drawn) -> Mark:
    category = survey.categories.get(code=one.values["category"])
    geom = GEOSGeometry(one.shape.wkt, srid=4326) if one.shape else None
    made: Mark = MarkFactory.build(response=response, category=category, geom=geom, mode=one.values["mode"], week=one.week)
    return made


def _areas(municipality: Municipality) -> dict[str, Any]:
    """One drawn with a hole in it, and a thing of a layer."""
    layer = Layer.objects.create(municipality=municipality, name="Planer", kind="plans", source="Prøve", imported_at=timezone.now())
    plan = shapely.Polygon([(5.315, 60.365), (5.35, 60.365), (5.35, 60.39)])
    LayerFeature.objects.create(layer=layer, number=1, name="Sentrum", geom=GEOSGeometry(plan.wkt, srid=4326))
    written = ";".join(" ".join(f"{x:.6f},{y:.6f}" for x, y in ring) for ring in (DRAWN, HOLE))
    return {written: shapely.Polygon(DRAWN, [HOLE]), f"{layer.pk}.1": plan}


def questions(busy: Round, number: int) -> Iterator[Question]:
    """Choices over all that can be filtered by, from two filters to all nine at once; always the same ones."""
    dice = Random(63)  # noqa: S311  # the same choices each time are wanted
    numbers = {school.name: str(school.pk) for school in busy.survey.schools.all()}
    many = {
        "theme": ("way", "activity", "negative", "positive"),
        "category": CATEGORIES,
        "mode": ("ga", "sykle", "buss"),
        "grade_band": ("1-4", "5-7", "8-10"),
        "school": tuple(numbers),
        "entry": ("self", "assisted", "paper"),
    }
    for turn in range(number):
        names = dice.sample([*many, "period", "bbox", "area"], k=2 + turn % 8)
        chosen = {
            name: dice.sample(many[name], k=dice.randint((len(many[name]) + 1) // 2, len(many[name]))) for name in many if name in names
        }
        since = WEEKS[0] + timedelta(days=dice.randrange(14)) if "period" in names else None
        until = since + timedelta(days=dice.randrange(3, 14)) if since else None
        box = dice.choice(BOXES) if "bbox" in names else None
        area = dice.choice(list(busy.areas)) if "area" in names else ""
        where = {"bbox": ",".join(map(str, box))} if box else {}
        where |= {"area": area} if area else {}
        lists = {name: values if name == "school" else [",".join(values)] for name, values in chosen.items()}
        on_screen = lists | ({"school": [numbers[name] for name in chosen["school"]]} if "school" in chosen else {})
        days = {"from": since.isoformat(), "to": until.isoformat()} if since and until else {}
        moment = {"datetime": f"{since}T00:00:00Z/{until}T23:59:59Z"} if since else {}
        # a school's name may hold a comma: there it is given by number
        by_ogc = lists | ({"school": [numbers[name] if "," in name else name for name in chosen["school"]]} if "school" in chosen else {})
        yield Question(
            screen=urlencode(on_screen | where | days, doseq=True),
            ogc=urlencode(by_ogc | where | moment, doseq=True),
            means=_meaning(chosen, (since, until), [*([shapely.box(*box)] if box else []), *([busy.areas[area]] if area else [])]),
        )


def _meaning(
    chosen: dict[str, list[str]], period: tuple[date | None, date | None], places: list[shapely.Geometry]
) -> Callable[[Drawn], bool]:
    def means(one: Drawn) -> bool:
        is_silent = (int(one.values["school"] != "Fjellheim skole"), one.values["grade_band"]) in SILENT
        since, until = period
        return (
            all(one.values[name] in values for name, values in chosen.items())
            and not ("entry" in chosen and is_silent)
            and (since is None or one.week + timedelta(days=6) >= since)
            and (until is None or one.week <= until)
            and all(one.shape is not None and one.shape.intersects(place) for place in places)
        )

    return means


def told(row: dict[str, Any], shape: Any) -> tuple[str, ...]:
    """A mark as every face of it tells it."""
    values = (
        "" if pd.isna(row[name]) else str(row[name]) for name in ("category", "theme", "mode", "grade_band", "school", "entry", "month")
    )
    return (*values, "" if shape is None else shapely.to_wkt(shapely.normalize(shape), rounding_precision=5))


def as_made(one: Drawn) -> tuple[str, ...]:
    """A mark as it must be told."""
    is_silent = (int(one.values["school"] != "Fjellheim skole"), one.values["grade_band"]) in SILENT
    row = one.values | {"month": one.week.isoformat()[:7]} | ({"entry": ""} if is_silent else {})
    return told(row, one.shape)


def of_features(features: list[dict[str, Any]]) -> Counter[tuple[str, ...]]:
    """Of GeoJSON."""
    return Counter(told(one["properties"], shapely.geometry.shape(one["geometry"]) if one["geometry"] else None) for one in features)


def of_geopackage(body: bytes, path: Path) -> Counter[tuple[str, ...]]:
    """Of a GeoPackage, read by GDAL."""
    path.write_bytes(body)
    frames = [pyogrio.read_dataframe(path, layer=layer) for layer in ("places", "routes", "areas")]
    return Counter(told(row, row["geometry"]) for frame in frames for row in frame.to_dict("records"))


def of_csv(body: bytes) -> Counter[tuple[str, ...]]:
    """Of a table of text."""
    return _of_rows(csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))


def of_xlsx(body: bytes) -> Counter[tuple[str, ...]]:
    """Of a workbook."""
    heads, *cells = openpyxl.load_workbook(io.BytesIO(body), read_only=True)["Merker"].values
    return _of_rows(dict(zip(heads, ("" if value is None else value for value in row), strict=True)) for row in cells)


def _of_rows(rows: Any) -> Counter[tuple[str, ...]]:
    return Counter(told(row, shapely.from_wkt(row["wkt"]) if row["wkt"] else None) for row in rows)


def test_all_faces_agree_to_the_feature_whatever_is_chosen_together(
    busy: Round, desk: Client, pages: Callable[..., list[dict[str, Any]]], tmp_path: Path
) -> None:
    seen = Counter[int]()
    for question in questions(busy, 48):
        meant = [one for one in busy.marks if question.means(one)]
        wanted = Counter(map(as_made, meant))

        def answer(name: str, *more: str, query: str = question.screen) -> bytes:
            found = desk.get(f"{reverse(f'analysis:{name}', args=[busy.survey.pk, *more])}?{query}")
            assert found.status_code == 200, query
            return found.getvalue() if found.streaming else found.content

        assert of_features(orjson.loads(answer("export", "geojson"))["features"]) == wanted, question.screen
        assert of_csv(answer("export", "csv")) == wanted, question.screen
        assert of_geopackage(answer("export", "gpkg"), tmp_path / "x.gpkg") == wanted, question.screen
        assert of_xlsx(answer("export", "xlsx")) == wanted, question.screen
        read = [one for name in NAMES for one in pages(busy.survey, name, question.ogc, limit=200)]
        assert of_features(read) == wanted, question.ogc
        on_map = orjson.loads(answer("marks"))
        lying = [one for one in meant if one.shape is not None]
        assert (on_map["numberMatched"], on_map["numberReturned"]) == (len(meant), len(lying)), question.screen
        assert Counter(one["properties"]["category"] for one in on_map["features"]) == Counter(one.values["category"] for one in lying)
        figures = " ".join(strip_tags(answer("summary").decode()).split())
        assert f"Merker{len(meant)} " in figures or not meant, question.screen
        assert "bbox=" in question.ogc or _in_tiles(desk, busy.survey, question.ogc) == len(lying), question.ogc
        assert _on_desk(desk, busy.survey, question.screen) == len(lying), question.screen
        seen[len(meant)] += 1
    assert len(seen) > 12, "the filters choose too much alike to show anything"
    assert seen[0] < 16


def _in_tiles(desk: Client, survey: Survey, query: str) -> int:
    """How many marks the tiles around the whole study area say that they hold; a tile takes no box, for it is one."""
    column, row = tile_at(5.33, 60.38, 8)
    address = f"/ogc/collections/{survey.pk}-{{}}/tiles/WebMercatorQuad/8/{row}/{column}?{query}"
    return sum(int(desk.get(address.format(name))["Trakk-Number-Returned"]) for name in NAMES)


def _on_desk(desk: Client, survey: Survey, query: str) -> int:
    """How many marks the workbench's own tile says that it holds."""
    column, row = tile_at(5.33, 60.38, 8)
    return int(desk.get(f"/surveys/{survey.pk}/fliser/8/{column}/{row}.mvt?{query}")["Trakk-Number-Returned"])


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("area=5.32,60.37 5.33,60.37", "minst tre"),
        ("area=18.90,69.60 18.92,69.60 18.92,69.62", "utenfor"),
        ("area=5.20,60.30 5.50,60.30 5.50,60.50 5.20,60.50", "inntil 100"),
        ("area=5.32,60.37 5.33,60.38 5.33,60.37 5.32,60.38", "area"),
        ("area=finnes-ikke.1", "finnes ikke"),
        ("area=5.32,60.37 5.33,60.37 5.33,60.38&area=5.32,60.37 5.33,60.37 5.33,60.38", "mer enn én gang"),
    ],
)
@pytest.mark.parametrize("part", ["items", "tiles/WebMercatorQuad/10/295/527"])
def test_an_area_that_cannot_be_is_a_wrong_question(answered: Survey, desk: Client, pia: User, query: str, says: str, part: str) -> None:
    found = desk.get(f"/ogc/collections/{answered.pk}-places/{part}?{query}")
    assert (found.status_code, says in found.content.decode()) == (400, True), found.content.decode()
