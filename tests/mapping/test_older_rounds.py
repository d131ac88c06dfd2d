"""Marks of an older round out of a file: read as strictly as a tablet's, cut round homes, refused one by one, and never twice."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.management import CommandError, call_command
from django.utils import timezone
from geopandas import GeoDataFrame
from pyproj import Geod
from pytest_django.fixtures import Settings
from shapely.geometry.base import BaseGeometry

from mapping.models import Mark
from mapping.services import delete_expired, import_marks
from surveys.errors import ImportRefused
from surveys.models import ClassGroup, Municipality, Response, School, Survey
from surveys.services import create_survey_from_template
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


def test_who_sees_all_of_a_child_s_ways_does_not_see_where_they_began(tmp_path: Path, survey: Survey) -> None:
    """Thirty children, three ways each from one home, a finger's width beside each other. Where the ways end on the map is a circle; its
    middle is where somebody who knows how the ways are cut would look for the home.
    """
    survey.study_area = MultiPolygon(Polygon.from_bbox((5.20, 60.30, 5.46, 60.46)), srid=4326)
    survey.save()
    homes = {str(number): (5.28 + 0.012 * (number % 6), 60.33 + 0.012 * (number // 6)) for number in range(30)}
    rows = []
    for child, (lon, lat) in homes.items():
        for turn in range(3):
            angle = 120 * turn + 11 * int(child)
            start = WGS84.fwd(lon, lat, angle * 2, 5)[:2]
            rows.append(_row(shapely.LineString([start, WGS84.fwd(lon, lat, angle, 1_400)[:2]]), "Fritidsveg", child=child))
    assert _imported(_file(tmp_path, *rows), survey).made == 90
    off_m = []
    for response in Response.objects.filter(marks__isnull=False).distinct():
        ways = [mark.geom for mark in response.marks.all() if mark.geom is not None]
        assert len(ways) == 3
        lon, lat = min(homes.values(), key=lambda home: WGS84.inv(*home, *ways[0].coords[0])[2])
        ends = [min((way.coords[0], way.coords[-1]), key=lambda end: WGS84.inv(lon, lat, *end)[2]) for way in ways]
        assert min(WGS84.inv(lon, lat, *end)[2] for end in ends) >= survey.trim_min_m
        off_m.append(WGS84.inv(lon, lat, *_middle_of_circle(ends))[2])
    # evenly over a disc of 120 m: one in nine within 40 m, half of them farther than 84 m
    assert sorted(off_m)[len(off_m) // 2] > 50
    assert sum(off < 20 for off in off_m) <= 4


def _middle_of_circle(ends: list[Any]) -> tuple[float, float]:
    """The middle of the circle through three positions."""
    east = np.array([WGS84.inv(ends[0][0], ends[0][1], lon, ends[0][1])[2] * np.sign(lon - ends[0][0]) for lon, _ in ends])
    north = np.array([WGS84.inv(ends[0][0], ends[0][1], ends[0][0], lat)[2] * np.sign(lat - ends[0][1]) for _, lat in ends])
    matrix = 2 * np.array([[east[1] - east[0], north[1] - north[0]], [east[2] - east[0], north[2] - north[0]]])
    square = east**2 + north**2
    x, y = np.linalg.solve(matrix, [square[1] - square[0], square[2] - square[0]])
    lon, lat, _ = WGS84.fwd(ends[0][0], ends[0][1], float(np.degrees(np.arctan2(x, y))), float(np.hypot(x, y)))
    return lon, lat


def test_an_older_round_is_made_imported_and_there_the_next_morning(tmp_path: Path, municipality: Municipality, school: School) -> None:
    survey = create_survey_from_template(
        template="barnetrakk", municipality=municipality, schools=[school], title={"nb": "Runden i 2019"}, study_area=places.STUDY_AREA,
        opens_on=date(2019, 5, 1), closes_on=date(2019, 6, 14),
    )  # fmt: skip
    assert _imported(_file(tmp_path, _row(CROSSING)), survey).made == 1
    assert Survey.objects.get(pk=survey.pk).status == "closed"
    delete_expired(now=timezone.now() + timedelta(days=1))
    assert Mark.objects.count() == 1


def test_a_survey_whose_answers_were_to_be_gone_takes_none(tmp_path: Path, survey: Survey) -> None:
    old = {"opens_on": date(2019, 5, 1), "closes_on": date(2019, 6, 14), "retention_until": date(2021, 6, 13)}
    Survey.objects.filter(pk=survey.pk).update(**old)
    with pytest.raises(ImportRefused, match=r"slettes etter 13\.06\.2021, så alt ville vært borte i morgen"):
        _imported(_file(tmp_path, _row(CROSSING)), Survey.objects.get(pk=survey.pk))


def test_a_child_has_no_more_than_the_survey_takes(tmp_path: Path, survey: Survey) -> None:
    survey.categories.filter(code="farlig").update(max_per_response=2)
    rows = [_row(CROSSING, TEKST=f"Nummer {number}") for number in range(3)]
    report = _imported(_file(tmp_path, *rows), survey)
    assert report.made == 2
    assert report.refused == ["rad 3: barnet har 2 «Farlig» alt, og flere tar undersøkelsen ikke"]


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
