"""Survey, its themes (the steps a pupil walks through), categories (what a mark means) and questions."""

import uuid
from typing import Any, ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db.models import F, Q

from surveys.crs import STORAGE_SRID
from surveys.models.place import Municipality, School
from surveys.querysets import SurveyQuerySet

CODE = RegexValidator(r"^[a-z][a-z0-9_-]*$", "En kode har små bokstaver a–z, tall, - og _, og begynner med en bokstav.")
COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", "En farge skrives som #1a73e8.")

Words = dict[str, dict[str, Any]]
"""Words per language, {"nb": {"label": "Skoleveg", …}, "nn": …}."""


def words_in(words: dict[str, Any], language: str, default: str) -> Any:
    """The entry of a per-language dict in this language, else in the survey's default language, else in any."""
    return words.get(language) or words.get(default) or next(iter(words.values()), "")


class Kind(models.TextChoices):
    """What is drawn: RFC 7946 Point, LineString or Polygon."""

    PLACE = "place", "sted"
    ROUTE = "route", "veg"
    AREA = "area", "område"


class Survey(models.Model):
    """One round of asking in one municipality."""

    class Status(models.TextChoices):
        DRAFT = "draft", "kladd"
        OPEN = "open", "åpen"
        CLOSED = "closed", "avsluttet"
        DELETED = "deleted", "slettet"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="surveys", verbose_name="kommune")
    schools = models.ManyToManyField(School, related_name="surveys", verbose_name="skoler", blank=True)
    title = models.JSONField("tittel", help_text='Per språk: {"nb": "Barnetråkk 2026", …}')
    status = models.CharField("status", max_length=8, choices=Status, default=Status.DRAFT)
    study_area = models.MultiPolygonField("område", srid=STORAGE_SRID)
    start = models.PointField("startpunkt", srid=STORAGE_SRID, null=True, blank=True)
    start_zoom = models.PositiveSmallIntegerField("startzoom", default=15, validators=[MaxValueValidator(20)])
    min_zoom = models.PositiveSmallIntegerField("minste zoom for å tegne", default=14, validators=[MaxValueValidator(20)])
    opens_on = models.DateField("åpner")
    closes_on = models.DateField("lukker")
    languages = ArrayField(models.CharField(max_length=3), verbose_name="språk", default=list)
    default_language = models.CharField("hovedspråk", max_length=3, default="nb")
    trim_min_m = models.PositiveSmallIntegerField("kutt minst (m)", default=100, validators=[MinValueValidator(100)])
    trim_max_m = models.PositiveSmallIntegerField("kutt høyst (m)", default=400, validators=[MaxValueValidator(2000)])
    max_marks = models.PositiveSmallIntegerField("høyst antall merker per svar", default=60)
    public_places = models.JSONField("offentlige steder", default=list, blank=True, help_text="GeoJSON-objekter der en veg gjerne kan ende")
    retention_until = models.DateField("slettes etter", help_text="Da slettes alle svar; bare publiseringene blir igjen")
    modes = models.JSONField("transportmidler", default=dict, blank=True, help_text="Per kode: icon, official_code, words")
    sheets = models.JSONField("tekster til lærere og foresatte", default=dict, blank=True, help_text="Bare det som er endret")
    template = models.CharField("mal", max_length=40, blank=True)
    version = models.PositiveIntegerField("versjon", default=1, editable=False, help_text="Øker når noe endres; nettbrettene ser det")

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = "undersøkelse"
        verbose_name_plural = "undersøkelser"
        ordering = ("-opens_on", "id")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=["draft", "open", "closed", "deleted"]), name="survey_status_known"),
            models.CheckConstraint(condition=Q(opens_on__lte=F("closes_on")), name="survey_dates_in_order"),
            models.CheckConstraint(condition=Q(closes_on__lte=F("retention_until")), name="survey_retention_after_close"),
            models.CheckConstraint(condition=Q(trim_min_m__gte=100, trim_min_m__lte=F("trim_max_m")), name="survey_trim_at_least_100_m"),
            models.CheckConstraint(condition=Q(languages__contains=[F("default_language")]), name="survey_default_language_offered"),
            models.CheckConstraint(condition=Q(study_area__isvalid=True), name="survey_study_area_valid"),
        ]

    def __str__(self) -> str:
        return self.title_in("nb")

    def title_in(self, language: str) -> str:
        """The title in a language, or in the nearest one there is."""
        return str(words_in(self.title, language, self.default_language))


