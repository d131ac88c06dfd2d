"""A server between the tablet and the site, as a school's network is one: it can go away, and the site behind it can become another."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

NEWER = "0123456789abcdef"
"""The version that the site has after a deployment."""

_NOT_OURS = {"connection", "transfer-encoding", "content-length", "keep-alive", "host", "accept-encoding"}


class Relay:
    """base: the tablet's address of the site. older: the version that `newer` replaces by NEWER, script or page or both."""

    def __init__(self, upstream: str) -> None:
        self.upstream = urlsplit(upstream).netloc
        self.is_down = False
        self.older = ""
        self.newer: set[str] = set()
        relay = self

        class Handler(_Handler):
            """This relay's requests."""

            owner = relay

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"

    def deploy(self, older: str, *paths: str) -> None:
        """From now on these paths are of the newer version."""
        self.older, self.newer = older, set(paths)


class _Handler(BaseHTTPRequestHandler):
    owner: Relay

    def do_GET(self) -> None:
        """Any method: pass it on, and its answer back."""
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        if self.owner.is_down:
            return
        site = http.client.HTTPConnection(self.owner.upstream, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _NOT_OURS}
        is_newer = self.path in self.owner.newer
        if is_newer:
            headers.pop("If-None-Match", None)
        site.request(self.command, self.path, body, headers)
        answer = site.getresponse()
        content = answer.read()
        site.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _NOT_OURS:
                self.send_header(name, value.replace(self.owner.older, NEWER) if is_newer else value)
        if is_newer:
            content = content.replace(self.owner.older.encode(), NEWER.encode()).replace(b"<body ", b'<body data-version="newer" ')
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    # the names are http.server's
    do_PUT = do_POST = do_DELETE = do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_args: object) -> None:
        """Not a line for each request."""


@contextmanager
def relay(upstream: str) -> Iterator[Relay]:
    """A relay for as long as the block runs."""
    made = Relay(upstream)
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
        thread.join()
