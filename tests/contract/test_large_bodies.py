"""Whoever sends too much gets to read why: from a real server, by a client that sends all before it listens."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http import HTTPStatus
from io import BytesIO
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.conf import settings

from config.bodies import MOST_THROWN_AWAY, PIECE_BYTES, FinishBodies, Input
from surveys import codes

TOO_LARGE = 10_000_000
RESPONSE = uuid4()
CALLS = {
    "join": ("POST", "/api/v1/join", ""),
    "a mark": ("PUT", f"/api/v1/responses/{RESPONSE}/marks/{uuid4()}", f"Bearer {codes.write_token(RESPONSE)}"),
    "answers": ("PUT", f"/api/v1/responses/{RESPONSE}/answers", f"Bearer {codes.write_token(RESPONSE)}"),
    "somebody else's mark": ("PUT", f"/api/v1/responses/{uuid4()}/marks/{uuid4()}", f"Bearer {codes.write_token(RESPONSE)}"),
}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where gunicorn serves the site; nothing that is asked here gets as far as the database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    environment = {**os.environ, "SECRET_KEY": settings.SECRET_KEY, "LOG_LEVEL": "ERROR"}
    options = ["--bind", f"127.0.0.1:{number}", "--workers", "1", "--threads", "2", "--no-control-socket", "--log-level", "error"]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", *options]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment) as server:
        try:
            for _ in range(300):
                with socket.socket() as door:
                    if door.connect_ex(("127.0.0.1", number)) == 0:
                        break
                time.sleep(0.1)
            yield number
        finally:
            server.terminate()


def _send(port: int, call: str, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    method, path, token = CALLS[call]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    if token:
        headers["Authorization"] = token
    try:
        connection.request(method, path, body, {"Content-Type": "application/json", **headers}, encode_chunked=not isinstance(body, bytes))
        answer = connection.getresponse()
        return answer.status, orjson.loads(answer.read())
    finally:
        connection.close()


def _pieces(size: int) -> Iterator[bytes]:
    return (b"x" * 50_000 for _ in range(size // 50_000))


@pytest.mark.parametrize("call", ["join", "a mark", "answers"])
def test_who_sends_ten_megabytes_reads_the_problem(port: int, call: str) -> None:
    status, told = _send(port, call, b"x" * TOO_LARGE)
    assert (status, told["code"]) == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large")


@pytest.mark.parametrize("call", ["join", "a mark", "answers"])
def test_who_sends_them_in_chunks_does_too(port: int, call: str) -> None:
    status, told = _send(port, call, _pieces(TOO_LARGE))
    assert (status, told["code"]) == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large")


def test_who_has_no_right_reads_that_however_much_was_sent(port: int) -> None:
    status, told = _send(port, "somebody else's mark", b"x" * TOO_LARGE)
    assert (status, told["code"]) == (HTTPStatus.UNAUTHORIZED, "token-refused")


def test_a_small_body_in_chunks_is_read_as_any_other(port: int) -> None:
    status, told = _send(port, "a mark", iter([b'{"type": "Fea', b'ture"}']))
    assert (status, told["code"]) == (HTTPStatus.UNPROCESSABLE_ENTITY, "properties-missing")


class _Endless:
    """A body that never ends, counting what was asked of it."""

    given = 0
    largest = 0

    def read(self, size: int = -1) -> bytes:
        self.largest = max(self.largest, size)
        self.given += size
        return b"x" * size


def test_what_is_thrown_away_is_bounded_and_comes_in_pieces() -> None:
    body = _Endless()
    environ = {"wsgi.input": body, "CONTENT_LENGTH": "999999999999"}
    assert FinishBodies(lambda *_: [b"413"])(environ, lambda *_: lambda _: None) == [b"413"]
    assert body.given == MOST_THROWN_AWAY
    assert body.largest == PIECE_BYTES


def test_no_byte_beyond_the_told_length_is_waited_for() -> None:
    body = Input(BytesIO(b"abcdef"))
    environ = {"wsgi.input": body, "CONTENT_LENGTH": "4"}
    FinishBodies(lambda environ, _: [environ["wsgi.input"].read(1)])(environ, lambda *_: lambda _: None)
    assert body.taken == 4
