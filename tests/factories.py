"""factory_boy factories, without randomness: the same test makes the same rows."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from factory.declarations import LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory
from factory.helpers import post_generation

from mapping.models import Mark
from surveys import services
from surveys.models import ClassGroup, Lesson, Municipality, Response, School, Survey, User
from tests import places


class MunicipalityFactory(DjangoModelFactory[Municipality]):
    """A municipality near Bergen."""

    class Meta:
        model = Municipality
        django_get_or_create = ("number",)

    number = Sequence(lambda n: f"{4601 + n}")
    name = Sequence(lambda n: f"Kommune {n}")
    boundary = places.MUNICIPALITY
    metric_srid = 25832


class SchoolFactory(DjangoModelFactory[School]):
    """A school with grounds."""

    class Meta:
        model = School

    municipality = SubFactory(MunicipalityFactory)
    name = Sequence(lambda n: f"Skole {n}")
    location = places.point(places.SCHOOL_GATE)
    grounds = places.SCHOOL_GROUNDS


class UserFactory(DjangoModelFactory[User]):
    """An account with the password "passord-for-test"."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = Sequence(lambda n: f"bruker{n}")

    @post_generation  # type: ignore[untyped-decorator]  # factory_boy has no types
    def password(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        """Set a usable password."""
        self.set_password(extracted or "passord-for-test")  # type: ignore[attr-defined]
        if create:
            self.save()  # type: ignore[attr-defined]


def make_survey(*, municipality: Municipality, schools: list[School], status: str = Survey.Status.OPEN, **settings: Any) -> Survey:
    """A survey out of the default template, open today, through the services."""
    today = timezone.localdate()
    survey = services.create_survey_from_template(
        template="barnetrakk",
        municipality=municipality,
        schools=schools,
        title={"nb": "Barnetråkk 2026", "nn": "Barnetråkk 2026", "en": "Children's tracks 2026"},
        study_area=settings.pop("study_area", places.STUDY_AREA),
        opens_on=settings.pop("opens_on", today - timedelta(days=30)),
        closes_on=settings.pop("closes_on", today + timedelta(days=30)),
        start=places.point(places.SCHOOL_GATE),
        **settings,
    )
    if status != Survey.Status.DRAFT:
        Survey.objects.filter(pk=survey.pk).update(status=status)
        survey.refresh_from_db()
    return survey


class ClassGroupFactory(DjangoModelFactory[ClassGroup]):
    """Class 5A, 5B … of a survey's school."""

    class Meta:
        model = ClassGroup

    grade = 5
    letter = Sequence(lambda n: f"A{n}")
    pupils = 25


class LessonFactory(DjangoModelFactory[Lesson]):
    """A lesson that began ten minutes ago and is open."""

    class Meta:
        model = Lesson

    opened_at = LazyFunction(lambda: timezone.now() - timedelta(minutes=10))
    closes_at = LazyFunction(lambda: timezone.now() + timedelta(minutes=80))


class ResponseFactory(DjangoModelFactory[Response]):
    """A pupil's response in a class."""

    class Meta:
        model = Response

    survey = SelfAttribute("class_group.survey")
    seat = Sequence(lambda n: n)
    joined_at = LazyFunction(timezone.now)
    writable_until = LazyFunction(lambda: timezone.now() + timedelta(days=7))


class MarkFactory(DjangoModelFactory[Mark]):
    """A place at the playground; give category, and for a route geom and kind too."""

    class Meta:
        model = Mark

    id = Sequence(lambda n: UUID(int=(4 << 76) + (8 << 60) + n))
    survey = SelfAttribute("response.survey")
    kind = SelfAttribute("category.kind")
    geom = places.point(places.PLAYGROUND)
    rev = 1
    sha256 = b"\0" * 32
    week = date(2026, 9, 7)
