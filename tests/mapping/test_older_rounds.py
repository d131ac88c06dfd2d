"""Marks of an older round out of a file: read as strictly as a tablet's, cut round homes, refused one by one, and never twice."""

from datetime import date
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from django.core.management import CommandError, call_command
from geopandas import GeoDataFrame
from pyproj import Geod
from pytest_django.fixtures import Settings
from shapely.geometry.base import BaseGeometry

from mapping.models import Mark
from mapping.services import import_marks
from surveys.errors import ImportRefused
from surveys.models import ClassGroup, Response, School, Survey
from surveys.services.gis_files import ImportReport
from tests import places
from tests.factories import SchoolFactory

pytestmark = pytest.mark.django_db

Row = tuple[dict[str, Any], BaseGeometry | None]
COLUMNS = {"category": "TYPE", "child": "ELEV", "grade": "TRINN", "comment": "TEKST", "date": "DATO", "mode": "MATE"}
SCHOOLS = Path(__file__).parents[3] / "shared" / "data" / "bergen-schools.geojson"
HOME = (5.3200, 60.3780)
WGS84 = Geod(ellps="WGS84")


def _file(folder: Path, *rows: Row, crs: int = 25832, name: str = "runde.gpkg") -> Path:
    frame = GeoDataFrame([fields for fields, _ in rows], geometry=[shape for _, shape in rows], crs=4326)
    pyogrio.write_dataframe(frame.to_crs(crs), folder / name)
    return folder / name


def _row(shape: BaseGeometry | None, kind: str = "Farlig", child: str = "17", **more: Any) -> Row:
    return {"TYPE": kind, "ELEV": child, "TRINN": "5", "TEKST": "", "DATO": "2019-05-31", "MATE": "", **more}, shape


def _imported(path: Path, survey: Survey, **more: Any) -> ImportReport:
    return import_marks(path=path, survey=survey, **{"columns": COLUMNS, **more})


CROSSING = shapely.Point(places.CROSSING)
WAY = shapely.LineString(places.WAY_TO_SCHOOL)


@pytest.mark.parametrize(("crs", "name"), [(25832, "runde.gpkg"), (25833, "runde.shp"), (4326, "runde.geojson")])
def test_marks_are_read_from_any_system_by_what_their_columns_are_called(tmp_path: Path, survey: Survey, crs: int, name: str) -> None:
    play = shapely.Point(places.PLAYGROUND)
    rows = _row(CROSSING, TEKST="Bilene kjører fort"), _row(play, "leke"), _row(play, "Leker", child="18", TRINN="8. trinn")
    report = _imported(_file(tmp_path, *rows, crs=crs, name=name), survey)
    assert (report.made, report.changed, report.refused) == (3, 0, [])
    danger = Mark.objects.get(category__code="farlig")
    assert (danger.comment, danger.comment_state, danger.published_comment, danger.week) == (
        "Bilene kjører fort",
        "held",
        "",
        date(2019, 5, 27),
    )
    assert danger.geom is not None
    assert danger.geom.coords == pytest.approx(places.CROSSING, abs=1e-6)
    assert danger.response.marks.count() == 2, "both of child 17"
    groups = ClassGroup.objects.filter(survey=survey, responses__marks__isnull=False).order_by("grade").distinct()
    assert [(group.grade, group.letter, group.responses.count()) for group in groups] == [(5, "", 1), (8, "", 1)]


def test_a_way_is_cut_where_it_begins_and_so_are_the_child_s_other_ways_past_that_place(tmp_path: Path, survey: Survey) -> None:
    past = shapely.LineString([(5.3150, 60.3781), HOME, (5.3250, 60.3820), places.PLAYGROUND])
    _imported(_file(tmp_path, _row(WAY, "Skoleveg", MATE="Går"), _row(past, "Fritidsveg", MATE="sykle")), survey)
    ways = {mark.category.code: mark for mark in Mark.objects.select_related("category")}
    assert (ways["skoleveg"].mode, ways["fritidsveg"].mode) == ("ga", "sykle")
    for way in ways.values():
        assert way.geom is not None
        nearest = min(WGS84.inv(*HOME, lon, lat)[2] for lon, lat in _dense(way.geom.coords))
        assert nearest >= survey.trim_min_m
    assert ways["skoleveg"].geom.coords[-1] == pytest.approx(places.SCHOOL_GATE, abs=1e-6)


def _dense(line: Any) -> list[tuple[float, float]]:
    return [(lon, lat) for lon, lat in shapely.segmentize(shapely.LineString(line), 0.00005).coords]


def test_a_way_of_which_nothing_safe_is_left_counts_without_a_line(tmp_path: Path, survey: Survey) -> None:
    short = shapely.LineString([HOME, (5.3205, 60.3781), (5.3210, 60.3782)])
    report = _imported(_file(tmp_path, _row(short, "Skoleveg")), survey)
    assert report.made == 1
    assert Mark.objects.get().geom is None


def test_the_same_file_again_adds_nothing_and_a_longer_one_what_is_new(tmp_path: Path, survey: Survey) -> None:
    rows = [_row(CROSSING), _row(WAY, "Skoleveg")]
    assert _imported(_file(tmp_path, *rows), survey).made == 2
    before = set(Mark.objects.values_list("pk", "geom"))
    again = _imported(_file(tmp_path, *rows, _row(shapely.Point(places.PLAYGROUND), "Leker"), name="mer.gpkg"), survey)
    assert (again.made, again.changed, again.refused) == (1, 2, [])
    assert before < set(Mark.objects.values_list("pk", "geom"))
    assert Response.objects.filter(survey=survey, marks__isnull=False).distinct().count() == 1


