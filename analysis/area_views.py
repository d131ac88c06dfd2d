"""What the workbench asks of areas: the things there are to choose among, and the outline of the one that is chosen."""

from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from analysis.areas import choices, read_area
from analysis.views import readable_survey
from mapping.geojson import write_geometry


@never_cache
@require_safe
def area_choices(request: HttpRequest, survey_id: UUID) -> JsonResponse:
    """The things of the municipality's layers that have an outline: a heading and choices for each layer."""
    return JsonResponse({"groups": choices(readable_survey(request, survey_id).municipality)})


@never_cache
@require_safe
def area_outline(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """The area of the address as a Feature with name ("" where it was drawn), size in words, and its one text; refused as a filter is."""
    area = read_area(request.GET.get("area", ""), readable_survey(request, survey_id).municipality)
    properties = {"name": area.name, "size": area.size, "text": area.text}
    body = orjson.dumps({"type": "Feature", "geometry": write_geometry(area.geom), "properties": properties})
    return HttpResponse(body, content_type="application/geo+json")
