"""ClassGroup, Lesson and Response: who answers together, when the code is open, and one pupil's svarsett."""

import uuid
from typing import ClassVar

from django.contrib.gis.db import models
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import F, Q
from django.utils import timezone

from surveys.models.people import User
from surveys.models.place import School
from surveys.models.survey import Survey
from surveys.querysets import ClassGroupQuerySet, LessonQuerySet, ResponseQuerySet


class GradeBand(models.TextChoices):
    """Klassetrinngruppe, as in the national product specification."""

    LOW = "1-4", "1.–4. trinn"
    MIDDLE = "5-7", "5.–7. trinn"
    HIGH = "8-10", "8.–10. trinn"

    @classmethod
    def of(cls, grade: int) -> "GradeBand":
        """The band of a grade from 1 to 10."""
        return cls.LOW if grade <= 4 else cls.MIDDLE if grade <= 7 else cls.HIGH

    @property
    def grades(self) -> range:
        """The grades in the band."""
        low, high = self.value.split("-")
        return range(int(low), int(high) + 1)


class Entry(models.TextChoices):
    """Whose hand drew: the child's own, or an adult's for a group of children or from a sheet of paper."""

    SELF = "self", "barnet selv"
    ASSISTED = "assisted", "en voksen, for barn"
    PAPER = "paper", "en voksen, fra papirark"


MOST_CHILDREN = 40
"""So many children one response may speak for."""


class ClassGroup(models.Model):
    """One class taking one survey; owns the class code, of which only keyed hashes are stored (surveys/codes.py)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="class_groups", verbose_name="undersøkelse")
    school = models.ForeignKey(School, models.CASCADE, related_name="class_groups", verbose_name="skole")
    grade = models.PositiveSmallIntegerField("trinn", validators=[MinValueValidator(1), MaxValueValidator(10)])
    letter = models.CharField("bokstav", max_length=10, blank=True)
    pupils = models.PositiveSmallIntegerField("antall elever", default=0)
    code_serial = models.PositiveIntegerField(default=0, editable=False)
    code_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)
    next_seat = models.PositiveIntegerField(default=0, editable=False)

    objects = ClassGroupQuerySet.as_manager()

    class Meta:
        verbose_name = "klasse"
        verbose_name_plural = "klasser"
        ordering = ("school", "grade", "letter")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "school", "grade", "letter"], name="class_group_unique"),
            models.CheckConstraint(condition=Q(grade__gte=1, grade__lte=10), name="class_group_grade_in_school"),
        ]

    def __str__(self) -> str:
        return f"{self.grade}{self.letter}"

    @property
    def grade_band(self) -> GradeBand:
        """The official grade band, the finest that planners ever see."""
        return GradeBand.of(self.grade)


class Lesson(models.Model):
    """The window in which a class group's code is open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    class_group = models.ForeignKey(ClassGroup, models.CASCADE, related_name="lessons", verbose_name="klasse")
    opened_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="åpnet av")
    opened_at = models.DateTimeField("åpnet")
    closes_at = models.DateTimeField("lukkes av seg selv")
    closed_at = models.DateTimeField("lukket", null=True, blank=True)
    is_paused = models.BooleanField("pause", default=False)

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = "økt"
        verbose_name_plural = "økter"
        ordering = ("-opened_at",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(opened_at__lt=F("closes_at")), name="lesson_times_in_order"),
            models.UniqueConstraint(fields=["class_group"], condition=Q(closed_at__isnull=True), name="lesson_one_open_per_class"),
        ]

    def __str__(self) -> str:
        return f"{self.class_group} {self.opened_at:%d.%m.%Y}"

    @property
    def is_open(self) -> bool:
        """Whether the code works now: neither closed by the teacher nor run out."""
        return self.closed_at is None and self.opened_at <= timezone.now() < self.closes_at


