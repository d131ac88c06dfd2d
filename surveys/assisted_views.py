"""The page where an adult begins to draw for children: for a group, or from their sheets of paper."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from surveys import services
from surveys.access import may_teach
from surveys.errors import InvalidBody
from surveys.models import ClassGroup, Entry, Survey

WAYS = {"papirark": Entry.PAPER, "gruppe": Entry.ASSISTED}
"""How the pupils' page calls the two, before the grant in its link."""


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def draw_for(request: HttpRequest, class_group_id: UUID) -> HttpResponse:
    """Say what drawing for others means; and with a way chosen, open the pupils' page for it."""
    groups = ClassGroup.objects.assisted_by(request.user).select_related("school", "survey")
    group: ClassGroup = get_object_or_404(groups, pk=class_group_id)
    if request.method == "POST" and not isinstance(request.user, AnonymousUser):
        way = request.POST.get("way", "")
        if way not in WAYS:
            raise InvalidBody(f"way={way[:40]!r} finnes ikke. Tillatt: {', '.join(WAYS)}.")
        grant = services.draw_for(class_group=group, user=request.user, entry=WAYS[way])
        return redirect(f"{reverse('mapping:draw')}#{way}.{grant}")
    context = {
        "group": group,
        "is_open": Survey.objects.open_now().filter(pk=group.survey_id).exists(),
        "teaches": may_teach(request.user, group),
        "drawn_by_adults": services.drawn_by_adults(group),
    }
    return render(request, "surveys/draw_for.html", context)
