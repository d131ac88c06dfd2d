"""The teacher's pages: classes, the lesson with its code and seats. Thin: fetch, ask access, call a service, answer."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surveys import services
from surveys.entry import entrance
from surveys.errors import NotFound
from surveys.models import ClassGroup, Lesson
from surveys.services.presence import board


@login_required
@require_safe
def teacher(request: HttpRequest) -> HttpResponse:
    """The classes a teacher may open a lesson for, those with an open lesson first."""
    groups = ClassGroup.objects.taught_by(request.user).with_participation().select_related("school", "survey")
    return render(request, "surveys/teacher.html", {"groups": groups})


@login_required
@require_safe
def class_group(request: HttpRequest, class_group_id: UUID) -> HttpResponse:
    """One class: start a lesson, or go on with the one that is open."""
    group = get_object_or_404(ClassGroup.objects.taught_by(request.user).with_participation(), pk=class_group_id)
    latest = Lesson.objects.filter(class_group=group).first()
    context = {
        "group": group,
        "open_lesson": latest if latest and latest.is_open else None,
        "drawn_by_adults": services.drawn_by_adults(group),
        "late": board(latest).unsent if latest and not latest.is_open else [],
    }
    return render(request, "surveys/class_group.html", context)


@login_required
@require_POST
def start_lesson(request: HttpRequest, class_group_id: UUID) -> HttpResponse:
    """Open the class's code and show it."""
    group = get_object_or_404(ClassGroup.objects.taught_by(request.user), pk=class_group_id)
    lesson = services.open_lesson(class_group=group, opened_by=request.user if request.user.is_authenticated else None)
    return redirect("surveys:lesson", lesson.pk)


@login_required
@never_cache
@require_safe
def lesson(request: HttpRequest, lesson_id: UUID) -> HttpResponse:
    """The code on the big screen, with the seats taken below it."""
    shown = _lesson_of(request, lesson_id)
    context = {"lesson": shown, "board": board(shown), **entrance(shown.class_group)}
    return render(request, "surveys/lesson.html", context)


@login_required
@never_cache
@require_safe
def lesson_seats(request: HttpRequest, lesson_id: UUID) -> HttpResponse:
    """The seats alone, for the page to fetch again every few seconds."""
    shown = _lesson_of(request, lesson_id)
    return render(request, "surveys/_seats.html", {"lesson": shown, "board": board(shown)})


@login_required
@require_POST
def pause(request: HttpRequest, lesson_id: UUID) -> HttpResponse:
    """Pause, or go on."""
    services.pause_lesson(lesson=_lesson_of(request, lesson_id), paused=request.POST.get("paused") == "1")
    return redirect("surveys:lesson", lesson_id)


@login_required
@require_POST
def end_lesson(request: HttpRequest, lesson_id: UUID) -> HttpResponse:
    """Close the code; asks once more while something is unsent, unknown or set aside."""
    shown = _lesson_of(request, lesson_id)
    now = board(shown)
    needs_asking = shown.closed_at is None and (now.unsent or now.unknown or now.set_aside)
    if needs_asking and request.POST.get("confirmed") != "1":
        return render(request, "surveys/end_lesson.html", {"lesson": shown, "board": now})
    closed = services.close_lesson(lesson=shown)
    messages.success(request, "Økta er avsluttet. Det elevene har begynt på, blir likevel lagret når nettbrettene sender det.")
    return redirect("surveys:class-group", closed.class_group_id)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def reset_seat(request: HttpRequest, lesson_id: UUID, number: int) -> HttpResponse:
    """Say what resetting a seat means, and do it."""
    shown = _lesson_of(request, lesson_id)
    if request.method == "POST":
        services.reset_seat(lesson=shown, seat=number)
        return redirect("surveys:lesson", lesson_id)
    row = next((row for row in board(shown).seats if row.number == number), None)
    if row is None or not shown.is_open:
        raise NotFound("Plassen finnes ikke i en økt som er åpen.")
    return render(request, "surveys/reset_seat.html", {"lesson": shown, "row": row})


@login_required
@require_POST
def restore_seat(request: HttpRequest, lesson_id: UUID, number: int) -> HttpResponse:
    """Undo a reset."""
    services.restore_seat(lesson=_lesson_of(request, lesson_id), seat=number)
    return redirect("surveys:lesson", lesson_id)


def _lesson_of(request: HttpRequest, lesson_id: UUID) -> Lesson:
    lessons = Lesson.objects.filter(class_group__in=ClassGroup.objects.taught_by(request.user))
    found: Lesson = get_object_or_404(lessons.select_related("class_group__survey", "class_group__school"), pk=lesson_id)
    return found
