"""What a browser's network does and no more: HTTP/1.1 over kept-alive connections, hundreds of tablets in one asyncio process.

Our own and not httpx or aiohttp, because it runs on the cores that it measures: a request costs it a tenth of what it costs them.
"""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

TIMEOUT_S = 20
"""How long a tablet waits for one answer, as in static/js/api.js."""
NO_ANSWER = 0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_BODILESS = {204, 304}


@dataclass(frozen=True)
class Answer:
    """Status (NO_ANSWER when none came), head and body."""

    status: int
    head: bytes = b""
    body: bytes = b""

    def header(self, name: str) -> str:
        """A header's value, "" when it is not there."""
        found = re.search(rf"\r\n{name}: *([^\r]*)".encode(), self.head, re.IGNORECASE)
        return found[1].decode() if found else ""


class _Cut(Exception):
    """The connection ended; `is_early` says before anything of the answer had come."""

    def __init__(self, *, is_early: bool) -> None:
        self.is_early = is_early


class Wire:
    """One tablet's way to the site: as many connections as it has requests at once, kept for the next."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._idle: list[_Connection] = []

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Send a request and wait for its answer."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if body or method in {"POST", "PUT"}:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        sent = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await self._ask(sent)
        except (OSError, TimeoutError, _Cut):
            return Answer(NO_ANSWER)

    async def _ask(self, sent: bytes) -> Answer:
        while self._idle:
            with self._held(self._idle.pop()) as kept:
                try:
                    return await kept.ask(sent)
                except _Cut as cut:
                    # The site had closed it while nothing was said: browsers, too, take a fresh one then and tell nobody.
                    if not cut.is_early:
                        raise
        with self._held(await _Connection.open(self.host, self.port)) as fresh:
            return await fresh.ask(sent)

    @contextmanager
    def _held(self, connection: "_Connection") -> Iterator["_Connection"]:
        try:
            yield connection
        finally:
            if connection.is_whole:
                self._idle.append(connection)
            else:
                connection.close()

    def close(self) -> None:
        """Let go of all connections."""
        while self._idle:
            self._idle.pop().close()


class _Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.is_whole = True

    @classmethod
    async def open(cls, host: str, port: int) -> "_Connection":
        return cls(*await asyncio.open_connection(host, port))

    async def ask(self, sent: bytes) -> Answer:
        self.is_whole = False
        head = b""
        try:
            self.writer.write(sent)
            head = await self.reader.readuntil(b"\r\n\r\n")
            status = int(head[9:12])
            found = _LENGTH.search(head)
            length = int(found[1]) if found and status not in _BODILESS else 0
            body = await self.reader.readexactly(length) if length else b""
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            partial = error.partial if isinstance(error, asyncio.IncompleteReadError) else b""
            raise _Cut(is_early=not head and not partial) from error
        self.is_whole = b"\r\nconnection: close" not in head.lower()
        return Answer(status, head, body)

    def close(self) -> None:
        with suppress(OSError):
            self.writer.close()
