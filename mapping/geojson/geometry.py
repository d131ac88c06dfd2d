"""Geometry objects: every number looked at in plain Python first, GEOS built from the cleaned numbers last."""

from typing import Any, Literal, Never

from django.contrib.gis.geos import GEOSGeometry

from mapping.geojson.area_faults import refuse_invalid_area
from mapping.geojson.objects import check_geometry_object, is_finite_number
from mapping.geojson.study_area import StudyArea
from mapping.geojson.wkb import Positions, line_from, point_from, polygon_from
from surveys.errors import InvalidGeometry, OutsideStudyArea
from surveys.quote import quoted

MAX_VERTICES = 10_000
"""Positions in one geometry. A finger on glass draws some 60 a second: close to three minutes without lifting it."""

MAX_AREA_VERTICES = 2_000
"""Positions in one area, fewer because GEOS' search for crossing sides is quadratic at worst: 0.1 s for 2,000 positions
in a comb of long, nearly parallel teeth, 2.3 s for 10,000."""

TYPE_OF_KIND = {"place": "Point", "route": "LineString", "area": "Polygon"}
"""A mark is one thing, drawn in one stroke or tap. Multi geometries and collections are several things and no mark's:
each part needs its own category, words and undo, and counts as one."""

_KIND_OF_TYPE = {type_: kind for kind, type_ in TYPE_OF_KIND.items()}

Altitude = Literal["refuse", "drop"]


def kind_of(geometry: Any) -> str | None:
    """The kind of mark that has a geometry of this type, None for any other type; only a route may be without geometry."""
    if geometry is None:
        return "route"
    type_ = geometry.get("type")
    return _KIND_OF_TYPE.get(type_) if isinstance(type_, str) else None


def read_geometry(
    geometry: Any,
    *,
    kind: str,
    within: GEOSGeometry | StudyArea | None = None,
    altitude: Altitude = "refuse",
    max_vertices: int = MAX_VERTICES,
    at: str = "/geometry",
) -> GEOSGeometry:
    """A mark's geometry in EPSG:4326: 2D, rounded to 7 decimals (1 cm), valid, and whole inside the study area.

    geometry: the value of a Feature's geometry member, as parsed JSON.
    kind: "place" takes a Point, "route" a LineString, "area" a Polygon (holes allowed); nothing else is a mark's.
    within: EPSG:4326; the edge is inside. A StudyArea kept between calls is prepared once, a bare geometry every time.
    altitude: what to do with a third value of a position: refuse it (nobody draws one) or drop it (imports).
    at: the JSON pointer of geometry in the document; each refusal's pointer begins with it.
    Raises InvalidGeometry, also when there are no coordinates, and OutsideStudyArea. A route may cross itself, an area
    may not; rings may run either way (RFC 7946 §3.1.6).
    """
    check_geometry_object(geometry, (TYPE_OF_KIND[kind],), at=at)
    coordinates = read_coordinates_member(geometry, at=at)
    at = f"{at}/coordinates"
    lines: list[Positions]
    if not coordinates:
        raise InvalidGeometry("Geometrien er tom; den skal ha minst én posisjon.", code="empty-geometry", pointer=at)
    if kind == "place":
        lines = [list(read_position(coordinates, at=at, altitude=altitude))]
        found = point_from(lines[0])
    elif kind == "route":
        lines = [read_line(coordinates, at=at, altitude=altitude, max_vertices=max_vertices)]
        found = line_from(lines[0])
    else:
        lines = read_rings(coordinates, at=at, altitude=altitude, max_vertices=min(max_vertices, MAX_AREA_VERTICES))
        found = polygon_from(lines)
        refuse_invalid_area(found, lines, at=at)
    if within is not None:
        area = within if isinstance(within, StudyArea) else StudyArea(within)
        if not area.covers(found):
            _refuse_outside(area, kind, lines, at=at)
    return found


def read_coordinates_member(geometry: dict[str, Any], *, at: str) -> list[Any]:
    """The coordinates array; an empty one stands for no geometry at all (RFC 7946 §3.1) and the caller decides on it."""
    if "coordinates" not in geometry:
        raise InvalidGeometry("Medlemmet «coordinates» mangler.", code="coordinates-missing", pointer=f"{at}/coordinates")
    return _list(geometry["coordinates"], "«coordinates»", at=f"{at}/coordinates")


def read_line(values: Any, *, at: str, altitude: Altitude, max_vertices: int = MAX_VERTICES) -> Positions:
    """The positions of a LineString: at least two, not all the same after rounding."""
    _list(values, "En linje", at=at)
    _refuse_too_many(len(values), max_vertices, at=at)
    if len(values) < 2:
        message = f"En linje skal ha minst 2 posisjoner; det kom {len(values)}."
        raise InvalidGeometry(message, code="line-too-short", pointer=at)
    positions = _read_positions(values, at=at, altitude=altitude)
    if positions == positions[:2] * len(values):
        message = f"Linjen har ingen lengde: alle {len(values)} posisjoner er {quoted(positions[:2])}."
        raise InvalidGeometry(message, code="zero-length", pointer=at)
    return positions


