"""Hostile and broken files: each is refused with a sentence, nothing comes in by half, and the site is there afterwards."""

import hashlib
import io
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from django.conf import settings
from geopandas import GeoDataFrame

from surveys.errors import ImportRefused
from surveys.models import Layer, LayerFeature, Municipality
from surveys.sandbox import guards
from surveys.sandbox.frames import write_bytes, write_json
from surveys.sandbox.limits import Limits
from surveys.services import LayerAbout, found, reading, upload_layer
from surveys.services.found import Found, GisFile
from surveys.services.reading import for_uploads, read_file
from tests import places
from tests.factories import MunicipalityFactory

BOX = shapely.box(5.33, 60.38, 5.34, 60.39)


def read(path: Path, limits: Limits | None = None) -> Found:
    return read_file(GisFile(path, path.name, "", limits or for_uploads()))


def upload(path: Path, municipality: Municipality) -> Layer:
    about = LayerAbout("Flater", Layer.Kind.PLANS, "Kommunen")
    layer, _, _ = upload_layer(file=GisFile(path, path.name, "", for_uploads()), municipality=municipality, about=about, by=None)
    return layer


def a_layer(folder: Path, *shapes: shapely.Geometry, name: str = "flater.gpkg") -> Path:
    frame = GeoDataFrame({"navn": [f"nr {at}" for at in range(len(shapes))]}, geometry=list(shapes), crs=4326)
    pyogrio.write_dataframe(frame, folder / name, layer="flater")
    return folder / name


