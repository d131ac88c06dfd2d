"""The one way in for foreign GIS files: a reader in a process of its own (surveys/sandbox), and a strict look at what it answers."""

import json
import logging
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pyogrio
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from surveys.errors import ImportRefused
from surveys.sandbox.contents import ALLOWED, BESIDE, DRIVERS, FORMATS
from surveys.sandbox.limits import MB, Limits
from surveys.services.found import Found, GisFile, broken, shown, understood

log = logging.getLogger(__name__)

_ONE_AT_A_TIME = threading.BoundedSemaphore(1)
"""In each of the server's processes: a reader may take as much memory as all the rest."""
_PIECE = 1 << 20


def for_uploads() -> Limits:
    """What the settings allow a planner's file."""
    return Limits(
        file_bytes=settings.GIS_FILE_MAX_MB * MB,
        memory_bytes=settings.GIS_READER_MEMORY_MB * MB,
        seconds=settings.GIS_READER_TIMEOUT_S,
        things=settings.LAYER_MAX_THINGS,
        corners=settings.LAYER_MAX_CORNERS,
    )


def for_operators() -> Limits:
    """Ten times as much: whoever runs a command owns the machine, and all of Norway's municipalities are in one file."""
    most = for_uploads()
    return Limits(10 * most.file_bytes, 10 * most.memory_bytes, 10 * most.seconds, 10 * most.things, 10 * most.corners, 2_000_000)


def allowed_files() -> str:
    """What may be uploaded, as a form says it."""
    return f"GeoJSON, GPKG, FGB eller SHP i ZIP, høyst {settings.GIS_FILE_MAX_MB} MB."


@contextmanager
def uploaded(file: UploadedFile, layer: str = "") -> Iterator[GisFile]:
    """A browser's file, where the reader can have it; ImportRefused for one that is too large, before it is written anywhere."""
    name, limits = Path(file.name or "fil").name, for_uploads()
    if (file.size or 0) > limits.file_bytes:
        raise ImportRefused(_too_many_bytes(name, file.size or 0, limits))
    with tempfile.NamedTemporaryFile(prefix="trakk-fil-") as kept:
        for piece in file.chunks():
            kept.write(piece)
        kept.flush()
        yield GisFile(Path(kept.name), name, layer, limits)


def read_file(file: GisFile) -> Found:
    """Have the file read; ImportRefused with a sentence when it cannot be used, or its reader breaks down."""
    _require_fit(file)
    if not _ONE_AT_A_TIME.acquire(timeout=file.limits.seconds):
        raise ImportRefused("En annen fil leses akkurat nå. Prøv igjen om litt.")
    try:
        with tempfile.TemporaryDirectory(prefix="trakk-fil-") as folder:
            answer = _read_in(Path(folder), file)
    finally:
        _ONE_AT_A_TIME.release()
    return understood(answer, file)


def _require_fit(file: GisFile) -> None:
    if not file.path.is_file():
        raise ImportRefused(f"Filen {file.path} finnes ikke.")
    suffix = Path(file.name).suffix.lower()
    if suffix not in FORMATS:
        raise ImportRefused(f"{file.name[:80]} er {suffix[:20] or 'uten endelse'}; tillatt: {ALLOWED}.")
    size = file.path.stat().st_size
    if size == 0:
        raise ImportRefused(f"{file.name[:80]} er tom (0 byte). Lagre den på nytt og prøv igjen.")
    if size > file.limits.file_bytes:
        raise ImportRefused(_too_many_bytes(file.name, size, file.limits))


def _read_in(folder: Path, file: GisFile) -> bytes:
    """What the reader answers; ImportRefused when it takes too long or too much, or breaks down."""
    suffix = Path(file.name).suffix.lower()
    shutil.copyfile(file.path, folder / f"fil{suffix}")
    if suffix == ".shp":
        for beside in BESIDE:
            if (there := file.path.with_suffix(beside)).is_file():
                shutil.copyfile(there, folder / f"fil{beside}")
    job = json.dumps({"file": f"fil{suffix}", "shown": shown(file.name), "layer": file.layer, "limits": asdict(file.limits)})
    with (folder / "sagt").open("wb") as said:
        # a list of arguments and no shell; -P keeps the folder with the foreign file out of where Python looks for modules
        reader = subprocess.Popen(
            [sys.executable, "-P", "-s", "-m", "surveys.sandbox", job],
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            start_new_session=True,
        )
        try:
            answer = _answer_of(reader, file)
        finally:
            _end(reader)
    if reader.returncode != 0:
        last = (folder / "sagt").read_bytes()[-2000:].decode("utf-8", "replace").strip().rpartition("\n")[2]
        # the kind of error only: its text may quote the file
        log.warning("the reader of a file ended with %s: %s", reader.returncode, last.partition(":")[0][:80])
        if reader.returncode == -signal.SIGXCPU:
            raise ImportRefused(_too_long(file))
        raise ImportRefused(broken(file))
    return answer


def _environment(folder: Path) -> dict[str, str]:
    """All that the reader knows of the machine: nothing of ours, no other driver, no network, one thread."""
    return {
        "PYTHONPATH": str(settings.BASE_DIR),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "GDAL_NUM_THREADS": "1",
        "GDAL_SKIP": ",".join(sorted(set(pyogrio.list_drivers()) - DRIVERS)),
        "GDAL_DRIVER_PATH": "disable",
        "GDAL_CACHEMAX": "16",
        "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
        "CPL_TMPDIR": str(folder),
        "GDAL_HTTP_PROXY": "127.0.0.1:9",
        "PROJ_NETWORK": "OFF",
        "OGR_SQLITE_PRAGMA": "trusted_schema=OFF",
        "OGR_SQLITE_LOAD_EXTENSIONS": "",
        "OGR_GEOJSON_MAX_OBJ_SIZE": "50",
    }


def _answer_of(reader: "subprocess.Popen[bytes]", file: GisFile) -> bytes:
    """All that it writes, until it ends."""
    assert reader.stdout is not None  # noqa: S101  # it was asked for
    answer, until = bytearray(), time.monotonic() + file.limits.seconds
    with selectors.DefaultSelector() as waiting:
        waiting.register(reader.stdout, selectors.EVENT_READ)
        while True:
            left = until - time.monotonic()
            if left <= 0 or not waiting.select(left):
                raise ImportRefused(_too_long(file))
            piece = os.read(reader.stdout.fileno(), _PIECE)
            if not piece:
                break
            answer += piece
            if len(answer) > file.limits.answer_bytes:
                raise ImportRefused(f"{shown(file.name)} blir for stor når den er lest. Klipp den til kommunen først.")
    try:
        reader.wait(max(0.1, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise ImportRefused(_too_long(file)) from None
    return bytes(answer)


def _end(reader: "subprocess.Popen[bytes]") -> None:
    """Let nothing of it live on."""
    if reader.poll() is None:
        os.killpg(reader.pid, signal.SIGKILL)
        reader.wait()
    if reader.stdout:
        reader.stdout.close()


def _too_many_bytes(name: str, size: int, limits: Limits) -> str:
    came = f"{size / MB:.1f}".replace(".", ",")
    return f"{shown(name)} er på {came} MB; høyst {limits.file_bytes / MB:.0f} MB er tillatt."


def _too_long(file: GisFile) -> str:
    return (
        f"{shown(file.name)} tok for lang tid å lese; høyst {file.limits.seconds:g} sekunder er tillatt. Forenkle den, eller del den opp."
    )