def test_who_a_child_was_cannot_be_found_again_without_the_secret_key(tmp_path: Path, survey: Survey, settings: Settings) -> None:
    path = _file(tmp_path, _row(CROSSING))
    _imported(path, survey)
    ours = Mark.objects.get().response_id
    Mark.objects.all().delete()
    settings.SECRET_KEY = "another-key-of-sixty-letters-that-nobody-else-has-thought-of-yet"
    _imported(path, survey)
    assert Mark.objects.get().response_id != ours


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (_row(CROSSING, "Skumle trær"), "kategorien «Skumle trær» finnes ikke i undersøkelsen. Den har: "),
        (_row(WAY, "Farlig"), "kategorien «Farlig» er ingen kategori for LineString"),
        (_row(shapely.Point(places.OUTSIDE)), "utenfor"),
        (_row(None), "har ingen geometri"),
        (_row(CROSSING, TRINN="5-7"), "«5-7» er ikke ett klassetrinn fra 1 til 10"),
        (_row(CROSSING, TRINN="11"), "«11» er ikke ett klassetrinn"),
        (_row(CROSSING, TRINN=""), "klassetrinn mangler"),
        (_row(CROSSING, DATO="31.05.2019"), "datoen «31.05.2019» er ikke skrevet som 2019-05-31"),
        (_row(CROSSING, MATE="Romskip"), "transportmiddelet «Romskip» finnes ikke"),
        (_row(CROSSING, TEKST="a" * 1001), "Teksten har 1001 tegn"),
    ],
    ids=["category", "kind", "outside", "nothing", "band", "grade", "no grade", "date", "mode", "text"],
)
def test_a_row_that_cannot_be_taken_is_named_and_the_others_come_in(tmp_path: Path, survey: Survey, row: Row, why: str) -> None:
    report = _imported(_file(tmp_path, _row(CROSSING, child="1"), row, _row(CROSSING, child="3")), survey)
    assert report.made == 2
    [refused] = report.refused
    assert refused.startswith("rad 2: ")
    assert why in refused


def test_things_in_several_parts_are_as_many_marks_of_one_child(tmp_path: Path, survey: Survey) -> None:
    report = _imported(_file(tmp_path, _row(shapely.MultiPoint([places.CROSSING, places.PLAYGROUND]))), survey)
    assert report.made == 2
    assert Response.objects.filter(marks__isnull=False).distinct().count() == 1


def test_without_a_column_for_the_child_each_row_is_one(tmp_path: Path, survey: Survey) -> None:
    columns = {name: column for name, column in COLUMNS.items() if name != "child"}
    _imported(_file(tmp_path, _row(CROSSING), _row(CROSSING, TEKST="Her")), survey, columns=columns)
    assert Response.objects.filter(marks__isnull=False).distinct().count() == 2


def test_of_several_schools_the_row_must_say_which(tmp_path: Path, survey: Survey) -> None:
    survey.schools.add(SchoolFactory.create(municipality=survey.municipality, name="Øvre skole"))
    rows = _row(CROSSING, SKOLE="øvre  SKOLE"), _row(CROSSING, SKOLE="Nedre")
    report = _imported(_file(tmp_path, *rows), survey, columns={**COLUMNS, "school": "SKOLE"})
    assert report.made == 1
    assert Mark.objects.get().response.class_group.school.name == "Øvre skole"
    assert "skolen «Nedre» er ikke med" in report.refused[0]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"columns": {"category": "TYPE", "grade": "KLASSE"}}, "mangler kolonnen KLASSE. Filen har: TYPE, ELEV"),
        ({"columns": {"grade": "TRINN"}}, "hvilken kolonne som har kategorien"),
        ({"columns": {**COLUMNS, "navn": "ELEV"}}, "'navn' er ikke noe et merke har"),
        ({"columns": {**COLUMNS, "category": "TEKST"}}, "har ingenting å ta inn"),
    ],
)
def test_a_file_that_cannot_be_used_leaves_nothing(tmp_path: Path, survey: Survey, more: dict[str, Any], why: str) -> None:
    before = ClassGroup.objects.count()
    with pytest.raises(ImportRefused, match=why):
        _imported(_file(tmp_path, _row(CROSSING)), survey, **more)
    assert (Mark.objects.count(), ClassGroup.objects.count()) == (0, before)


def test_the_command_says_what_came_of_it(tmp_path: Path, survey: Survey, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(tmp_path, _row(CROSSING), _row(shapely.Point(places.OUTSIDE)))
    call_command("import_marks", path, "--survey", str(survey.pk), "--map", "category=TYPE", "--same", "grade=6")
    said = capsys.readouterr()
    assert "1 nye, 0 oppdatert, 1 avvist" in said.out
    assert "avvist: rad 2: " in said.err
    assert "hver rad er ett barn" in said.err
    with pytest.raises(CommandError, match="skal være NAVN=VERDI"):
        call_command("import_marks", path, "--survey", str(survey.pk), "--map", "category")


@pytest.mark.skipif(not SCHOOLS.is_file(), reason="Bergen's schools of ../shared/data are not here")
def test_a_real_file_made_for_something_else_is_taken_row_by_row(survey: Survey) -> None:
    """Bergen's schools, as if children had marked them: those in the survey's area come in, each of the others is named."""
    frame = pyogrio.read_dataframe(SCHOOLS)
    inside = int(frame.within(shapely.from_wkb(bytes(survey.study_area.wkb))).sum())
    assert inside > 0
    report = import_marks(path=SCHOOLS, survey=survey, same={"category": "fint", "grade": "5"})
    assert report.made == inside
    assert len(report.refused) == len(frame) - inside
    assert School.objects.count() == 1