def read_rings(values: Any, *, at: str, altitude: Altitude, max_vertices: int = MAX_VERTICES) -> list[Positions]:
    """The rings of a Polygon, each closed and of at least four positions. Crossings are not looked for here."""
    for index, ring in enumerate(_list(values, "En flate", at=at)):
        _list(ring, "En ring", at=f"{at}/{index}")
    _refuse_too_many(sum(map(len, values)), max_vertices, at=at)
    return [_read_ring(ring, at=f"{at}/{index}", altitude=altitude) for index, ring in enumerate(values)]


def _read_ring(ring: list[Any], *, at: str, altitude: Altitude) -> Positions:
    if len(ring) < 4:
        message = f"En ring skal ha minst 4 posisjoner, den siste lik den første; det kom {len(ring)}."
        raise InvalidGeometry(message, code="ring-too-short", pointer=at)
    positions = _read_positions(ring, at=at, altitude=altitude)
    # Altitudes are left out: two that differ are no reason to refuse an outline whose altitudes are dropped anyway.
    if ring[0][:2] != ring[-1][:2]:
        message = f"En ring skal slutte der den begynner, i {quoted(ring[0])}; den slutter i {quoted(ring[-1])}."
        raise InvalidGeometry(message, code="ring-open", pointer=f"{at}/{len(ring) - 1}")
    return positions


def _read_positions(values: list[Any], *, at: str, altitude: Altitude) -> Positions:
    """The hot loop: 40 positions in 20 µs. Whatever is not plainly right goes to read_position, which has the words."""
    positions: Positions = []
    for index, value in enumerate(values):
        if type(value) is list and len(value) == 2:
            lon, lat = value
            if (
                (type(lon) is float or type(lon) is int)
                and (type(lat) is float or type(lat) is int)
                and -180 <= lon <= 180
                and -90 <= lat <= 90
            ):
                # Multiplying first is four times as fast as round(lon, 7), and doing it twice changes nothing.
                positions += (round(lon * 1e7) / 1e7, round(lat * 1e7) / 1e7)
                continue
        positions += read_position(value, at=f"{at}/{index}", altitude=altitude)
    return positions


def read_position(value: Any, *, at: str, altitude: Altitude) -> tuple[float, float]:
    """[lon, lat] from a position: two finite numbers in range, and a third that is finite when altitudes are dropped."""
    _list(value, "En posisjon", at=at)
    if not 2 <= len(value) <= 3:
        message = f"En posisjon er [lengde, bredde]; det kom {len(value)} verdier: {quoted(value)}."
        raise InvalidGeometry(message, code="wrong-position-size", pointer=at)
    for index, number in enumerate(value):
        if not is_finite_number(number):
            message = f"En koordinat skal være et tall; det kom {quoted(number)}."
            raise InvalidGeometry(message, code="not-a-number", pointer=f"{at}/{index}")
    if len(value) == 3 and altitude == "refuse":
        message = f"En posisjon her er [lengde, bredde] uten høyde; det kom høyden {quoted(value[2])}."
        raise InvalidGeometry(message, code="altitude-not-allowed", pointer=f"{at}/2")
    lon, lat = value[:2]
    if not -180 <= lon <= 180:
        message = f"Lengdegraden skal ligge fra -180 til 180; det kom {quoted(lon)}."
        raise InvalidGeometry(message, code="longitude-out-of-range", pointer=f"{at}/0")
    if not -90 <= lat <= 90:
        message = f"Breddegraden skal ligge fra -90 til 90; det kom {quoted(lat)}."
        raise InvalidGeometry(message, code="latitude-out-of-range", pointer=f"{at}/1")
    return round(lon * 1e7) / 1e7, round(lat * 1e7) / 1e7


def _list(value: Any, what: str, *, at: str) -> list[Any]:
    if type(value) is not list:
        raise InvalidGeometry(f"{what} skal være en liste; det kom {quoted(value)}.", code="not-a-list", pointer=at)
    return value


def _refuse_too_many(count: int, allowed: int, *, at: str) -> None:
    if count > allowed:
        message = f"Geometrien har {count} posisjoner; høyst {allowed} er tillatt."
        raise InvalidGeometry(message, code="too-many-positions", pointer=at)


def _refuse_outside(area: StudyArea, kind: str, lines: list[Positions], *, at: str) -> Never:
    """Name the first position outside, or the first one reached by leaving the area, or the ring around a gap in it."""
    west, south, east, north = (f"{degrees:.4f}" for degrees in area.bbox)
    allowed = f"området går fra {west} til {east} i lengde og fra {south} til {north} i bredde"
    for ring, positions in enumerate(lines):
        index = 0 if kind == "place" else area.first_outside(positions)
        if index is not None:
            where = {"place": at, "route": f"{at}/{index}", "area": f"{at}/{ring}/{index}"}[kind]
            came = quoted(positions[2 * index : 2 * index + 2])
            message = f"Ved posisjon {came} er merket utenfor undersøkelsens område; {allowed}."
            raise OutsideStudyArea(message, pointer=where)
    raise OutsideStudyArea(f"Flaten dekker noe som ikke hører til undersøkelsens område; {allowed}.", pointer=f"{at}/0")
