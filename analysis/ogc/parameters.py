"""What may stand in a query string, read strictly: an unknown name is refused rather than left out, as Part 1 demands."""

from collections.abc import Collection as Names
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import QueryDict

from analysis.filters import FIRST_DAY, LAST_DAY
from analysis.ogc.crs import CRS84, Box, Crs, box_of, crs_of
from analysis.ogc.ids import day_of, days
from surveys.errors import InvalidFilter

DEFAULT_LIMIT, MAX_LIMIT = 100, 10_000
FORMATS = ("json", "html")
PAGING = ("limit", "offset", "order")
SPATIAL = ("bbox", "bbox-crs")
ONCE = ("area",)
"""Filters that have one value: all others take several."""


@dataclass(frozen=True)
class ItemsQuery:
    """What is asked of the items of a collection; filters are the collection's own names, with datetime."""

    limit: int
    offset: int
    day: date
    crs: Crs
    box: Box | None
    filters: QueryDict


def require_known(query: QueryDict, known: Names[str], *, repeatable: Names[str] = (), formats: Sequence[str] = FORMATS) -> None:
    """InvalidFilter for a name that is not known, one that came twice and may not, or an f that is no format."""
    allowed = {"f", *known, *repeatable}
    if unknown := sorted(set(query) - allowed):
        raise InvalidFilter(f"Parameteren {unknown[0][:40]!r} finnes ikke her. Tillatt: {', '.join(sorted(allowed))}.")
    if twice := [name for name, values in query.lists() if len(values) > 1 and (name not in repeatable or name in ONCE)]:
        raise InvalidFilter(f"Parameteren {twice[0]!r} kom mer enn én gang.")
    if (form := query.get("f", formats[0])) not in formats:
        raise InvalidFilter(f"f={form[:40]!r} finnes ikke. Tillatt: {', '.join(formats)}.")


def items_query(query: QueryDict, filters: Names[str]) -> ItemsQuery:
    """The query of a page of items; InvalidFilter says what is wrong with it."""
    require_known(query, (*PAGING, *SPATIAL, "crs", "datetime"), repeatable=filters)
    return ItemsQuery(
        limit=min(_whole(query, "limit", DEFAULT_LIMIT, least=1), MAX_LIMIT),
        offset=_whole(query, "offset", 0, least=0),
        day=day_of(query.get("order", "")) if "order" in query else days()[0],
        crs=asked_crs(query),
        box=box_in(query),
        filters=filters_in(query, filters),
    )


def asked_crs(query: QueryDict) -> Crs:
    """The system that answers shall be in."""
    return crs_of("crs", query.get("crs", "")) if "crs" in query else CRS84


def box_in(query: QueryDict) -> Box | None:
    """The box that is asked for, if any; a bbox-crs alone must at least be one that there is."""
    system = crs_of("bbox-crs", query.get("bbox-crs", "")) if "bbox-crs" in query else CRS84
    return box_of(query.get("bbox", ""), system) if "bbox" in query else None


def filters_in(query: QueryDict, names: Names[str]) -> QueryDict:
    """The collection's own filters and datetime, the latter within the days that a MarkFilter knows."""
    chosen = QueryDict(mutable=True)
    for name in names:
        if name in query:
            chosen.setlist(name, query.getlist(name))
    if "datetime" in query:
        chosen["datetime"] = "/".join(_within_reach(part) for part in query.get("datetime", "").split("/"))
    return chosen


def _within_reach(moment: str) -> str:
    """A moment before or after everything there is, as the first or last day that can be chosen: it chooses the same marks."""
    try:
        day = datetime.fromisoformat(moment).date()
    except ValueError:
        return moment  # MarkFilter says what is wrong with it, or knows it as an open end
    if FIRST_DAY <= day <= LAST_DAY:
        return moment
    return (FIRST_DAY if day < FIRST_DAY else LAST_DAY).isoformat()


def _whole(query: QueryDict, name: str, default: int, *, least: int) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and int(text) >= least):
        raise InvalidFilter(f"{name}={text[:40]!r} er ikke et helt tall fra {least}.")
    return int(text)
