"""A network that fails as networks do, between a tablet and the site: each fault hits one request in flight, and is counted.

One request a connection, so that a fault never touches a neighbour; the site hears every request that a fault does not keep from it.
"""

import asyncio
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal
from urllib.parse import urlsplit

Kind = Literal["reset", "drop", "truncate", "replace", "spoil", "delay", "duplicate", "slow", "hold", "withhold"]

RTT_S = 0.4
SLOW_BYTES_PER_S = 50_000


@dataclass(frozen=True)
class Fault:
    """What happens to one request.

    reset: the connection is reset when `at` bytes of the request are through. drop: the site has done it, its reply never comes.
    truncate: the reply breaks off after `at` bytes. replace: `reply` comes, and the site never hears of the request. spoil: `reply`
    comes in place of the site's. delay: `seconds` late. hold: so long between its halves. duplicate: the site gets it twice.
    withhold: the site has done it at once, its reply comes `seconds` late. slow: as over a second-generation network.
    """

    kind: Kind
    at: int = 0
    seconds: float = 0
    reply: bytes = b""


def reply(status: int, body: str = "", content_type: str = "text/html", **headers: str) -> bytes:
    """A whole HTTP reply."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", "Connection: close"]
    if status != HTTPStatus.NO_CONTENT:
        lines += [f"Content-Length: {len(body.encode())}", f"Content-Type: {content_type}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", body]).encode()


LOGIN_PAGE = "<!doctype html><title>Gjestenett</title><form>Logg inn</form>"
PORTAL = [
    reply(200, LOGIN_PAGE),
    reply(200, '{"status": "ok"}', "application/json"),
    reply(204),
    reply(302, LOGIN_PAGE, Location="/gjestenett/"),
    reply(401, LOGIN_PAGE),
    reply(403, '{"code": "blocked", "status": 403}', "application/json"),
    reply(404, LOGIN_PAGE),
    reply(410, LOGIN_PAGE),
    reply(511, LOGIN_PAGE),
]
"""What a guest network answers in place of the site."""

BUSY = [
    reply(500, "<h1>Oops</h1>"),
    reply(502, "<h1>Bad gateway</h1>"),
    reply(503, "", Retry_After="1"),
    reply(429, "", Retry_After="1"),
    reply(408),
    reply(413, "<h1>Too large</h1>"),
]
"""What stands in front of a site answers when the site cannot."""

Plan = Callable[[str, str], Fault | None]
"""Which fault hits the request of this method and path."""


def is_capture(path: str) -> bool:
    """Whether a tablet sends or asks something of its own."""
    return "/responses/" in path


def carries_work(method: str, path: str) -> bool:
    """Whether something of a child's is in flight: neither a question nor a sign of life, of which nothing can be lost."""
    return is_capture(path) and method in {"PUT", "DELETE", "POST"} and not path.endswith("/pulse")


def nothing_gets_through(_method: str, path: str) -> Fault | None:
    """Of what a child does; the page itself can be opened."""
    return Fault("reset", at=1) if is_capture(path) else None


def all_gets_through(_method: str, _path: str) -> Fault | None:
    """The network as it should be."""
    return None


