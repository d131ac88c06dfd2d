"""GML 3.2.1 after static/schema/barnetrakk-aggregert.xsd, object by object. The same release gives the same bytes.

No xsi:schemaLocation: the official schema could not be read, and a program that fetched it would hold the file against another text
than the one it was written after. Whoever validates names the schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from analysis import grid
from analysis.national.columns import COMMON, COUNT, IDENTITY, OF_TYPE, OWN, QUALITY, Column
from analysis.national.model import DECIMALS, NationalModel, NationalObject, corners_of

NAMESPACE = "https://skjema.geonorge.no/SOSI/produktspesifikasjon/BarnetrakkAggregert/20230901"
OWN_NAMESPACE = "urn:trakk:release:1"
GML = "http://www.opengis.net/gml/3.2"
CRS = f"urn:ogc:def:crs:EPSG::{grid.GRID_SRID}"
"""In this form the axes come as EPSG defines them: for 25833 easting before northing."""
OBJECTS_AT_ONCE = 200


def stream_gml(model: NationalModel, *, name: str, description: str) -> Iterator[bytes]:
    """The file in pieces of some 200 objects; name and description stand at its head."""
    yield _head(model, name, description).encode()
    for first in range(0, len(model.objects), OBJECTS_AT_ONCE):
        some = model.objects[first : first + OBJECTS_AT_ONCE]
        yield "".join(_member(model, one, ring) for one, ring in zip(some, corners_of(some), strict=True)).encode()
    yield b"</gml:FeatureCollection>\n"


def _head(model: NationalModel, name: str, description: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<gml:FeatureCollection xmlns="{NAMESPACE}" xmlns:gml="{GML}" xmlns:trakk="{OWN_NAMESPACE}" gml:id="release-{model.version}">\n'
        f"<gml:description>{escape(description)}</gml:description>\n"
        f"<gml:name>{escape(name)}</gml:name>\n{_envelope(model.bounds)}"
    )


def _envelope(bounds: Sequence[float] | None) -> str:
    if bounds is None:
        return ""
    lower, upper = _positions(np.array(bounds).reshape(2, 2)[:1]), _positions(np.array(bounds).reshape(2, 2)[1:])
    return (
        f'<gml:boundedBy><gml:Envelope srsName="{CRS}" srsDimension="2"><gml:lowerCorner>{lower}</gml:lowerCorner>'
        f"<gml:upperCorner>{upper}</gml:upperCorner></gml:Envelope></gml:boundedBy>\n"
    )


def _member(model: NationalModel, one: NationalObject, ring: NDArray[np.float64]) -> str:
    def told(columns: Iterable[Column]) -> str:
        return "".join(
            f"<{column.name}>{escape(str(value))}</{column.name}>"
            for column in columns
            if column.only in {"", one.object_type} and (value := column.value(model, one)) is not None
        )

    name = f"{one.object_type}.{one.local_id}"
    return (
        f'<gml:featureMember><{one.object_type} gml:id="{name}">'
        f"<identifikasjon><Identifikasjon>{told(IDENTITY)}</Identifikasjon></identifikasjon>"
        f"<kvalitet><Posisjonskvalitet>{told(QUALITY)}</Posisjonskvalitet></kvalitet>{told(COMMON)}"
        f'<område><gml:Polygon gml:id="{name}.flate" srsName="{CRS}" srsDimension="2"><gml:exterior><gml:LinearRing>'
        f"<gml:posList>{_positions(ring)}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></område>"
        f"{told(OF_TYPE)}<trakk:{OWN}>{COUNT.value(model, one)}</trakk:{OWN}></{one.object_type}></gml:featureMember>\n"
    )


def _positions(ring: NDArray[np.float64]) -> str:
    return " ".join(f"{x:.{DECIMALS}f} {y:.{DECIMALS}f}" for x, y in ring.tolist())
