"""Somebody who listens at the tablets' door: every byte that comes is kept, and answered as the site answers, with receipts."""

import hashlib
import json
import socketserver
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

TABLET_HEADER = b"Bearer "
"""The tests' tablets have their response's id for a token, so that what they say can be told apart whatever the address is."""


@dataclass
class Heard:
    """What has been heard, request by request as it lay on the wire, of each token."""

    raw: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, request: bytes) -> None:
        """Keep a request with who sent it; "" when it does not say."""
        token = request.partition(TABLET_HEADER)[2].partition(b"\r\n")[0].decode()
        with self.lock:
            self.raw[token].append(request)

    @property
    def requests(self) -> int:
        """All of them."""
        return sum(map(len, self.raw.values()))


class _Door(socketserver.StreamRequestHandler):
    server: "_Doors"

    def handle(self) -> None:
        while head := self._head():
            method, path, _ = head.split(b" ", 2)
            fields = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in head.split(b"\r\n")[1:])}
            assert b"transfer-encoding" not in fields, "a body of unknown length would not be heard"
            body = self.rfile.read(int(fields.get(b"content-length", 0)))
            self.server.heard.note(head + body)
            self.wfile.write(_answer(method.decode(), path.decode(), body))

    def _head(self) -> bytes:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            try:
                line = self.rfile.readline()
            except ConnectionError:  # a page that goes away
                return b""
            if not line:
                return b""
            head += line
        return head


class _Doors(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 200

    def __init__(self, heard: Heard) -> None:
        self.heard = heard
        super().__init__(("127.0.0.1", 0), _Door)


@contextmanager
def listening() -> Iterator[tuple[str, Heard]]:
    """The root of an API behind which nobody keeps anything but what is heard."""
    heard = Heard()
    with _Doors(heard) as doors:
        thread = threading.Thread(target=doors.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{doors.server_address[1]}/api/v1/", heard
        doors.shutdown()
        thread.join()


def _answer(method: str, path: str, body: bytes) -> bytes:
    address = urlsplit(path)
    resource = address.path.rpartition("/")[2]
    if method == "DELETE":
        return f"HTTP/1.1 204 No Content\r\nTrakk-Receipt: {resource} {parse_qs(address.query)['rev'][0]}\r\n\r\n".encode()
    said: dict[str, object] = {"paused": False, "closed": False, "reset": False}
    if method == "PUT":
        said = {"id": resource, "rev": json.loads(body)["rev"], "sha256": hashlib.sha256(body).hexdigest()}
    elif resource == "finish":
        said = {"response": address.path.split("/")[-2], "receipt": "AAAA-BBBB-CCCC"}
    text = json.dumps(said).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text)