class Response(models.Model):
    """One pupil's svarsett: answers and, through mapping.Mark, marks. No name, no account, no device."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="responses", verbose_name="undersøkelse")
    class_group = models.ForeignKey(ClassGroup, models.CASCADE, related_name="responses", verbose_name="klasse")
    lesson = models.ForeignKey(Lesson, models.SET_NULL, null=True, blank=True, related_name="responses", verbose_name="økt")
    receipt_hash = models.BinaryField(max_length=32, unique=True, null=True, editable=False)
    seat = models.PositiveIntegerField("plass", editable=False)
    answers = models.JSONField("svar", default=dict)
    answers_rev = models.PositiveIntegerField(default=0)
    answers_sha256 = models.BinaryField(max_length=32, null=True, editable=False)
    # the defaults are the database's own too, so that a version of the site from before these columns can go on writing
    entry = models.CharField("tegnet av", max_length=8, choices=Entry, default=Entry.SELF, db_default=Entry.SELF.value)
    children = models.SmallIntegerField("barn bak svaret", default=1, db_default=1)
    joined_at = models.DateTimeField("kom inn")
    writable_until = models.DateTimeField("kan skrive til")
    finished_at = models.DateTimeField("ferdig", null=True, blank=True)
    # with which of its steps the answer came onto the class's map; no finer order is kept than this
    map_step = models.PositiveSmallIntegerField("trinn i klassekartet", null=True, blank=True, editable=False)
    # of what was never handed in: the day its receipt runs from, once the receipt itself has moved the end of writing
    receipt_from = models.DateTimeField("kvitteringen gjelder fra", null=True, blank=True, editable=False)
    set_aside_at = models.DateTimeField("lagt til side", null=True, blank=True, help_text="Teller ikke med; slettes når økta er slutt")

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = "svarsett"
        verbose_name_plural = "svarsett"
        constraints: ClassVar = [
            # the target of mapping.Mark's composite key, so that a mark can never name another survey than its response
            models.UniqueConstraint(fields=["id", "survey"], name="response_and_survey"),
            models.UniqueConstraint(fields=["class_group", "seat"], name="response_seat_unique_in_class"),
            models.CheckConstraint(condition=Q(entry__in=Entry.values), name="response_entry_known"),
            models.CheckConstraint(
                condition=Q(children=1) | Q(entry=Entry.ASSISTED, children__gte=1, children__lte=MOST_CHILDREN),
                name="response_speaks_for_its_children",
            ),
        ]
        indexes: ClassVar = [
            # a handful of rows: the analysis asks for them with every question
            models.Index(fields=["survey"], condition=Q(set_aside_at__isnull=False), name="response_set_aside"),
            # few rows as well: whether a survey has any is asked before anything is told of them
            models.Index(fields=["survey"], condition=~Q(entry=Entry.SELF), name="response_drawn_by_adult"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class WithdrawnResponse(models.Model):
    """What is left of a response that was withdrawn: its id, so that neither a restored backup nor a tablet brings it back.

    Its marks leave nothing of their own: they fall with it, and so nothing tells which marks were one child's.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    withdrawn_on = models.DateField("trukket tilbake")

    class Meta:
        verbose_name = "tilbaketrukket svarsett"
        verbose_name_plural = "tilbaketrukne svarsett"

    def __str__(self) -> str:
        return str(self.id)


class Presence(models.Model):
    """What a tablet last said of itself while the lesson is on: how much is unsent, and counts that tell whether anything happens.

    One row a response, replaced in place and gone when the lesson is over (surveys/services/presence.py); nothing of what is drawn.
    """

    response = models.OneToOneField(Response, models.CASCADE, primary_key=True, related_name="presence", db_constraint=False)
    seen_at = models.DateTimeField("sist hørt fra")
    active_at = models.DateTimeField("sist noe skjedde")
    changes = models.PositiveIntegerField("endringer", default=0)
    unsent = models.PositiveIntegerField("usendt", default=0)

    class Meta:
        verbose_name = "livstegn"
        verbose_name_plural = "livstegn"

    def __str__(self) -> str:
        return f"{self.seen_at:%H:%M:%S} {self.unsent}"


class WrongTry(models.Model):
    """How many wrong codes came in a minute from one address (as a keyed hash), or from everywhere (empty)."""

    minute = models.DateTimeField()
    address_hash = models.CharField(max_length=64, blank=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["minute", "address_hash"], name="wrong_try_unique")]

    def __str__(self) -> str:
        return f"{self.minute:%H:%M} {self.count}"
