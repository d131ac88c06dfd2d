"""What the planner's pages say of a layer: what it holds, and what goes with it when it is deleted."""

from collections.abc import Iterable

import orjson
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import F, Func, QuerySet, Value

from analysis.kept_areas import NAME, SOURCE
from analysis.saved_views import views_that_show
from surveys.models import Layer, LayerFeature

MOST_DRAWN = 3_000
"""Things on the preview's map; a list of streets would else be megabytes."""
SIMPLER_DEG = 0.00002
"""About two metres: nobody sees it where a whole layer is shown."""
MOST_COLUMNS = 5
MOST_NAMED = 5


def is_kept(layer: Layer) -> bool:
    """Whether its things are areas that Tråkk has found and given numbers (analysis/kept_areas.py)."""
    return (layer.name, layer.source) == (NAME, SOURCE)


def things_geojson(layer: Layer) -> bytes:
    """The first MOST_DRAWN things as a FeatureCollection with number and name; a little simplified."""
    simpler = Func(F("geom"), Value(SIMPLER_DEG), function="ST_SimplifyPreserveTopology", output_field=GeometryField())
    rows = layer.features.annotate(geojson=AsGeoJSON(simpler, precision=6)).order_by("number")
    features = [
        {
            "type": "Feature",
            "geometry": orjson.Fragment(geojson),
            "properties": {"number": number, "name": name or f"Nr. {number}"},
        }
        for number, name, geojson in rows.values_list("number", "name", "geojson")[:MOST_DRAWN]
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def columns_shown(layer: Layer, things: Iterable[LayerFeature]) -> list[str]:
    """The first columns that say something of these things, without the one that names them."""
    found = {column for thing in things for column in thing.properties}
    known = [column for column in layer.columns if column in found] or sorted(found)
    return [column for column in known if column != layer.name_field][:MOST_COLUMNS]


def hangs_on(layer: Layer) -> list[str]:
    """What stops working, or changes, when the layer is deleted; a sentence each."""
    said = ["Adresser til plansaker og filtre som peker på en ting i kartlaget, slutter å virke."]
    if views := list(views_that_show(layer)):
        named = ", ".join(f"«{view}»" for view in views[:MOST_NAMED]) + (
            f" og {len(views) - MOST_NAMED} til" if len(views) > MOST_NAMED else ""
        )
        said.append(f"Lagrede visninger som viser kartlaget, kan ikke åpnes slik de var: {named}.")
    if is_kept(layer):
        said.append(
            "Områdene har nummer som rapporter kan vise til. Finner dere områder på nytt etterpå, begynner de på 1 igjen, "
            "og «Område 7» kan bli et annet sted."
        )
    streets: QuerySet[Layer] = Layer.objects.filter(municipality=layer.municipality, kind=Layer.Kind.STREETS)
    if layer.kind == Layer.Kind.STREETS and streets.order_by("-imported_at").first() == layer:
        said.append("«Gater» på arbeidsbordet, og listen over farlige steder der mange går, er regnet etter dette kartlaget.")
    said.append("Det barna har tegnet, og områdene til undersøkelsene, blir som før.")
    return said
