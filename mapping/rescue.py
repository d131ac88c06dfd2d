"""The teacher's page for a file from a tablet that could not send. Thin: reads the file, calls the service, tells what became of it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mapping.services.rescue import MOST_BYTES, take_in
from surveys.errors import DomainError
from surveys.models import ClassGroup, Lesson
from surveys.seats import seat


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, lesson_id: UUID) -> HttpResponse:
    """Choose a file, and see what is safe now."""
    lessons = Lesson.objects.filter(class_group__in=ClassGroup.objects.taught_by(request.user))
    lesson: Lesson = get_object_or_404(lessons.select_related("class_group"), pk=lesson_id)
    context: dict[str, object] = {"lesson": lesson}
    status = 200
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            # one byte more than is allowed is enough to see that it is too much
            rescued = take_in(data=file.read(MOST_BYTES + 1) if file else b"", class_group=lesson.class_group)
        except DomainError as error:
            context["wrong"], status = error.message, 422
        else:
            context["rescued"], context["seat"] = rescued, seat(rescued.seat).words["nb"]
    return render(request, "mapping/rescue.html", context, status=status)