class Theme(models.Model):
    """One step of the pupil's page: ways, activities, good, bad, wishes."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="themes", verbose_name="undersøkelse")
    code = models.CharField("kode", max_length=40, validators=[CODE])
    position = models.PositiveSmallIntegerField("rekkefølge")
    icon = models.CharField("ikon", max_length=60)
    colour = models.CharField("farge", max_length=7, validators=[COLOUR])
    words = models.JSONField("ord", help_text="Per språk: label, prompt, help")

    class Meta:
        verbose_name = "tema"
        verbose_name_plural = "temaer"
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "code"], name="theme_code_unique"),
            models.UniqueConstraint(fields=["survey", "position"], name="theme_position_unique", deferrable=models.Deferrable.DEFERRED),
        ]

    def __str__(self) -> str:
        return self.code


class Category(models.Model):
    """What a mark means, with its place in the official vocabulary."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="categories", verbose_name="undersøkelse")
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="categories", verbose_name="tema")
    code = models.CharField("kode", max_length=40, validators=[CODE])
    position = models.PositiveSmallIntegerField("rekkefølge")
    kind = models.CharField("geometri", max_length=5, choices=Kind)
    object_type = models.CharField("objekttype", max_length=40, blank=True, help_text="Geonorge: Barneveg, Aktivitet …")
    code_list = models.CharField("kodeliste", max_length=40, blank=True)
    official_code = models.CharField("offisiell kode", max_length=60, blank=True)
    modes = ArrayField(models.CharField(max_length=40), verbose_name="transportmidler", default=list, blank=True)
    icon = models.CharField("ikon", max_length=60)
    colour = models.CharField("farge", max_length=7, validators=[COLOUR])
    words = models.JSONField("ord", help_text="Per språk: label, prompt")
    max_per_response = models.PositiveSmallIntegerField("høyst per svar", default=10, validators=[MinValueValidator(1)])
    is_retired = models.BooleanField("skjult", default=False, db_default=False, help_text="Tilbys ikke elevene lenger; svarene blir")

    class Meta:
        verbose_name = "kategori"
        verbose_name_plural = "kategorier"
        ordering = ("theme__position", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "code"], name="category_code_unique"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="category_kind_known"),
            models.CheckConstraint(condition=Q(modes=[]) | Q(kind=Kind.ROUTE), name="category_only_routes_have_modes"),
            models.CheckConstraint(condition=Q(max_per_response__gte=1), name="category_takes_a_mark"),
        ]

    def __str__(self) -> str:
        return self.code

    def label_in(self, language: str, default: str = "nb") -> str:
        """The category's name in a language, or in the nearest one there is."""
        words = words_in(self.words, language, default) or {}
        return str(words.get("label", self.code))


class Question(models.Model):
    """A question that belongs to a theme, to the marks of a category, or to the end of the survey."""

    class Type(models.TextChoices):
        SINGLE = "single", "ett valg"
        MULTIPLE = "multiple", "flere valg"
        TEXT = "text", "tekst"
        SCALE = "scale", "skala med fjes"
        NUMBER = "number", "tall"
        MATRIX = "matrix", "tabell"

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions", verbose_name="undersøkelse")
    theme = models.ForeignKey(Theme, models.CASCADE, null=True, blank=True, related_name="questions", verbose_name="tema")
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, related_name="questions", verbose_name="kategori")
    code = models.CharField("kode", max_length=40, validators=[CODE])
    position = models.PositiveSmallIntegerField("rekkefølge")
    type = models.CharField("type", max_length=8, choices=Type)
    words = models.JSONField("ord", help_text="Per språk: label, help, options, rows")
    options = ArrayField(models.CharField(max_length=40), verbose_name="svaralternativer", default=list, blank=True)
    rows = ArrayField(models.CharField(max_length=40), verbose_name="rader", default=list, blank=True)
    required = models.BooleanField("må besvares", default=False)
    is_background = models.BooleanField("bakgrunn", default=False, help_text="Teller som en egen dimensjon i personvernreglene")
    min_value = models.IntegerField("minste tall", null=True, blank=True)
    max_value = models.IntegerField("største tall", null=True, blank=True)
    asked_after = models.CharField(
        "stilles etter", max_length=40, blank=True, default="", db_default="", help_text="Kode til et tidligere spørsmål"
    )
    asked_if = ArrayField(
        models.CharField(max_length=40),
        verbose_name="stilles ved svarene",
        default=list,
        db_default=[],
        blank=True,
        help_text="Minst ett av dem",
    )
    is_retired = models.BooleanField("skjult", default=False, db_default=False, help_text="Stilles ikke lenger; svarene blir")

    class Meta:
        verbose_name = "spørsmål"
        verbose_name_plural = "spørsmål"
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "code"], name="question_code_unique"),
            models.CheckConstraint(
                condition=Q(type__in=["single", "multiple", "text", "scale", "number", "matrix"]), name="question_type_known"
            ),
            models.CheckConstraint(condition=Q(theme__isnull=True) | Q(category__isnull=True), name="question_belongs_to_one_thing"),
            models.CheckConstraint(condition=Q(type__in=["text", "number"]) | ~Q(options=[]), name="question_choices_have_options"),
            models.CheckConstraint(condition=~Q(type="matrix") | ~Q(rows=[]), name="question_matrix_has_rows"),
            models.CheckConstraint(
                condition=Q(asked_after="", asked_if=[]) | ~Q(asked_after="") & ~Q(asked_if=[]), name="question_condition_is_whole"
            ),
        ]

    def __str__(self) -> str:
        return self.code
