"""What the reader answers, byte by byte: frames of a length and as many bytes, JSON first, a last one that says it is whole.

`head`: {"columns": [...], "layers": [...], "layer": name}. Then for each row [number, why, [values]], and where why is "" a frame of WKB.
Last {"end": rows}; or, anywhere, {"refused": sentence} and nothing after it.
"""

import json
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

LENGTH = struct.Struct(">I")


class BrokenAnswer(Exception):
    """The bytes are no answer, or not a whole one."""


def write_json(out: BinaryIO, value: Any) -> None:
    """One frame of JSON, in ASCII; NaN is a mistake of ours and raises ValueError."""
    write_bytes(out, json.dumps(value, allow_nan=False, separators=(",", ":")).encode("ascii"))


def write_bytes(out: BinaryIO, body: bytes) -> None:
    """One frame."""
    out.write(LENGTH.pack(len(body)))
    out.write(body)


def frames(answer: bytes | bytearray) -> Iterator[bytes]:
    """The frames of an answer; BrokenAnswer where the last is cut off."""
    view, at = memoryview(answer), 0
    while at < len(view):
        if at + LENGTH.size > len(view):
            raise BrokenAnswer("no room for a length")
        (length,) = LENGTH.unpack_from(view, at)
        at += LENGTH.size
        if at + length > len(view):
            raise BrokenAnswer("a frame is cut off")
        yield bytes(view[at : at + length])
        at += length