def a_file(folder: Path, name: str, body: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    return path


def noise(size: int) -> bytes:
    """Bytes without sense, the same each time."""
    return hashlib.shake_128(b"noise").digest(size)


def a_zip(folder: Path, members: dict[str, bytes], *, name: str = "pakke.zip") -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, body in members.items():
            archive.writestr(member, body)
    return folder / name


def geojson(coordinates: str, kind: str = "Polygon") -> str:
    feature = f'{{"type":"Feature","properties":{{"navn":"x"}},"geometry":{{"type":"{kind}","coordinates":{coordinates}}}}}'
    return f'{{"type":"FeatureCollection","features":[{feature}]}}'


# ---- archives


def _bomb(folder: Path) -> Path:
    """600 MB of nothing in half a megabyte."""
    path = folder / "pakke.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive, archive.open("flater.geojson", "w") as member:
        member.write(b"{")
        for _ in range(600):
            member.write(b" " * 1_000_000)
    assert path.stat().st_size < 1_000_000
    return path


def _bomb_that_lies(folder: Path) -> Path:
    """60 MB that the archive's own list calls 100 bytes."""
    path = a_zip(folder, {"flater.geojson": b"{" + b" " * 60_000_000})
    body = bytearray(path.read_bytes())
    true = (60_000_001).to_bytes(4, "little")
    for at in (body.find(true), body.rfind(true)):
        body[at : at + 4] = (100).to_bytes(4, "little")
    path.write_bytes(body)
    return path


def _nested(folder: Path) -> Path:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("flater.geojson", "{" + " " * 1_000_000)
    return a_zip(folder, {"indre.zip": inner.getvalue()})


def _out_of_the_archive(folder: Path) -> Path:
    return a_zip(folder, {"../../etc/flater.geojson": b"{}"})


def _symlink(folder: Path) -> Path:
    path = folder / "pakke.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("flater.geojson")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return path


def _many_members(folder: Path) -> Path:
    return a_zip(folder, {f"{number}.geojson": b"{}" for number in range(100)})


def _two_layers(folder: Path) -> Path:
    return a_zip(folder, {"en.geojson": b"{}", "to.geojson": b"{}"})


def _with_a_program(folder: Path) -> Path:
    return a_zip(folder, {"flater.geojson": b"{}", "les_meg.exe": b"MZ"})


def _with_a_password(folder: Path) -> Path:
    path = a_zip(folder, {"flater.geojson": b"{}" * 50})
    body = bytearray(path.read_bytes())
    body[6] |= 1  # "encrypted", in the member's own head and in the list
    body[body.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(body)
    return path


# ---- other formats under a name of ours


def _vrt(folder: Path) -> Path:
    source = "<SrcDataSource>/etc/passwd</SrcDataSource>"
    return a_file(folder, "flater.geojson", f'<OGRVRTDataSource><OGRVRTLayer name="passwd">{source}</OGRVRTLayer></OGRVRTDataSource>')


def _gml_with_an_entity(folder: Path) -> Path:
    body = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><gml:FeatureCollection>&f;</gml:FeatureCollection>'
    return a_file(folder, "flater.gpkg", body)


def _gdal_pipeline(folder: Path) -> Path:
    """JSON, and begins as it should; GDAL would run what it says if the driver were there."""
    body = '{"type":"gdal_streamed_alg","command_line":"gdal vector pipeline ! read /etc/passwd"}'
    return a_file(folder, "flater.geojson", body)


# ---- GeoPackages


def _changed(folder: Path, *statements: str) -> Path:
    path = a_layer(folder, BOX)
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
    return path


def _endless_view(folder: Path) -> Path:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid, geom, navn FROM n, flater"
    return _changed(
        folder,
        f"CREATE VIEW alt AS {endless}",
        "UPDATE gpkg_contents SET table_name = 'alt'",
        "UPDATE gpkg_geometry_columns SET table_name = 'alt'",
    )


def _virtual_table(folder: Path) -> Path:
    return _changed(folder, "CREATE VIRTUAL TABLE ord USING fts5(tekst)")


def _foreign_module(folder: Path) -> Path:
    """A table whose rows another file has; SQLite takes the words only when they are written past it."""
    return _changed(
        folder,
        "PRAGMA writable_schema=ON",
        "INSERT INTO sqlite_master VALUES ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING VirtualOGR(''/etc/passwd'')')",
    )


def _not_a_geopackage(folder: Path) -> Path:
    path = folder / "flater.gpkg"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE ting (navn TEXT)")
        database.commit()
    return path


def _page_of_noise(folder: Path) -> Path:
    path = a_layer(folder, *([BOX] * 2000))
    body = bytearray(path.read_bytes())
    body[4096 * 3 : 4096 * 40] = noise(4096 * 37)
    path.write_bytes(body)
    return path


# ---- broken files


def _empty(folder: Path) -> Path:
    return a_file(folder, "flater.gpkg", b"")


def _noise(folder: Path) -> Path:
    return a_file(folder, "flater.fgb", noise(100_000))


def _noise_with_a_head(folder: Path) -> Path:
    return a_file(folder, "flater.fgb", b"fgb\x03fgb\x00" + noise(100_000))


def _half(suffix: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = a_layer(folder, *([BOX] * 500), name=f"flater{suffix}")
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        return path

    make.__name__ = f"half_a{suffix.replace('.', '_')}"
    return make


def _nested_brackets(folder: Path) -> Path:
    return a_file(folder, "flater.geojson", geojson("[" * 10_000_000 + "]" * 10_000_000))


def _metres_called_degrees(folder: Path) -> Path:
    return a_file(folder, "flater.geojson", geojson("[[[297000,6700000],[297100,6700000],[297100,6700100],[297000,6700000]]]"))


def _not_a_number(folder: Path) -> Path:
    return a_file(folder, "flater.geojson", geojson("[[[5,60],[NaN,60],[6,61],[5,60]]]"))


def _infinity(folder: Path) -> Path:
    return a_file(folder, "flater.geojson", geojson("[[[5,60],[1e999,60],[6,61],[5,60]]]"))


def _million_corners(folder: Path) -> Path:
    turn = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    return a_layer(folder, shapely.Polygon(np.column_stack([5.33 + 0.01 * np.cos(turn), 60.38 + 0.01 * np.sin(turn)])))


def _far_away(folder: Path) -> Path:
    return a_layer(folder, shapely.box(10.7, 59.9, 10.8, 60))


NOT_WHAT = "er ikke det navnet sier. Lagre den som"
NOT_READ = "kan ikke leses"
HOSTILE: list[tuple[Callable[[Path], Path], str]] = [
    (_bomb, "pakke.zip er på 600 MB når den pakkes ut; høyst 500 MB er tillatt"),
    (_bomb_that_lies, "pakke.zip kan ikke pakkes ut"),
    (_nested, "indre.zip kan ikke være med. Tillatt: .fgb, .geojson"),
    (_out_of_the_archive, "har en fil som peker ut av pakken (../../etc/flater.geojson)"),
    (_symlink, "har en fil som peker ut av pakken (flater.geojson)"),
    (_many_members, "har 100 filer; høyst 40 kan være med"),
    (_two_layers, "har 2 kartfiler; det skal være én"),
    (_with_a_program, "les_meg.exe kan ikke være med"),
    (_with_a_password, "kan ikke pakkes ut. Pakk den på nytt, uten passord"),
    (_vrt, f"flater.geojson {NOT_WHAT} .geojson"),
    (_gml_with_an_entity, f"flater.gpkg {NOT_WHAT} .gpkg"),
    (_gdal_pipeline, NOT_READ),
    (_endless_view, "Laget alt i flater.gpkg er en spørring, ikke en tabell"),
    (_virtual_table, "har en virtuell tabell (ord)"),
    (_foreign_module, "har en virtuell tabell (v)"),
    (_not_a_geopackage, "kan ikke leses. Er det en hel fil, og er det en GeoPackage?"),
    (_page_of_noise, NOT_READ),
    (_empty, "flater.gpkg er tom (0 byte)"),
    (_noise, f"flater.fgb {NOT_WHAT} .fgb"),
    (_noise_with_a_head, NOT_READ),
    (_half(".geojson"), NOT_READ),
    (_half(".gpkg"), NOT_READ),
    (_half(".fgb"), NOT_READ),
    (_half(".shp.zip"), "kan ikke pakkes ut"),
    (_nested_brackets, NOT_READ),
    (_metres_called_degrees, "ligger ikke på jorda (297000, 6700000); sjekk koordinatsystemet"),
    (_not_a_number, "flater.geojson"),
    (_infinity, "flater.geojson"),
    (_million_corners, "har 1000001 hjørner; høyst 200000 er tillatt for én ting"),
    (_far_away, "1 rader ligger utenfor Bergen"),
]


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(("make", "said"), HOSTILE, ids=[make.__name__.strip("_") for make, _ in HOSTILE])
def test_a_hostile_file_is_refused_in_words_and_leaves_nothing(tmp_path: Path, make: Callable[[Path], Path], said: str) -> None:
    bergen: Municipality = MunicipalityFactory.create(number="4601", name="Bergen", boundary=places.MUNICIPALITY)
    path = make(tmp_path)
    with pytest.raises(ImportRefused) as refused:
        upload(path, bergen)
    assert len(refused.value.message) < 500
    assert said in refused.value.message
    assert not Layer.objects.exists()
    assert not LayerFeature.objects.exists()


# ---- files that take too much


def _knot(folder: Path, corners: int) -> Path:
    """A polygon each of whose sides crosses nearly all others: a small file, and some million crossings to be mended."""
    # spread evenly, and each far from the one before
    ring = [(5.33 + at * 0.7548776662 % 1 / 100, 60.38 + at * 0.5698402910 % 1 / 100) for at in range(corners)]
    return a_layer(folder, shapely.Polygon(ring))


def _many_things(folder: Path) -> Path:
    frame = GeoDataFrame({"navn": ["x" * 200] * 60_000}, geometry=shapely.points(np.full(60_000, 5.33), 60.38), crs=4326)
    pyogrio.write_dataframe(frame, folder / "punkt.fgb")
    return folder / "punkt.fgb"


def test_who_ties_a_knot_is_told_after_the_time_there_is(tmp_path: Path) -> None:
    path = _knot(tmp_path, 4_000)
    began = time.monotonic()
    with pytest.raises(ImportRefused, match=r"flater.gpkg tok for lang tid å lese; høyst 3 sekunder er tillatt"):
        read(path, replace(for_uploads(), seconds=3))
    assert time.monotonic() - began < 30
    assert _readers() == []


def test_who_needs_more_memory_than_there_is_is_told(tmp_path: Path) -> None:
    path = _many_things(tmp_path)
    assert len(read(path).rows) == 60_000
    with pytest.raises(ImportRefused, match=r"punkt.fgb (trenger for mye minne å lese; høyst 250 MB|kan ikke leses)"):
        read(path, replace(for_uploads(), memory_bytes=250_000_000))


def test_more_things_corners_or_bytes_than_are_allowed_are_counted(tmp_path: Path) -> None:
    path = a_layer(tmp_path, BOX, BOX, BOX)
    for change, said in (
        ({"things": 2}, "har over 2 ting; høyst 2 er tillatt"),
        ({"corners": 14}, "har 15 hjørner i alt; høyst 14 er tillatt"),
        ({"columns": 0}, "har 1 kolonner; høyst 0 er tillatt"),
        ({"file_bytes": 1000}, "MB; høyst 0 MB er tillatt"),
    ):
        with pytest.raises(ImportRefused, match=said):
            read(path, replace(for_uploads(), **change))
    assert len(read(path, replace(for_uploads(), things=3, corners=15, columns=1)).rows) == 3


def _readers() -> list[int]:
    """The readers that this process has started and that are still there."""
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    pids = [int(pid) for file in children for pid in file.read_text().split()]
    return [pid for pid in pids if b"surveys.sandbox" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV])
def test_a_reader_that_is_killed_or_crashes_takes_nobody_with_it(tmp_path: Path, how: signal.Signals) -> None:
    path, said = _knot(tmp_path, 4_000), []

    def try_it() -> None:
        try:
            read(path)
        except ImportRefused as refusal:
            said.append(refusal.message)

    thread = threading.Thread(target=try_it)
    thread.start()
    while not (started := _readers()) and thread.is_alive():
        time.sleep(0.05)
    os.kill(started[0], how)
    thread.join(30)
    assert len(said) == 1
    assert said[0].startswith("flater.gpkg kan ikke leses: leseren stoppet før den var ferdig. Filen er skadd eller for stor.")
    assert len(read(a_layer(tmp_path, BOX, name="god.gpkg")).rows) == 1


# ---- what a reader can do


PROBE = """
import os, resource, socket, subprocess, sys, threading
from pathlib import Path
import pyogrio
from surveys.sandbox import guards
from surveys.sandbox.limits import Limits
guards.limit_resources(Limits(1_000_000, 2_000_000_000, 30, 10, 10))
guards.close_in(Path.cwd())
TRIED = {
    "socket": lambda: socket.socket(),
    "unix socket": lambda: socket.socket(socket.AF_UNIX),
    "passwords": lambda: Path("/etc/passwd").read_text(),
    "the server's environment": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
    "our code": lambda: os.listdir(sys.argv[1]),
    "writing to the environment of Python": lambda: Path(sys.prefix, "x").write_text("x"),
    "another folder": lambda: Path("/tmp/x").write_text("x"),
    "link": lambda: os.symlink("/etc/passwd", "lenke") or Path("lenke").read_text(),
    "process": os.fork,
    "program": lambda: os.execv("/bin/true", ["true"]),
    "thread": threading.Thread(target=print).start,
    "signal": lambda: os.kill(os.getppid(), 0),
    "higher limits": lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
    "large file": lambda: Path("stor").write_bytes(bytes(11_000_000)),
    "memory": lambda: bytearray(3_000_000_000),
    "own folder": lambda: Path("egen").write_text("x"),
}
for name, attempt in TRIED.items():
    try:
        attempt()
    except (OSError, RuntimeError, ValueError, MemoryError):
        continue
    print(name)
"""


@pytest.mark.skipif(bool(guards.missing()), reason=f"this machine does not have {guards.missing()}")
def test_a_reader_can_do_nothing_but_read_its_folder(tmp_path: Path) -> None:
    """The guards in a process like the reader's: all of this works in one that has not closed itself in."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", PROBE, str(settings.BASE_DIR)],
        cwd=tmp_path, env=reading._environment(tmp_path), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.stdout.split("\n"), done.stderr) == (["own folder", ""], "")


def test_a_reader_is_told_nothing_of_the_site(tmp_path: Path) -> None:
    environment = reading._environment(tmp_path)
    assert not {"DATABASE_URL", "SECRET_KEY", "PATH"} & set(environment)
    assert settings.SECRET_KEY not in str(environment)
    skipped = environment["GDAL_SKIP"].split(",")
    assert {"OGR_VRT", "GML", "KML", "CSV", "SQLite", "HTTP", "WFS", "GDALG", "OpenFileGDB"} <= set(skipped)
    assert set(pyogrio.list_drivers()) - set(skipped) == {"GeoJSON", "GPKG", "FlatGeobuf", "ESRI Shapefile"}


def test_a_coordinate_system_on_another_host_is_never_asked_for(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as host:
        host.setblocking(False)
        crs = f'"crs":{{"type":"link","properties":{{"href":"http://127.0.0.1:{host.getsockname()[1]}/","type":"ogcwkt"}}}},'
        body = geojson("[[[5.33,60.38],[5.34,60.38],[5.34,60.39],[5.33,60.38]]]").replace('"features"', crs + '"features"', 1)
        assert len(read(a_file(tmp_path, "flater.geojson", body)).rows) == 1
        with pytest.raises(BlockingIOError):
            host.accept()


def test_words_that_a_database_cannot_have_are_mended(tmp_path: Path) -> None:
    body = geojson("[5.33,60.38]", "Point").replace('"navn":"x"', '"na\\u0000vn":"a\\u0000b\\ud800c"')
    (row,) = read(a_file(tmp_path, "punkt.geojson", body)).rows
    assert all(word.isprintable() and word.encode() for pair in row.fields.items() for word in pair)


# ---- what a reader that has been taken over might answer


def _answer(*parts: Any) -> bytes:
    out = io.BytesIO()
    for part in parts:
        if isinstance(part, bytes):
            write_bytes(out, part)
        else:
            write_json(out, part)
    return out.getvalue()


HEAD = {"columns": ["navn"], "layers": ["a"], "layer": "a"}
ROW = [1, "", ["x"]]
WKB = shapely.to_wkb(BOX)
BOW = shapely.to_wkb(shapely.Polygon([(5, 60), (6, 61), (6, 60), (5, 61)]))
LIES: dict[str, bytes] = {
    "nothing": b"",
    "no json": _answer(b"{"),
    "no end": _answer(HEAD, ROW, WKB),
    "another end": _answer(HEAD, ROW, WKB, {"end": 2}),
    "more after the end": _answer(HEAD, ROW, WKB, {"end": 1}, b"x"),
    "rows out of order": _answer(HEAD, [2, "", ["x"]], WKB, {"end": 1}),
    "too many values": _answer(HEAD, [1, "", ["x", "y"]], WKB, {"end": 1}),
    "a value that is none": _answer(HEAD, [1, "", [{"a": 1}]], WKB, {"end": 1}),
    "no geometry": _answer(HEAD, ROW, b"", {"end": 1}),
    "a geometry that crosses itself": _answer(HEAD, ROW, BOW, {"end": 1}),
    "a geometry off the earth": _answer(HEAD, ROW, shapely.to_wkb(shapely.Point(500, 60)), {"end": 1}),
    "a geometry with heights": _answer(HEAD, ROW, shapely.to_wkb(shapely.Point(5, 60, 3)), {"end": 1}),
    "an empty geometry": _answer(HEAD, ROW, shapely.to_wkb(shapely.Polygon()), {"end": 1}),
    "a frame that is cut off": _answer(HEAD, ROW, WKB, {"end": 1})[:-2],
    "a length that is not there": _answer(HEAD) + b"\xff\xff\xff\xff",
    "a list for a head": _answer([1]),
    "too many rows": _answer(HEAD, *[part for at in range(1, 13) for part in ([at, "nei", ["x"]],)], {"end": 12}),
}


@pytest.mark.parametrize("answer", LIES.values(), ids=LIES)
def test_an_answer_that_is_not_as_agreed_is_refused_whole(tmp_path: Path, answer: bytes) -> None:
    file = GisFile(tmp_path, "flater.gpkg", "", replace(for_uploads(), things=10))
    assert len(found.understood(_answer(HEAD, ROW, WKB, {"end": 1}), file).rows) == 1
    with pytest.raises(ImportRefused, match="leseren stoppet før den var ferdig"):
        found.understood(answer, file)


def test_a_sentence_of_a_reader_is_short_and_printable(tmp_path: Path) -> None:
    file = GisFile(tmp_path, "flater.gpkg", "", for_uploads())
    with pytest.raises(ImportRefused) as refused:
        found.understood(_answer({"refused": "\x1b[31m" + "x" * 9000}), file)
    assert (len(refused.value.message), refused.value.message.isprintable()) == (500, True)
