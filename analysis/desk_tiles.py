"""Vector tiles of the workbench's map: the marks of any filter, all kinds in one tile, with no more than the map's cards say.

They are for surveys with so many marks that a browser cannot hold them one by one; zoomed out the map shows hexagons.
"""

from functools import reduce
from operator import add
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from analysis.exports import COLUMNS
from analysis.ogc.answers import MVT
from analysis.ogc.ids import Lent, days
from analysis.readers import reader_of
from analysis.tile_scheme import MAX_ZOOM, MIN_ZOOM, Place
from analysis.tiles import cut
from analysis.views import filter_of, readable_survey
from surveys.errors import NotFound
from surveys.models import Kind

KEPT_S = 60
"""So long a browser may keep a tile: enough for moving the map to and fro, and words that are withdrawn go soon."""
TOLD = ("category", "mode", "grade_band", "comment")
_LAYERS = ((Kind.AREA, "areas"), (Kind.ROUTE, "routes"), (Kind.PLACE, "places"))


@require_safe
def tile(request: HttpRequest, survey_id: UUID, zoom: int, column: int, row: int) -> HttpResponse:
    """The marks that pass the filter in one tile: layers areas, routes and places; 204 when nothing lies there."""
    survey = readable_survey(request, survey_id)
    chosen = filter_of(request, survey)
    across = 1 << min(zoom, MAX_ZOOM)
    if not (MIN_ZOOM <= zoom <= MAX_ZOOM and column < across and row < across):
        raise NotFound(f"Flisen {zoom}/{column}/{row} finnes ikke. Zoom går fra {MIN_ZOOM} til {MAX_ZOOM}.")
    reader, _ = reader_of(request)
    seed = Lent(survey.pk, reader.pk or 0, days()[0]).seed
    columns = [column for column in COLUMNS if column.name in TOLD]
    marks, place = chosen.marks_of(survey), Place(zoom, row, column)
    found = reduce(add, (cut(survey, marks.filter(kind=kind), place, layer=name, seed=seed, columns=columns) for kind, name in _LAYERS))
    response = HttpResponse(found.content, content_type=MVT, status=200 if found.content else 204)
    response["Trakk-Number-Matched"], response["Trakk-Number-Returned"] = str(found.matched), str(found.returned)
    patch_cache_control(response, private=True, max_age=KEPT_S)
    patch_vary_headers(response, ("Authorization", "Cookie"))
    return response
