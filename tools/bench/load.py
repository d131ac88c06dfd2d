"""A cheap load of HTTP requests over kept-alive connections: one thread, one request in flight per connection, every reply kept.

Checking replies comes after the clock has stopped, so that the load takes as little of the machine as it can.
"""

import re
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

REPLY_TIMEOUT_S = 60
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Reply:
    """Status, body and how long it took; status 0 says that no whole reply came."""

    status: int
    body: bytes
    seconds: float


@dataclass
class Load:
    """What came of it: replies in the order of the requests of each client, and the time from first to last."""

    seconds: float = 0
    replies: list[list[Reply]] = field(default_factory=list)

    @property
    def latencies_s(self) -> list[float]:
        """How long each reply took, shortest first."""
        return sorted(reply.seconds for client in self.replies for reply in client)


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """One HTTP/1.1 request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    if body or method in {"POST", "PUT"}:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def drive(host: str, port: int, clients: Sequence[Sequence[bytes]]) -> Load:
    """Send each client's requests in turn, all clients at once; a reply that does not come counts as status 0."""
    selector = selectors.DefaultSelector()
    running = [_Client(host, port, requests) for requests in clients if requests]
    for client in running:
        selector.register(client.socket, selectors.EVENT_READ, client)
    started = time.perf_counter()
    for client in running:
        client.send_next()
    busy = len(running)
    while busy:
        events = selector.select(REPLY_TIMEOUT_S)
        if not events:
            break
        for key, _mask in events:
            if key.data.read() and not key.data.send_next():
                selector.unregister(key.fileobj)
                busy -= 1
    seconds = time.perf_counter() - started
    for client in running:
        client.socket.close()
    return Load(seconds, [client.all_replies() for client in running])


class _Client:
    """One connection, as one tablet's: the next request goes when the reply to the last is whole."""

    def __init__(self, host: str, port: int, requests: Sequence[bytes]) -> None:
        self.socket = socket.create_connection((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = requests
        self.replies: list[Reply] = []
        self.buffer = b""
        self.is_closed = False
        self.sent_at = 0.0

    def send_next(self) -> bool:
        """Send the next request; False when there is none or nobody to send it to."""
        if self.is_closed or len(self.replies) == len(self.requests):
            return False
        self.sent_at = time.perf_counter()
        self.socket.sendall(self.requests[len(self.replies)])
        return True

    def read(self) -> bool:
        """Take what has come; True when a reply is whole or none will come."""
        came = self.socket.recv(65_536)
        if not came:
            self.is_closed = True
            return True
        self.buffer += came
        head, gap, body = self.buffer.partition(b"\r\n\r\n")
        if not gap:
            return False
        found = _LENGTH.search(head)
        if len(body) < (int(found[1]) if found else 0):
            return False
        self.replies.append(Reply(int(head[9:12]), body, time.perf_counter() - self.sent_at))
        self.buffer = b""
        return True

    def all_replies(self) -> list[Reply]:
        """A reply for each request, the missing ones with status 0."""
        return self.replies + [Reply(0, b"", REPLY_TIMEOUT_S)] * (len(self.requests) - len(self.replies))
