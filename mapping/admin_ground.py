"""What lies under the admin's maps: a municipality's boundary, schools and basemap, for who keeps it."""

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from mapping.bundle import basemap_json
from mapping.models import Basemap
from surveys.access import may_operate
from surveys.admin_site import is_superuser
from surveys.errors import NotFound
from surveys.models import Municipality

SIMPLE_DEGREES = 0.0005
"""Some fifty metres: enough to see where a border runs, and a tenth of the bytes."""


@login_required
@require_safe
def ground(request: HttpRequest, municipality_id: int) -> JsonResponse:
    """The ground of one's own municipality; any other is not found."""
    municipality = get_object_or_404(Municipality, pk=municipality_id)
    if not is_superuser(request) and not may_operate(request.user, municipality):
        raise NotFound("Kommunen finnes ikke.")
    basemap = Basemap.objects.filter(municipality=municipality, is_active=True, is_aerial=False).first()
    boundary = municipality.boundary.simplify(SIMPLE_DEGREES, preserve_topology=True)
    schools = [{"name": school.name, "position": [school.location.x, school.location.y]} for school in municipality.schools.all()]
    return JsonResponse(
        {"basemap": basemap_json(basemap) if basemap else None, "boundary": json.loads(boundary.geojson), "schools": schools}
    )
