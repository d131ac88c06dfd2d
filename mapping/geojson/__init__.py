"""The only reader and writer of GeoJSON (RFC 7946): strict in what it takes, plain in what it gives; knows no model.

Everything that comes from outside is checked here in plain Python before GEOS sees it, because GEOS and GDAL take
Infinity, longitude 9999, a zero-length line, WKT and a foreign `crs` without a word. Each refusal is a DomainError with
a stable code, a JSON pointer to the place and a message that quotes what came and what is allowed.
Source: docs/decisions/010-geojson-read-strictly.md.
"""

from mapping.geojson.body import MAX_DEPTH, parse_json
from mapping.geojson.document import RawFeature, read_geojson_object
from mapping.geojson.feature import MAX_COMMENT, MAX_REV, Feature, read_feature
from mapping.geojson.geometry import MAX_AREA_VERTICES, MAX_VERTICES, Altitude, kind_of, read_geometry
from mapping.geojson.study_area import StudyArea
from mapping.geojson.writer import write_feature, write_feature_collection, write_geometry

__all__ = [
    "MAX_AREA_VERTICES",
    "MAX_COMMENT",
    "MAX_DEPTH",
    "MAX_REV",
    "MAX_VERTICES",
    "Altitude",
    "Feature",
    "RawFeature",
    "StudyArea",
    "kind_of",
    "parse_json",
    "read_feature",
    "read_geojson_object",
    "read_geometry",
    "write_feature",
    "write_feature_collection",
    "write_geometry",
]
