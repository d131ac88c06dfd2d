"""The OpenAPI 3.0 document of /ogc/: the same for everybody, since which collections there are depends on who asks."""

from typing import Any

from analysis.areas import MAX_AREA_KM2, MAX_POSITIONS, MIN_AREA_M2
from analysis.ogc.crs import CRS84, URIS
from analysis.ogc.parameters import DEFAULT_LIMIT, FORMATS, MAX_LIMIT
from surveys.models import Entry, GradeBand

Schema = dict[str, Any]


def document(server: str) -> Schema:
    """The document; server: the address of the landing page without its last slash."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Tråkk: det barna har tegnet",
            "version": "1.0.0",
            "description": "OGC API – Features (del 1 og 2) og Tiles. Feil er problemdokumenter etter RFC 9457 med en fast `code`.",
            "license": {"name": "MIT"},
        },
        "servers": [{"url": server}],
        "security": [{}, {"key": []}, {"session": []}],
        "paths": _paths(),
        "components": {
            "parameters": _PARAMETERS,
            "responses": {name: _problem(text) for name, text in _REFUSALS.items()},
            "schemas": _SCHEMAS,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "En personlig nøkkel fra siden «Nøkler»."},
                "session": {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "Den som er logget inn."},
            },
        },
    }


def _paths() -> Schema:
    items = [*_ITEMS_PARAMETERS, *_FILTER_PARAMETERS]
    refusals = ("Invalid", "Stranger", "Forbidden", "Missing")
    return {
        "/": {"get": _get("landing", "Startsiden", "Landing", names=("f",))},
        "/conformance": {"get": _get("conformance", "Hva av standarden som er med", "Conformance", names=("f",))},
        "/collections": {
            "get": _get("collections", "Samlingene du kan lese", "Collections", names=("f",), refusals=("Invalid", "Stranger"))
        },
        "/collections/{collectionId}": {
            "get": _get("collection", "En samling", "Collection", names=("collectionId", "f"), refusals=refusals)
        },
        "/collections/{collectionId}/items": {
            "get": _get(
                "items", "Merker", "FeatureCollection", names=("collectionId", *items), refusals=refusals, media="application/geo+json"
            )
        },
        "/collections/{collectionId}/items/{featureId}": {
            "get": _get(
                "item",
                "Ett merke",
                "Feature",
                names=("collectionId", "featureId", "f", "crs"),
                refusals=refusals,
                media="application/geo+json",
            )
        },
        **_tile_paths(refusals),
    }


def _tile_paths(refusals: tuple[str, ...]) -> Schema:
    """The paths of OGC API – Tiles; the ends of their operations' names are the standard's."""
    base = "/collections/{collectionId}/tiles"
    tile = _get("marks.collection.vector.getTile", "En flis", "", names=("collectionId", *_TILE_PARAMETERS), refusals=refusals)
    binary = {"application/vnd.mapbox-vector-tile": {"schema": {"type": "string", "format": "binary"}}}
    tile["responses"] |= {"200": {"description": "En vektorflis", "content": binary}, "204": {"description": "Her er det ingen merker"}}
    one = ("collectionId", "f")
    return {
        "/tileMatrixSets": {"get": _get("getTileMatrixSetsList", "Hvordan kartet kan deles i fliser", "Schemes", names=("f",))},
        "/tileMatrixSets/WebMercatorQuad": {"get": _get("getTileMatrixSet", "Hvordan kartet deles i fliser", "Scheme", names=("f",))},
        base: {"get": _get("marks.collection.vector.getTileSetsList", "Flissett", "TileSets", names=one, refusals=refusals)},
        f"{base}/WebMercatorQuad": {"get": _get("marks.collection.vector.getTileSet", "Flisene", "TileSet", names=one, refusals=refusals)},
        f"{base}/WebMercatorQuad/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": {"get": tile},
    }


def _get(
    name: str,
    summary: str,
    schema: str,
    *,
    names: tuple[str, ...],
    refusals: tuple[str, ...] = ("Invalid",),
    media: str = "application/json",
) -> Schema:
    """An operation: its parameters and refusals by name."""
    content = {media: {"schema": _ref("schemas", schema)}, "text/html": {"schema": {"type": "string"}}}
    answered: Schema = {"description": summary, "content": content}
    if media == "application/geo+json":
        answered["headers"] = {"Content-Crs": {"description": "Koordinatsystemet, som <URI>", "schema": {"type": "string"}}}
    responses = {"200": answered, **{_STATUS[refusal]: _ref("responses", refusal) for refusal in refusals}}
    return {"operationId": name, "summary": summary, "parameters": [_ref("parameters", one) for one in names], "responses": responses}


def _ref(part: str, name: str) -> Schema:
    return {"$ref": f"#/components/{part}/{name}"}


def _problem(text: str) -> Schema:
    return {
        "description": text,
        "content": {"application/problem+json": {"schema": _ref("schemas", "Problem")}, "text/html": {"schema": _TEXT}},
    }


def _query(name: str, text: str, schema: Schema, **more: Any) -> Schema:
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema, **more}


def _several(name: str, text: str, item: Schema) -> Schema:
    """A filter that takes several values, joined by commas or the name repeated."""
    return _query(name, text, {"type": "array", "minItems": 1, "items": item}, style="form", explode=False)


_TEXT: Schema = {"type": "string"}
_URI: Schema = {"type": "string", "format": "uri"}
_STATUS = {"Invalid": "400", "Stranger": "401", "Forbidden": "403", "Missing": "404"}
_REFUSALS = {
    "Invalid": "En parameter som ikke finnes, eller en verdi som ikke kan være det",
    "Stranger": "Ingen nøkkel og ingen som er logget inn, eller en nøkkel som ikke passer",
    "Forbidden": "Bare kommunens planleggere leser hva barna har tegnet",
    "Missing": "Finnes ikke, eller ikke for den som spør",
}
_ITEMS_PARAMETERS = ("f", "limit", "offset", "order", "bbox", "bbox-crs", "crs", "datetime")
_FILTER_PARAMETERS = ("theme", "category", "mode", "grade_band", "school", "entry", "area")
_TILE_PARAMETERS = ("tileMatrix", "tileRow", "tileCol", "datetime", *_FILTER_PARAMETERS)
_CRS: Schema = {"type": "string", "format": "uri", "enum": URIS, "default": CRS84.uri}
_CODES: Schema = {"type": "string", "pattern": "^[^,]+$"}


def _number_in_path(name: str, text: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "description": text, "schema": {"type": "integer", "minimum": 0}}


_PARAMETERS: Schema = {
    "tileMatrix": _number_in_path("tileMatrix", "Zoom"),
    "tileRow": _number_in_path("tileRow", "Rad, fra nord"),
    "tileCol": _number_in_path("tileCol", "Kolonne, fra vest"),
    "collectionId": {"name": "collectionId", "in": "path", "required": True, "description": "Samlingens id", "schema": _TEXT},
    "featureId": {
        "name": "featureId",
        "in": "path",
        "required": True,
        "description": "Merkets id, lånt ut til deg for i dag og i morgen",
        "schema": _TEXT,
    },
    "f": _query("f", "Formatet; ellers avgjør Accept", {"type": "string", "enum": list(FORMATS)}),
    "limit": _query(
        "limit",
        f"Merker per side. Et større tall enn {MAX_LIMIT} gir {MAX_LIMIT}.",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    ),
    "offset": _query(
        "offset", "Så mange hoppes over, i dagens rekkefølge, som ellers ikke betyr noe", {"type": "integer", "minimum": 0, "default": 0}
    ),
    "order": _query(
        "order",
        "Dagen rekkefølgen er fra: i dag eller i går. Lenkene til neste og forrige side har den.",
        {"type": "string", "format": "date"},
    ),
    "bbox": _query(
        "bbox",
        "Bare det som berører boksen: fire tall, eller seks med høyder",
        {
            "type": "array",
            "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
            "items": {"type": "number"},
        },
        style="form",
        explode=False,
    ),
    "bbox-crs": _query("bbox-crs", "Koordinatsystemet som bbox er i", _CRS),
    "crs": _query("crs", "Koordinatsystemet som svaret skal være i", _CRS),
    "datetime": _query(
        "datetime",
        "En dag eller en periode (2026-09-01/2026-09-30, ../2026-09-30). Merker vet bare uka, og den må ha en dag i perioden.",
        _TEXT,
    ),
    "theme": _several("theme", "Koder på temaer", _CODES),
    "category": _several("category", "Koder på kategorier", _CODES),
    "mode": _several("mode", "Koder på transportmidler", _CODES),
    "grade_band": _several("grade_band", "Klassetrinn", {"type": "string", "enum": list(GradeBand.values)}),
    "school": _query("school", "En skole, ved navn", _TEXT),
    "entry": _several("entry", "Hvem som tegnet", {"type": "string", "enum": list(Entry.values)}),
    "area": _query(
        "area",
        "Bare det som berører et område: en grense som lengde,bredde lengde,bredde … i grader (uten det første hjørnet igjen til slutt; "
        "ringer skilles med semikolon, en ring i en annen er et hull), eller en ting i et av kommunens kartlag som <lagets id>.<nummer>. "
        f"Høyst {MAX_POSITIONS} hjørner; {MIN_AREA_M2} m² til {MAX_AREA_KM2} km². Arbeidsbenkens adresse har den slik.",
        {"type": "string", "minLength": 1, "example": "5.3200,60.3780 5.3300,60.3780 5.3300,60.3830"},
    ),
}
_LINKS: Schema = {"type": "array", "items": {"$ref": "#/components/schemas/Link"}}


def _object(required: str, **properties: Schema) -> Schema:
    return {"type": "object", "required": required.split(), "properties": properties}


_FEATURE = _object(
    "type id geometry properties",
    type={"type": "string", "enum": ["Feature"]},
    id=_TEXT,
    geometry={"type": "object", "nullable": True, "description": "GeoJSON; null for en veg som ble for kort til å tegnes trygt"},
    properties={"type": "object", "nullable": True},
    links=_LINKS,
)
_COLLECTION = _object(
    "id title extent crs storageCrs links",
    id=_TEXT,
    title=_TEXT,
    description=_TEXT,
    itemType={"type": "string", "enum": ["feature"]},
    extent=_object(
        "spatial temporal",
        spatial=_object("bbox", bbox={"type": "array", "items": {"type": "array", "items": {"type": "number"}}}, crs=_URI),
        temporal=_object("interval", interval={"type": "array", "items": {"type": "array", "items": {"type": "string", "nullable": True}}}),
    ),
    crs={"type": "array", "items": _URI},
    storageCrs=_URI,
    links=_LINKS,
)
_SCHEMAS: Schema = {
    # an address, or a template of one
    "Link": _object("href rel", href=_TEXT, rel=_TEXT, type=_TEXT, title=_TEXT, templated={"type": "boolean"}),
    "Landing": _object("links", title=_TEXT, description=_TEXT, links=_LINKS),
    "Conformance": _object("conformsTo", conformsTo={"type": "array", "items": _URI}),
    "Collection": _COLLECTION,
    "Collections": _object(
        "collections links", collections={"type": "array", "items": {"$ref": "#/components/schemas/Collection"}}, links=_LINKS
    ),
    "Feature": _FEATURE,
    "FeatureCollection": _object(
        "type features links timeStamp numberMatched numberReturned",
        type={"type": "string", "enum": ["FeatureCollection"]},
        features={"type": "array", "items": {"$ref": "#/components/schemas/Feature"}},
        links=_LINKS,
        timeStamp={"type": "string", "format": "date-time"},
        numberMatched={"type": "integer", "minimum": 0},
        numberReturned={"type": "integer", "minimum": 0},
    ),
    "Schemes": _object("tileMatrixSets", tileMatrixSets={"type": "array", "items": _object("id links", id=_TEXT, uri=_URI, links=_LINKS)}),
    "Scheme": _object("id uri crs tileMatrices", id=_TEXT, uri=_URI, crs=_URI, tileMatrices={"type": "array", "items": {"type": "object"}}),
    "TileSets": _object(
        "tilesets links",
        tilesets={"type": "array", "items": _object("dataType crs tileMatrixSetURI links", dataType=_TEXT, crs=_URI, links=_LINKS)},
        links=_LINKS,
    ),
    "TileSet": _object(
        "dataType crs tileMatrixSetURI tileMatrixSetLimits layers links",
        title=_TEXT,
        dataType={"type": "string", "enum": ["vector"]},
        crs=_URI,
        tileMatrixSetURI=_URI,
        tileMatrixSetLimits={"type": "array", "items": {"type": "object"}},
        layers={"type": "array", "items": {"type": "object"}},
        links=_LINKS,
    ),
    "Problem": _object(
        "type title status code detail", type=_URI, title=_TEXT, status={"type": "integer"}, code=_TEXT, detail=_TEXT, pointer=_TEXT
    ),
}