class FaultProxy:
    """base: the tablet's address of the site. plan decides; hits tells what was hit of what carries a child's work."""

    def __init__(self, upstream: str, port: int) -> None:
        parts = urlsplit(upstream)
        self.host, self.upstream_port = parts.hostname or "127.0.0.1", parts.port or 80
        self.base = f"http://127.0.0.1:{port}"
        self.plan: Plan = all_gets_through
        self.hits: Counter[str] = Counter()
        self.sent: list[tuple[str, str, bytes]] = []
        """Every request that left a tablet whole, whatever became of it: method, path, body."""
        self._tasks: set[asyncio.Task[None] | None] = set()
        self.failed = 0
        """Requests to which the site itself gave no reply, or a 5xx."""
        self.turned_away: Counter[str] = Counter()
        """Those of them that were told when to come back, by what they were about: marks, answers, finish, pulse."""
        self.cookie = ""
        """What the browser that the tablet's page runs in would send along, if the page let it."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: one request."""
        task = asyncio.current_task()
        self._tasks.add(task)  # the loop itself forgets a task whose tablet has gone
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._serve(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await _message(reader)
        method, path, _ = request.split(b" ", 2)
        if self.cookie:
            request = request.replace(b"\r\n", f"\r\nCookie: {self.cookie}\r\n".encode(), 1)
        self.sent.append((method.decode(), path.decode(), request.partition(b"\r\n\r\n")[2]))
        fault = self.plan(method.decode(), path.decode())
        if fault and carries_work(method.decode(), path.decode()):
            self.hits[fault.kind] += 1
        answer = await self._through(request, fault)
        if not answer:
            _reset(writer)
            return
        writer.write(answer)
        await writer.drain()
        if fault and fault.kind == "truncate":
            _reset(writer)

    async def _through(self, request: bytes, fault: Fault | None) -> bytes | None:
        """The reply that gets back to the tablet; None when the connection is reset instead."""
        if fault is None:
            return await self._ask(request)
        match fault.kind:
            case "reset":
                await self._ask(request[: fault.at % len(request)], whole=False)
                return None
            case "replace":
                return fault.reply
            case "slow":
                await asyncio.sleep(RTT_S + len(request) / SLOW_BYTES_PER_S)
            case "delay":
                await asyncio.sleep(fault.seconds)
            case "hold":
                return await self._ask(request, pause_s=fault.seconds)
            case "duplicate":
                await asyncio.gather(self._ask(request), self._ask(request))
        answer = await self._ask(request)
        late_s = {"slow": len(answer) / SLOW_BYTES_PER_S, "withhold": fault.seconds}
        await asyncio.sleep(late_s.get(fault.kind, 0))
        spoilt = {"drop": None, "spoil": fault.reply, "truncate": answer[: fault.at % max(len(answer), 1)]}
        return spoilt.get(fault.kind, answer)

    async def _ask(self, request: bytes, *, whole: bool = True, pause_s: float = 0) -> bytes:
        """The site's reply, all of it; of a request that is not whole there is none."""
        answer = b""
        try:
            reader, writer = await asyncio.open_connection(self.host, self.upstream_port)
            try:
                half = len(request) // 2
                writer.write(request[:half])
                await asyncio.sleep(pause_s)
                writer.write(request[half:])
                await writer.drain()
                answer = await reader.read() if whole else b""
            finally:
                writer.close() if whole else _reset(writer)
        finally:
            self.failed += whole and answer[9:10] in {b"", b"5"}
            if answer[9:12] == b"503" and b"\r\nretry-after:" in answer.lower():
                self.turned_away[_about(request)] += 1
        return answer


def _about(request: bytes) -> str:
    """marks, answers, finish, pulse … of /api/v1/responses/<id>/marks/<id>?rev=3."""
    path = request.split(b" ", 2)[1].decode()
    return (path.partition("?")[0].split("/") + [""] * 6)[5]


async def _message(reader: asyncio.StreamReader) -> bytes:
    """A request with its body, asking for the connection to be closed after it."""
    head = (await reader.readuntil(b"\r\n\r\n"))[:-4].split(b"\r\n")
    fields = [line for line in head[1:] if not line.lower().startswith(b"connection:")]
    length = next((int(line.split(b":")[1]) for line in fields if line.lower().startswith(b"content-length:")), 0)
    body = await reader.readexactly(length)
    return b"\r\n".join([head[0], *fields, b"Connection: close", b"", b""]) + body


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with a TCP reset."""
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@contextmanager
def fault_proxy(upstream: str) -> Iterator[FaultProxy]:
    """A proxy for as long as the block runs, in a thread of its own."""
    loop = asyncio.new_event_loop()
    listener = socket.create_server(("127.0.0.1", 0))
    made = FaultProxy(upstream, listener.getsockname()[1])
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(made.serve, sock=listener), loop).result()
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(_all_over(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _all_over() -> None:
    """End what is still under way."""
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0.1)  # what is closed is closed a turn of the loop later
