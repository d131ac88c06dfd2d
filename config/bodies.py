"""Bodies that the site does not want: read to their end and thrown away, so that who sent one gets to read the answer.

A server that closes a connection with unread bytes in it resets it, and a client that is still sending (urllib, a tablet's browser)
then sees a broken pipe and no problem document.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PIECE_BYTES = 65_536
MOST_THROWN_AWAY = 32_000_000
"""Who sends more than this is not waited for."""


class Input:
    """A request's body as the server gives it, counting what has been read of it."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        """Up to size bytes."""
        return self._count(self.raw.read(size))

    def readline(self, size: int = -1) -> bytes:
        """Up to the end of a line."""
        return self._count(self.raw.readline(size))

    def throw_away(self, most: int) -> None:
        """Read on, piece by piece, until most bytes have been read in all or no more come."""
        try:
            while self.taken < most and self.read(min(PIECE_BYTES, most - self.taken)):
                pass
        except OSError:  # the client has gone, or its chunks are none: there is nobody to answer
            return

    def _count(self, piece: bytes) -> bytes:
        self.taken += len(piece)
        return piece


class FinishBodies:
    """Wraps the site: what it has not read of a body is thrown away before the answer, and chunked bodies get a length.

    Django knows only bodies whose length is told and takes a chunked one for empty. So as much of it is read as the largest body
    may have and a byte more, which is how Django sees that it is too large.
    """

    def __init__(self, application: "WSGIApplication") -> None:
        self.application = application

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Let the site answer, and the body end."""
        body = Input(environ["wsgi.input"])
        environ["wsgi.input"] = body
        # only a server that says so ends a body by itself; reading on where it does not would wait for ever
        is_chunked = environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked" and bool(environ.get("wsgi.input_terminated"))
        if is_chunked:
            _tell_length(environ, body)
        answer = self.application(environ, start_response)
        body.throw_away(MOST_THROWN_AWAY if is_chunked else min(_length(environ), MOST_THROWN_AWAY))
        return answer


def _tell_length(environ: "WSGIEnvironment", body: Input) -> None:
    pieces = []
    try:
        while body.taken <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE and (piece := body.read(PIECE_BYTES)):
            pieces.append(piece)
    except OSError:
        pieces = []
    whole = b"".join(pieces)
    environ["wsgi.input"] = BytesIO(whole)
    environ["CONTENT_LENGTH"] = str(len(whole))


def _length(environ: "WSGIEnvironment") -> int:
    told = environ.get("CONTENT_LENGTH", "")
    return int(told) if told.isascii() and told.isdigit() else 0
