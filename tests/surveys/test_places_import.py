"""Municipalities and schools out of GIS files: real ones, other coordinate systems, and files that cannot be used."""

from io import StringIO
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from django.conf import settings
from django.core.management import CommandError, call_command
from geopandas import GeoDataFrame
from pyproj import CRS, Geod, Transformer

from surveys.errors import ImportRefused
from surveys.models import Municipality, School
from surveys.services import import_municipalities, import_schools
from tests import places
from tests.factories import MunicipalityFactory

pytestmark = pytest.mark.django_db

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"
BERGEN_SCHOOLS = DATA / "bergen-schools.geojson"
NORWAY = DATA / "municipalities-norway-2024.geojson"
with_real_data = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data with the real municipalities and schools is not here")

CENTIMETRE = 1e-7  # degrees, about


@pytest.fixture
def bergen() -> Municipality:
    """The municipality of the made-up places."""
    return MunicipalityFactory.create(number="4601", name="Bergen", boundary=places.MUNICIPALITY)


def _frame(*rows: tuple[dict[str, Any], shapely.Geometry | None], crs: Any = 4326) -> GeoDataFrame:
    return GeoDataFrame([properties for properties, _ in rows], geometry=[geometry for _, geometry in rows], crs=crs)


def _school(name: object = "Fjellheim skole", at: tuple[float, float] = places.SCHOOL_GATE) -> tuple[dict[str, Any], shapely.Geometry]:
    return {"navn": name, "type": "barneskole"}, shapely.Point(at)


def _file(folder: Path, frame: GeoDataFrame, name: str = "skoler.gpkg") -> Path:
    pyogrio.write_dataframe(frame, folder / name)
    return folder / name


@with_real_data
def test_all_357_municipalities_are_read_each_in_its_own_zone() -> None:
    report = import_municipalities(path=NORWAY)
    assert (report.made, report.changed, report.refused) == (357, 0, [])
    zones = dict(Municipality.objects.values_list("number", "metric_srid"))
    assert (zones["0301"], zones["4601"], zones["5501"], zones["5605"]) == (25832, 25832, 25833, 25835), "Oslo, Bergen, Tromsø, Vadsø"
    bergen = Municipality.objects.get(number="4601")
    area_m2 = bergen.boundary.transform(bergen.metric_srid, clone=True).area
    on_the_ellipsoid, _ = Geod(ellps="GRS80").geometry_area_perimeter(shapely.from_wkb(bytes(bergen.boundary.wkb)))
    # a UTM zone's lengths are 0.9996 true along its middle, so areas are within a thousandth
    assert area_m2 == pytest.approx(abs(on_the_ellipsoid), rel=0.001)
    assert import_municipalities(path=NORWAY, only={"4601"}).changed == 1, "a second time changes, and makes nothing twice"


@with_real_data
def test_bergens_84_schools_are_read_with_their_grades() -> None:
    import_municipalities(path=NORWAY, only={"4601"})
    bergen = Municipality.objects.get()
    report = import_schools(path=BERGEN_SCHOOLS, municipality=bergen)
    assert (report.made, report.refused) == (84, [])
    grades = list(School.objects.values_list("grade_low", "grade_high"))
    assert (grades.count((1, 7)), grades.count((8, 10)), grades.count((1, 10))) == (58, 15, 11)
    garnes = School.objects.get(name="Garnes skule")
    assert garnes.location.coords == pytest.approx((5.463434645619746, 60.4416225769987), abs=1e-12)
    assert import_schools(path=BERGEN_SCHOOLS, municipality=bergen).changed == 84


@with_real_data
@pytest.mark.parametrize(("srid", "name"), [(25832, "skoler.gpkg"), (25833, "skoler.fgb"), (3857, "skoler.shp.zip")])
def test_schools_come_back_from_another_system_where_they_were(tmp_path: Path, srid: int, name: str) -> None:
    import_municipalities(path=NORWAY, only={"4601"})
    projected = pyogrio.read_dataframe(BERGEN_SCHOOLS)[["navn", "type", "geometry"]].to_crs(srid)
    report = import_schools(path=_file(tmp_path, projected, name), municipality=Municipality.objects.get())
    assert (report.made, report.refused) == (84, [])
    back = Transformer.from_crs(srid, 4326, always_xy=True)
    stored = dict(School.objects.values_list("name", "location"))
    for row in projected.itertuples():
        expected = back.transform(row.geometry.x, row.geometry.y)
        assert stored[row.navn].coords == pytest.approx(expected, abs=CENTIMETRE), row.navn


