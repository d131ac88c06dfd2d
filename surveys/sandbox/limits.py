"""How much a foreign file may take: the one list that the site writes, the reader keeps to, and the site holds the answer against."""

from dataclasses import dataclass

MB = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Bytes, seconds and counts; things are the rows of a layer, corners its vertices.

    seconds: on the wall, and of processor time. thing_corners: of a single thing. text: characters of one field, of which the rest is cut.
    """

    file_bytes: int
    memory_bytes: int
    seconds: float
    things: int
    corners: int
    thing_corners: int = 200_000
    columns: int = 300
    members: int = 40
    text: int = 10_000

    @property
    def unpacked_bytes(self) -> int:
        """What a zip may hold: shapefiles shrink to a tenth, and what shrinks more is made to."""
        return 10 * self.file_bytes

    @property
    def answer_bytes(self) -> int:
        """What the reader may answer: the coordinates, and fields about four times as long as they were in the file."""
        return 8 * MB + 16 * self.corners + 4 * self.file_bytes
