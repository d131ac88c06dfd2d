"""Look: how an address wants the marks shown; the words of the query string that are the page's and not the filter's."""

from dataclasses import dataclass, fields
from typing import ClassVar, Self
from urllib.parse import urlencode

from django.http import QueryDict

from analysis import grid
from analysis.density import MAX_BANDWIDTH_M, MIN_BANDWIDTH_M
from surveys.errors import InvalidFilter

SHOWN = ("marks", "hexagons", "heat", "spots", "streets", "difference", "within")
HEXAGON_SIZES_M = (25, 50, 100, 250, 500)
BANDWIDTHS_M = (30, 60, 120)
RADII_M = (10, 25, 50, 100)
MIN_RADIUS_M, MAX_RADIUS_M = 5, 500


@dataclass(frozen=True)
class Look:
    """What of it is not used by what is shown is checked all the same: a wrong value is never just left out.

    size_m: between two opposite sides of a hexagon; bandwidth_m: of the heat map; first, second: the two groups that are compared, as
    analysis/compared.py names them, "" where none is chosen; layer: the id of one of the municipality's layers, "" for the first; radius_m:
    how near is at a point or a line of it.
    """

    NAMES: ClassVar = ("show", "size", "bandwidth", "first", "second", "layer", "radius")

    show: str = SHOWN[0]
    size_m: int = 100
    bandwidth_m: int = 60
    first: str = ""
    second: str = ""
    layer: str = ""
    radius_m: int = 25

    @classmethod
    def parse(cls, query: QueryDict) -> Self:
        """The look of a query string; InvalidFilter quotes a value that cannot be and says which can."""
        if (show := query.get("show", cls.show)) not in SHOWN:
            raise InvalidFilter(f"show={show[:40]!r} finnes ikke. Tillatt: {', '.join(SHOWN)}.")
        look = cls(
            show,
            _number(query, "size", cls.size_m),
            _number(query, "bandwidth", cls.bandwidth_m),
            query.get("first", ""),
            query.get("second", ""),
            query.get("layer", ""),
            _number(query, "radius", cls.radius_m),
        )
        check_hexagon_size(look.size_m)
        check_bandwidth(look.bandwidth_m)
        if not MIN_RADIUS_M <= look.radius_m <= MAX_RADIUS_M:
            raise InvalidFilter(f"radius={look.radius_m}: avstanden kan være fra {MIN_RADIUS_M} til {MAX_RADIUS_M} m.")
        return look

    def query_string(self) -> str:
        """The look's one canonical query string: what differs from the usual; parsing it gives an equal look."""
        said = zip(self.NAMES, fields(self), strict=True)
        return urlencode([(name, getattr(self, item.name)) for name, item in said if getattr(self, item.name) != item.default])

    @property
    def sizes_m(self) -> list[int]:
        """The sizes to choose among; one that the list does not have is put into it."""
        return sorted({*HEXAGON_SIZES_M, self.size_m})

    @property
    def bandwidths_m(self) -> list[int]:
        """The bandwidths to choose among, this one included."""
        return sorted({*BANDWIDTHS_M, self.bandwidth_m})

    @property
    def radii_m(self) -> list[int]:
        """The distances to choose among, this one included."""
        return sorted({*RADII_M, self.radius_m})


def check_hexagon_size(size_m: int) -> None:
    """InvalidFilter for a hexagon that is too small or too large, before anything is counted."""
    if not grid.MIN_SIZE_M <= size_m <= grid.MAX_SIZE_M:
        raise InvalidFilter(f"size={size_m}: en sekskant kan være fra {grid.MIN_SIZE_M} til {grid.MAX_SIZE_M} m.")


def check_bandwidth(bandwidth_m: int) -> None:
    """InvalidFilter for a heat map that is smoothed too little or too much, before anything is drawn."""
    if not MIN_BANDWIDTH_M <= bandwidth_m <= MAX_BANDWIDTH_M:
        raise InvalidFilter(f"bandwidth={bandwidth_m}: et varmekart kan jevnes ut over {MIN_BANDWIDTH_M} til {MAX_BANDWIDTH_M} m.")


def _number(query: QueryDict, name: str, default: int) -> int:
    value = query.get(name, str(default))
    if not value.isascii() or not value.isdigit() or len(value) > 6:
        raise InvalidFilter(f"{name}={value[:40]!r} er ikke et helt tall.")
    return int(value)