def test_a_school_drawn_as_grounds_has_its_gate_on_them(tmp_path: Path, bergen: Municipality) -> None:
    grounds = shapely.from_wkb(bytes(places.SCHOOL_GROUNDS[0].wkb))
    path = _file(tmp_path, _frame(({"navn": "Fjellheim skole", "nsr": 975292345}, grounds)))
    import_schools(path=path, municipality=bergen, nsr_field="nsr")
    school = School.objects.get()
    assert school.grounds is not None
    assert school.grounds.contains(school.location)
    assert (school.grade_low, school.grade_high, school.nsr_id) == (1, 10, "975292345"), "no type, so all grades"


def test_heights_are_dropped(tmp_path: Path, bergen: Municipality) -> None:
    path = _file(tmp_path, _frame(({"navn": "Fjellheim skole"}, shapely.Point(*places.SCHOOL_GATE, 31.5))))
    assert import_schools(path=path, municipality=bergen).made == 1
    assert School.objects.get().location.coords == places.SCHOOL_GATE


def test_a_boundary_that_crosses_itself_is_mended_before_it_is_stored(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon([(5.2, 60.3), (5.4, 60.5), (5.4, 60.3), (5.2, 60.5), (5.2, 60.3)])
    spike = shapely.Polygon([(5.2, 60.3), (5.4, 60.3), (5.4, 60.5), (5.4, 60.7), (5.4, 60.5), (5.2, 60.5), (5.2, 60.3)])
    rows = [({"kommunenummer": number, "kommunenavn": number}, shape) for number, shape in (("4601", bow_tie), ("4602", spike))]
    assert import_municipalities(path=_file(tmp_path, _frame(*rows))).refused == []
    assert [municipality.boundary.valid for municipality in Municipality.objects.all()] == [True, True]


def test_a_number_written_as_a_number_gets_its_leading_zero(tmp_path: Path) -> None:
    path = _file(tmp_path, _frame(({"kommunenummer": 301, "kommunenavn": "Oslo"}, shapely.box(10.6, 59.8, 10.9, 60.1))))
    import_municipalities(path=path)
    assert Municipality.objects.get().number == "0301"


@pytest.mark.parametrize("number", [46, 46011, "Bergen", -301])
def test_what_is_no_municipalitys_number_is_refused(tmp_path: Path, number: object) -> None:
    """A county's number has two digits."""
    path = _file(tmp_path, _frame(({"kommunenummer": number, "kommunenavn": "Vestland"}, shapely.box(5.2, 60.3, 5.4, 60.5))))
    [refused] = import_municipalities(path=path).refused
    assert refused.startswith(f"rad 1 ({number}): Oppgi en gyldig verdi.")
    assert not Municipality.objects.exists()


def test_one_row_without_a_number_does_not_spoil_the_numbers_of_the_others(tmp_path: Path) -> None:
    area = shapely.box(5.2, 60.3, 5.4, 60.5)
    rows = [({"kommunenummer": number, "kommunenavn": "Oslo"}, area) for number in (301, None)]
    report = import_municipalities(path=_file(tmp_path, _frame(*rows)))
    assert (report.made, report.refused) == (1, ["rad 2: kommunenummer er tom"])
    assert Municipality.objects.get().number == "0301"


def test_rows_that_cannot_be_used_are_named_with_the_reason_and_the_rest_is_read(tmp_path: Path, bergen: Municipality) -> None:
    path = _file(
        tmp_path,
        _frame(
            _school("Fjellheim skole"),
            _school("Oslo skole", (10.7, 59.9)),
            ({"navn": "Luftskolen", "type": ""}, None),
            _school(None),
            _school("Meterskolen", (297_000.0, 6_700_000.0)),
        ),
    )
    report = import_schools(path=path, municipality=bergen)
    assert report.made == 1
    assert report.refused == [
        "rad 2 (Oslo skole): ligger utenfor Bergen",
        "rad 3: har ingen geometri",
        "rad 4: navn er tom",
        "rad 5: ligger ikke på jorda (297000, 6700000); sjekk koordinatsystemet",
    ]
    assert str(report) == "1 nye, 0 oppdatert, 4 avvist"


def test_a_municipality_must_be_an_area_with_a_number(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        _frame(
            ({"kommunenummer": "4601", "kommunenavn": "Bergen"}, shapely.Point(5.3, 60.3)),
            ({"kommunenummer": "Bergen", "kommunenavn": "Bergen"}, shapely.box(5.2, 60.3, 5.4, 60.5)),
        ),
    )
    report = import_municipalities(path=path)
    assert report.refused[0] == "rad 1 (4601): Point er ikke en flate"
    assert report.refused[1].startswith("rad 2 (Bergen): ")
    assert not Municipality.objects.exists()


def _not_there(folder: Path) -> Path:
    return folder / "nei.geojson"


def _of_another_kind(folder: Path) -> Path:
    path = folder / "skoler.docx"
    path.write_bytes(b"PK")
    return path


def _damaged(folder: Path) -> Path:
    path = folder / "skoler.gpkg"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 500)
    return path


