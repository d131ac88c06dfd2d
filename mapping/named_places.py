"""The named places of a survey: what a child can choose from a list instead of pointing at the map (docs/decisions/044).

They come from the schools, the survey's public places, and what the basemap's maker found names for (mapping/basemap_places.py).
"""

import json
import logging
import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point

from mapping.basemap_tags import PLACES_SUFFIX
from mapping.models import Basemap
from surveys.crs import STORAGE_SRID
from surveys.models import Survey

log = logging.getLogger(__name__)

MOST_PLACES = 300
"""The nearest so many; some 25 kB of the bundle, 8 kB as it is sent."""
SAME_M = 150.0
"""Things of one name nearer than this are one place to a child: both stops of a bus, a pitch and its point on the map."""
METRES_A_DEGREE = 111_195.0

Place = dict[str, Any]


def named_places(survey: Survey, basemaps: Iterable[Basemap]) -> list[Place]:
    """Each with `name`, `kind`, `position` [lon, lat], for a street corner `other`; inside the area, nearest to the schools first."""
    schools = [(school.name, school.location.coords) for school in survey.schools.order_by("name") if school.location]
    own = [{"name": name, "kind": "school", "position": [round(lon, 6), round(lat, 6)]} for name, (lon, lat) in schools]
    public = [*_public(survey.public_places)]
    start = survey.start or survey.study_area.point_on_surface
    centres = tuple(at for _, at in schools) or (start.coords,)
    found = [place for basemap in basemaps for place in _of_basemap(basemap, survey.study_area, centres)]
    inside = [place for place in [*own, *public] if survey.study_area.contains(_point(place))]
    nearest = sorted([*inside, *found], key=lambda place: _distance_m(place["position"], centres))
    return _without_doubles(nearest)[:MOST_PLACES]


def _public(features: Sequence[dict[str, Any]]) -> Iterator[Place]:
    for feature in features:
        name = (feature.get("properties") or {}).get("name")
        if name and feature.get("geometry"):
            spot = GEOSGeometry(orjson.dumps(feature["geometry"]).decode()).point_on_surface
            yield {"name": name, "kind": "public", "position": [round(spot.x, 6), round(spot.y, 6)]}


def _of_basemap(basemap: Basemap, area: MultiPolygon, centres: tuple[tuple[float, float], ...]) -> tuple[Place, ...]:
    if basemap.kind != Basemap.Kind.PMTILES:
        return ()
    path = (Path(settings.BASEMAP_ROOT) / Path(basemap.file_name).name).with_suffix(PLACES_SUFFIX)
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        # A map made before there were lists, or by another program: the schools and public places must do.
        return ()
    return _nearest_inside(path, changed, bytes(area.wkb), centres)


@lru_cache(maxsize=64)
def _nearest_inside(path: Path, changed: int, area_wkb: bytes, centres: tuple[tuple[float, float], ...]) -> tuple[Place, ...]:
    """Read once for each survey and file: thirty tablets ask for the bundle in the same minute."""
    try:
        places: list[Place] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        log.warning("the named places in %s cannot be read: %s", path.name, error)
        return ()
    area = GEOSGeometry(memoryview(area_wkb), srid=STORAGE_SRID)
    west, south, east, north = area.extent
    prepared = area.prepared
    inside = [
        place
        for place in places
        if west <= place["position"][0] <= east and south <= place["position"][1] <= north and prepared.contains(_point(place))
    ]
    return tuple(sorted(inside, key=lambda place: _distance_m(place["position"], centres))[: MOST_PLACES * 2])


def _without_doubles(places: Iterable[Place]) -> list[Place]:
    kept: dict[tuple[str, str | None], list[Place]] = {}
    result = []
    for place in places:
        same = kept.setdefault((place["name"], place.get("other")), [])
        if all(_distance_m(place["position"], [one["position"]]) > SAME_M for one in same):
            same.append(place)
            result.append(place)
    return result


def _distance_m(position: Sequence[float], centres: Iterable[Sequence[float]]) -> float:
    """Metres to the nearest centre, on a plane; to sort by, not to measure with."""
    # At 60° north a degree of longitude is half as long; the cosine of the survey's own latitude would sort no better.
    return min(math.hypot((position[0] - lon) / 2, position[1] - lat) for lon, lat in centres) * METRES_A_DEGREE


def _point(place: Place) -> Point:
    lon, lat = place["position"]
    return Point(lon, lat, srid=STORAGE_SRID)
