"""Querysets that speak the domain; they compose and never write."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

if TYPE_CHECKING:  # only names of types: models import this module
    from django.contrib.auth.models import AnonymousUser

    from surveys.models import User


class SurveyQuerySet(models.QuerySet[Any]):
    """Surveys of a municipality, that are open, that a user may know of."""

    def alive(self) -> Self:
        """Without the deleted ones, which nobody sees."""
        return self.exclude(status="deleted")

    def of_municipality(self, number: str) -> Self:
        """The surveys of one municipality, by its four-digit number."""
        return self.filter(municipality__number=number)

    def open_now(self, today: date | None = None) -> Self:
        """Open, and today lies between the dates."""
        day = today or timezone.localdate()
        return self.filter(status="open", opens_on__lte=day, closes_on__gte=day)

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The surveys a user may know of: a teacher those of the own school, the others those of their municipality."""
        if not user.is_authenticated:
            return self.none()
        teaches = Q(schools__memberships__user=user, schools__memberships__role="teacher") & ~Q(status="draft")
        plans = Q(municipality__memberships__user=user, municipality__memberships__role__in=["planner", "operator"])
        governs = Q(municipality__memberships__user=user, municipality__memberships__role="politician") & ~Q(status="draft")
        return self.alive().filter(teaches | plans | governs).distinct()

    def analysable_by(self, user: "User | AnonymousUser") -> Self:
        """The surveys whose marks a user may read: a planner's own municipality."""
        if not user.is_authenticated:
            return self.none()
        return self.alive().filter(municipality__memberships__user=user, municipality__memberships__role="planner").distinct()


class SchoolQuerySet(models.QuerySet[Any]):
    """Schools a teacher teaches at."""

    def taught_by(self, user: "User | AnonymousUser") -> Self:
        """The schools where a user has the teacher's role."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user, memberships__role="teacher").distinct()


class ClassGroupQuerySet(models.QuerySet[Any]):
    """Classes a teacher may open a lesson for."""

    def taught_by(self, user: "User | AnonymousUser") -> Self:
        """The classes at the schools where a user has the teacher's role, in surveys that are no draft."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            school__memberships__user=user, school__memberships__role="teacher", survey__status__in=["open", "closed"]
        ).distinct()

    def assisted_by(self, user: "User | AnonymousUser") -> Self:
        """The classes a user may draw for: those taught, and those of the municipality where the user plans or operates."""
        if not user.is_authenticated:
            return self.none()
        teaches = Q(school__memberships__user=user, school__memberships__role="teacher")
        keeps = Q(survey__municipality__memberships__user=user, survey__municipality__memberships__role__in=["planner", "operator"])
        return self.filter(teaches | keeps, survey__status__in=["open", "closed"]).distinct()

    def with_participation(self) -> Self:
        """With `joined` and `finished`, the numbers of responses, and `has_open_lesson`."""
        now = timezone.now()
        lessons = self.model._meta.get_field("lessons").related_model.objects.open_at(now)
        return self.annotate(
            joined=Count("responses", filter=Q(responses__set_aside_at__isnull=True), distinct=True),
            finished=Count(
                "responses", filter=Q(responses__set_aside_at__isnull=True, responses__finished_at__isnull=False), distinct=True
            ),
            has_open_lesson=Exists(lessons.filter(class_group=OuterRef("pk"))),
        ).order_by("-has_open_lesson", "school__name", "grade", "letter")


class LessonQuerySet(models.QuerySet[Any]):
    """Lessons whose code is open."""

    def open_at(self, moment: datetime | None = None) -> Self:
        """Neither closed by the teacher nor run out; paused ones are open."""
        now = moment or timezone.now()
        return self.filter(closed_at__isnull=True, opened_at__lte=now, closes_at__gt=now)


class ResponseQuerySet(models.QuerySet[Any]):
    """Responses that count, and those a teacher has set aside."""

    def counted(self) -> Self:
        """Without those set aside: they are in no number, map, file or list."""
        return self.filter(set_aside_at__isnull=True)

    def by_adults(self) -> Self:
        """Those that an adult drew, for a group or from a sheet."""
        return self.exclude(entry="self")

    def set_aside(self) -> Self:
        """Those a teacher has set aside; they wait for the lesson's end to be deleted."""
        return self.filter(set_aside_at__isnull=False)