def _half_a_geojson(folder: Path) -> Path:
    path = folder / "skoler.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [{"type": "Feature", "geo')
    return path


def _without_system(folder: Path) -> Path:
    with pytest.warns(UserWarning, match="crs"):
        return _file(folder, _frame(_school(), crs=None), "skoler.shp")


def _in_a_system_of_its_own(folder: Path) -> Path:
    local = CRS.from_wkt('LOCAL_CS["tomt",UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]')
    return _file(folder, _frame(_school(at=(10.0, 20.0)), crs=local))


def _without_names(folder: Path) -> Path:
    return _file(folder, _frame(({"skole": "Fjellheim", "trinn": "1-7"}, shapely.Point(places.SCHOOL_GATE))))


def _without_geometry(folder: Path) -> Path:
    path = folder / "skoler.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": null, "properties": {"navn": "x"}}]}')
    return path


def _empty(folder: Path) -> Path:
    path = folder / "skoler.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    return path


@pytest.mark.filterwarnings("ignore:GPKG. bad application_id:RuntimeWarning")
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_not_there, r"nei.geojson finnes ikke"),
        (_of_another_kind, r"skoler.docx er .docx; tillatt: .*\.geojson.*\.gpkg"),
        (_damaged, r"skoler.gpkg kan ikke leses"),
        (_half_a_geojson, r"skoler.geojson kan ikke leses"),
        (_without_system, r"sier ikke hvilket koordinatsystem .* Lagre den med EPSG-kode"),
        (_in_a_system_of_its_own, r"kan ikke regnes om til grader"),
        (_empty, r"skoler.geojson har ingen rader"),
        (_without_names, r"mangler kolonnen navn. Filen har: skole, trinn"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(tmp_path: Path, bergen: Municipality, make: Any, said: str) -> None:
    with pytest.raises(ImportRefused, match=said):
        import_schools(path=make(tmp_path), municipality=bergen)
    assert not School.objects.exists()


def test_a_file_without_a_single_geometry_makes_nothing_and_says_so(tmp_path: Path, bergen: Municipality) -> None:
    assert import_schools(path=_without_geometry(tmp_path), municipality=bergen).refused == ["rad 1: har ingen geometri"]


def test_a_layer_or_column_that_is_not_there_is_named(tmp_path: Path, bergen: Municipality) -> None:
    path = _file(tmp_path, _frame(_school()))
    with pytest.raises(ImportRefused, match="kan ikke leses"):
        import_schools(path=path, municipality=bergen, layer="skular")
    with pytest.raises(ImportRefused, match="mangler kolonnen orgnr"):
        import_schools(path=path, municipality=bergen, nsr_field="orgnr")


def test_the_commands_report_what_they_did(tmp_path: Path) -> None:
    out, errors = StringIO(), StringIO()
    boundary = shapely.box(5.2, 60.3, 5.5, 60.5)
    call_command(
        "import_municipalities",
        _file(tmp_path, _frame(({"nr": "4601", "navn": "Bergen"}, boundary)), "kommuner.gpkg"),
        number_field="nr",
        name_field="navn",
        stdout=out,
    )
    path = _file(tmp_path, _frame(_school(), _school("Oslo skole", (10.7, 59.9))))
    call_command("import_schools", path, municipality="4601", stdout=out, stderr=errors)
    assert out.getvalue().splitlines() == ["Kommuner: 1 nye, 0 oppdatert, 0 avvist", "Skoler i Bergen: 1 nye, 0 oppdatert, 1 avvist"]
    assert "avvist: rad 2 (Oslo skole): ligger utenfor Bergen" in errors.getvalue()


def test_the_commands_refuse_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Kommune 9999 finnes ikke. Kjør import_municipalities først."):
        call_command("import_schools", tmp_path / "x.gpkg", municipality="9999")
    with pytest.raises(CommandError, match="finnes ikke"):
        call_command("import_municipalities", tmp_path / "x.gpkg")


def test_the_second_school_of_one_name_is_refused_with_its_place(bergen: Municipality, tmp_path: Path) -> None:
    path = _file(tmp_path, _frame(_school(), _school(at=places.PLAYGROUND), _school("Bekkevik skole")))
    report = import_schools(path=path, municipality=bergen)
    assert (report.made, report.changed) == (2, 0)
    assert report.refused == ["rad 2 (Fjellheim skole): heter det samme som rad 1, og ligger ved 60.38200, 5.33500"]
    kept = School.objects.get(name="Fjellheim skole").location
    assert (kept.x, kept.y) == pytest.approx(places.SCHOOL_GATE)
    again = import_schools(path=path, municipality=bergen)
    assert (again.made, again.changed, len(again.refused)) == (0, 2, 1)
