"""A provider of picture tiles on this machine: HTTPS, WMTS addresses {z}/{y}/{x}, and a network that can be taken from it."""

import io
import re
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.browser.conftest import Site

GREEN, SNOW, NIGHT = (52, 74, 46), (248, 250, 252), (12, 16, 14)
_ADDRESS = re.compile(r"/nib/(\d+)/(\d+)/(\d+)\.png")


class TileProvider:
    """What is asked of it is counted in asked; while is_away every tile is refused, as a dead network would."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.asked: list[str] = []
        self.is_away = False
        self.colour = GREEN

    @property
    def url(self) -> str:
        """The address with its places, as an operator types it."""
        return f"{self.base}/nib/{{z}}/{{y}}/{{x}}.png"

    def tile(self) -> bytes:
        """A ground of one colour with roofs on it, so that what comes can be told from an empty map."""
        image = Image.new("RGB", (256, 256), self.colour)
        draw = ImageDraw.Draw(image)
        for x in range(20, 256, 64):
            draw.rectangle((x, x // 2 + 20, x + 22, x // 2 + 36), fill=tuple(max(0, part - 8) for part in self.colour))
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()


@contextmanager
def tile_provider(folder: Path) -> Iterator[TileProvider]:
    """The provider, answering until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    provider = TileProvider(f"https://127.0.0.1:{server.server_address[1]}")

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            if provider.is_away or not _ADDRESS.fullmatch(self.path):
                self.send_error(503)
                return
            body = provider.tile()
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: a test's output is its own."""

    server.RequestHandlerClass = Answers
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*_certificate(folder))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate and its key that live for the test: pages may load pictures from HTTPS only."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not here, so no tile provider can be served over HTTPS")
    certificate, key = folder / "tiles.pem", folder / "tiles.key"
    made_for = ["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *made_for, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


@contextmanager
def photo_of(site: Site, provider: TileProvider) -> Iterator[None]:
    """The demo's municipality has the provider's photo turned on."""
    [(basemap,)] = site.rows(
        "INSERT INTO mapping_basemap (id, municipality_id, name, kind, file_name, url, attribution, attribution_url,"
        " min_zoom, max_zoom, is_aerial, is_default, is_active)"
        " SELECT gen_random_uuid(), municipality_id, 'Flyfoto til prøve', 'xyz', '', %s, '© Prøve', '', 0, 19, true, false, true"
        " FROM surveys_survey WHERE id = %s RETURNING id",
        provider.url,
        site.demo["survey"],
    )
    try:
        yield
    finally:
        site.rows("DELETE FROM mapping_basemap WHERE id = %s RETURNING id", basemap)


@contextmanager
def class_in_grade(site: Site, grade: int) -> Iterator[None]:
    """The class whose lesson is open is in this grade."""
    [(group, before, letter)] = site.rows(
        "SELECT g.id, g.grade, g.letter FROM surveys_classgroup g JOIN surveys_lesson l ON l.class_group_id = g.id"
        " WHERE g.survey_id = %s AND l.closed_at IS NULL ORDER BY l.opened_at DESC LIMIT 1",
        site.demo["survey"],
    )
    move = "UPDATE surveys_classgroup SET grade = %s, letter = %s WHERE id = %s RETURNING id"
    site.rows(move, grade, "X", group)
    try:
        yield
    finally:
        site.rows(move, before, letter, group)
