"""What a foreign file holds, before GDAL is let near it: that it is what its name says, and nothing that names other files.

GDAL goes by what a file holds and not by its name, and some formats name other files, or hosts.
"""

import sqlite3
import stat
import zipfile
import zlib
from contextlib import closing
from pathlib import Path

from surveys.sandbox.limits import MB, Limits

BEGINS = {".geojson": b"{", ".json": b"{", ".gpkg": b"SQLite format 3\0", ".fgb": b"fgb", ".shp": b"\0\0\x27\x0a"}
"""How a file of the format begins."""
DRIVERS = {"GeoJSON", "GPKG", "FlatGeobuf", "ESRI Shapefile"}
"""Of GDAL; no other is there for the reader."""
BESIDE = {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qmd", ".xml"}
"""What lies beside a shapefile."""
FORMATS = {*BEGINS, ".zip"}
ALLOWED = ", ".join(sorted(FORMATS))
_BOM = b"\xef\xbb\xbf"
_HEAD = 64
_PIECE = 1 << 20


class Refused(Exception):
    """The file cannot be used; its text is a sentence for whoever sent it."""


def usable(path: Path, limits: Limits, shown: str) -> Path:
    """The file to read: path itself, or what lay in a zip, unpacked beside it. Refused for what is not what its name says."""
    if path.suffix == ".zip":
        path, shown = _unpacked(path, limits, shown)
    with path.open("rb") as file:
        _require_beginning(shown, path.suffix, file.read(_HEAD))
    if path.suffix == ".gpkg":
        _require_plain_tables(path, shown)
    return path


def _require_beginning(name: str, suffix: str, beginning: bytes) -> None:
    if not beginning:
        raise Refused(f"{name} er tom (0 byte). Lagre den på nytt og prøv igjen.")
    wanted = BEGINS[suffix]
    if not beginning.removeprefix(_BOM).lstrip(b" \t\r\n" if wanted == b"{" else b"").startswith(wanted):
        raise Refused(f"{name} er ikke det navnet sier. Lagre den som {suffix} på nytt og prøv igjen. Tillatt: {ALLOWED}.")


def _unpacked(path: Path, limits: Limits, shown: str) -> tuple[Path, str]:
    """The one file of a zip, unpacked with what belongs to it under names of ours; and what it was called."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
            data = _the_one(members, limits, shown)
            for member in members:
                suffix = Path(member.filename).suffix.lower()
                if member is data or Path(member.filename).stem.lower() == Path(data.filename).stem.lower():
                    _unpack(archive, member, path.with_name(f"pakket{suffix}"))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error) as error:
        raise Refused(f"{shown} kan ikke pakkes ut. Pakk den på nytt, uten passord.") from error
    return path.with_name(f"pakket{Path(data.filename).suffix.lower()}"), _quoted(Path(data.filename).name)


def _the_one(members: list[zipfile.ZipInfo], limits: Limits, shown: str) -> zipfile.ZipInfo:
    """The file that holds the layer; Refused for archives of anything but one such and what lies beside it."""
    if len(members) > limits.members:
        raise Refused(f"{shown} har {len(members)} filer; høyst {limits.members} kan være med.")
    size = sum(one.file_size for one in members)
    if size > limits.unpacked_bytes:
        raise Refused(f"{shown} er på {size / MB:.0f} MB når den pakkes ut; høyst {limits.unpacked_bytes / MB:.0f} MB er tillatt.")
    for one in members:
        name, kind = Path(one.filename), stat.S_IFMT(one.external_attr >> 16)
        if name.is_absolute() or ".." in name.parts or "\\" in one.filename or kind not in {0, stat.S_IFREG}:
            raise Refused(
                f"{shown} har en fil som peker ut av pakken ({_quoted(one.filename)}). Pakk bare kartfilene, uten mapper og lenker."
            )
        if name.suffix.lower() not in BEGINS and name.suffix.lower() not in BESIDE:
            raise Refused(f"{_quoted(name.name)} kan ikke være med. Tillatt: {', '.join(sorted(BEGINS))} og det som hører til en .shp.")
    data = [one for one in members if Path(one.filename).suffix.lower() in BEGINS]
    if len(data) != 1:
        raise Refused(f"{shown} har {len(data)} kartfiler; det skal være én. Tillatt: {', '.join(sorted(BEGINS))}.")
    return data[0]


def _quoted(name: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in name[:80])


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, to: Path) -> None:
    with archive.open(member) as packed, to.open("wb") as plain:
        while piece := packed.read(_PIECE):
            plain.write(piece)


def _require_plain_tables(path: Path, shown: str) -> None:
    """Refused for a GeoPackage whose layers are queries: a view counts for ever, or asks for what is no part of it."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema=OFF")
            kinds = dict(database.execute("SELECT lower(name), type FROM sqlite_master WHERE type IN ('table', 'view')"))
            virtual = database.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%' AND name NOT LIKE 'rtree_%'")
            strange = virtual.fetchone()
            layers = [name for (name,) in database.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'")]
    except (sqlite3.Error, OverflowError) as error:
        raise Refused(f"{shown} kan ikke leses. Er det en hel fil, og er det en GeoPackage?") from error
    if strange:
        raise Refused(f"{shown} har en virtuell tabell ({_quoted(str(strange[0]))}). Lagre laget i en ny .gpkg med vanlige tabeller.")
    if views := [name for name in layers if kinds.get(str(name).lower()) != "table"]:
        raise Refused(f"Laget {_quoted(str(views[0]))} i {shown} er en spørring, ikke en tabell. Lagre laget i en ny .gpkg.")
