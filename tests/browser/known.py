"""What the site knows of a pupil, whichever browser it is looked at with."""

import math
from abc import ABC, abstractmethod
from typing import Any

from tests.browser.fixtures import Site

Pixel = tuple[float, float]
Position = tuple[float, float]
"""[lon, lat], degrees."""


class KnownPupil(ABC):
    """A pupil's answers in the database, and the ground under the screen."""

    site: Site
    forgiven: tuple[type[Exception], ...] = ()
    """What asking a page that is just changing may raise."""

    @abstractmethod
    def kept(self) -> dict[str, list[Any]]:
        """Everything in IndexedDB, store by store."""

    def response(self) -> str:
        """The response's id, as the tablet keeps it."""
        kept: str = self.kept()["session"][0]["response"]
        return kept

    def unsent(self) -> int:
        """How many jobs the tablet keeps."""
        return len(self.kept()["jobs"])

    def is_stroke_kept(self, tip: Position) -> bool:
        """Whether the tablet has the stroke under the finger, as far as this."""
        return any(metres(position, tip) < 8 for draft in self.kept()["draft"] for position in draft["stroke"][-1:])

    @abstractmethod
    def school(self) -> Pixel:
        """Where the school's point is on the screen."""

    def position(self, at: Pixel) -> Position:
        """Which position a pixel shows, reckoned from the school's by Web Mercator at the survey's start zoom."""
        (lon, lat), zoom = (
            self.school_position(),
            self.site.rows("SELECT start_zoom FROM surveys_survey WHERE id = %s", self.site.demo["survey"])[0][0],
        )
        x, y = self.school()
        world = 256 * 2**zoom
        north = math.asinh(math.tan(math.radians(lat))) - (at[1] - y) / world * 2 * math.pi
        return lon + (at[0] - x) / world * 360, math.degrees(math.atan(math.sinh(north)))

    def school_name(self) -> str:
        """What the pupil's school is called."""
        name: str = self.site.rows(
            "SELECT s.name FROM surveys_response r JOIN surveys_classgroup g ON g.id = r.class_group_id"
            " JOIN surveys_school s ON s.id = g.school_id WHERE r.id = %s",
            self.response(),
        )[0][0]
        return name

    def school_position(self) -> Position:
        """Where the pupil's school is."""
        lon, lat = self.site.rows(
            "SELECT ST_X(s.location), ST_Y(s.location) FROM surveys_response r JOIN surveys_classgroup g ON g.id = r.class_group_id"
            " JOIN surveys_school s ON s.id = g.school_id WHERE r.id = %s",
            self.response(),
        )[0]
        return float(lon), float(lat)

    def stored(self) -> list[dict[str, Any]]:
        """This pupil's marks in the database."""
        rows = self.site.rows(
            "SELECT c.code, m.mode, m.comment, m.answers, m.rev, ST_AsGeoJSON(m.geom)::jsonb FROM mapping_mark m"
            " JOIN surveys_category c ON c.id = m.category_id WHERE m.response_id = %s ORDER BY c.code",
            self.response(),
        )
        return [dict(zip(("category", "mode", "comment", "answers", "rev", "geometry"), row, strict=True)) for row in rows]


def metres(a: Position, b: Position) -> float:
    """Distance on the ground."""
    mean = math.radians((a[1] + b[1]) / 2)
    return math.hypot((b[0] - a[0]) * math.cos(mean), b[1] - a[1]) * 111_195
