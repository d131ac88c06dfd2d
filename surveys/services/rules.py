"""A survey's name, dates, limits, area; a copy of it. What children have drawn and were promised is kept."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.gis.geos import MultiPolygon
from django.db import transaction
from django.utils import timezone

from surveys.errors import InvalidSurvey
from surveys.models import Category, ClassGroup, Question, School, Survey, Theme
from surveys.services.editing import has_answers, lock, may_deliver, store, told
from surveys.services.surveys import kept_until, why_no_survey_day

SMALLEST_KM2 = 0.01
"""A hectare: less is a slip of the finger, and no place to draw ways in."""
TRIM_LEAST_M, TRIM_MOST_M = 100, 2000
LEAST_ZOOM, MOST_ZOOM = 8, 18


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a planner settles besides the words. title: {"nb": …}; metres for trim, days for dates."""

    title: dict[str, str]
    opens_on: date
    closes_on: date
    retention_until: date
    trim_min_m: int
    trim_max_m: int
    max_marks: int
    start_zoom: int
    min_zoom: int


@transaction.atomic
def change_rules(*, survey: Survey, rules: Rules, drawn_by_one: int) -> Survey:
    """The survey with other rules. drawn_by_one: the most marks that one response has, below which the limit may not fall.

    InvalidSurvey says what does not fit, its pointer which field.
    """
    survey = lock(survey.pk)
    _require_dates(survey, rules)
    _require_limits(survey, rules, drawn_by_one)
    if not rules.title.get(survey.default_language, "").strip():
        raise InvalidSurvey("Skriv et navn på hovedspråket.", pointer=f"title_{survey.default_language}")
    for name, value in vars(rules).items():
        setattr(survey, name, value)
    store(survey)
    return told(survey)


def _require_dates(survey: Survey, rules: Rules) -> None:
    for field in ("opens_on", "closes_on"):
        if why := why_no_survey_day(getattr(rules, field)):
            raise InvalidSurvey(why, pointer=field)
    if rules.closes_on < rules.opens_on:
        raise InvalidSurvey(f"Den kan ikke lukke {rules.closes_on:%d.%m.%Y}, før den åpner {rules.opens_on:%d.%m.%Y}.", pointer="closes_on")
    last = kept_until(rules.closes_on)
    if not rules.closes_on <= rules.retention_until <= last:
        raise InvalidSurvey(
            f"Svarene slettes mellom {rules.closes_on:%d.%m.%Y}, da undersøkelsen lukker, og {last:%d.%m.%Y}; "
            f"ikke {rules.retention_until:%d.%m.%Y}.",
            pointer="retention_until",
        )
    if rules.retention_until < timezone.localdate() and rules.retention_until != survey.retention_until and has_answers(survey):
        raise InvalidSurvey(
            f"{rules.retention_until:%d.%m.%Y} er alt forbi, så alle svarene ville blitt slettet i natt. Velg en dag fra i dag av, "
            "eller slett undersøkelsen på siden Oppsett.",
            pointer="retention_until",
        )
    if rules.retention_until > survey.retention_until and has_answers(survey):
        raise InvalidSurvey(
            f"Noen har svart, og er lovet at svarene slettes senest {survey.retention_until:%d.%m.%Y}. Datoen kan bare bli tidligere.",
            pointer="retention_until",
        )


def _require_limits(survey: Survey, rules: Rules, drawn_by_one: int) -> None:
    if not TRIM_LEAST_M <= rules.trim_min_m <= rules.trim_max_m <= TRIM_MOST_M:
        raise InvalidSurvey(
            f"Vegene kuttes minst {TRIM_LEAST_M} og høyst {TRIM_MOST_M} meter fra hjemmet, det minste først; ikke {rules.trim_min_m} til "
            f"{rules.trim_max_m}.",
            pointer="trim_min_m",
        )
    if has_answers(survey) and (rules.trim_min_m < survey.trim_min_m or rules.trim_max_m < survey.trim_max_m):
        raise InvalidSurvey(
            f"Noen har svart, og er lovet at vegene kuttes {survey.trim_min_m} til {survey.trim_max_m} meter. Kuttet kan bare bli lengre.",
            pointer="trim_min_m",
        )
    if rules.max_marks < max(drawn_by_one, 1):
        raise InvalidSurvey(
            f"Et barn har tegnet {drawn_by_one} merker, så grensen kan ikke være {rules.max_marks}. Velg {max(drawn_by_one, 1)} eller mer.",
            pointer="max_marks",
        )
    if rules.max_marks < survey.max_marks and may_deliver(survey):
        raise InvalidSurvey(
            f"Noen har svart og kan ha merker på nettbrettet som ikke er sendt ennå, så grensen må være {survey.max_marks} eller mer. "
            "En uke etter siste økt kan den settes ned.",
            pointer="max_marks",
        )
    if not (LEAST_ZOOM <= rules.min_zoom <= MOST_ZOOM and LEAST_ZOOM <= rules.start_zoom <= MOST_ZOOM):
        raise InvalidSurvey(f"Zoom er et tall fra {LEAST_ZOOM} (hele fylket) til {MOST_ZOOM} (ett hus).", pointer="min_zoom")


@transaction.atomic
def change_area(*, survey: Survey, area: MultiPolygon, marks_outside: int) -> Survey:
    """The survey with another area, EPSG:4326, valid. marks_outside: how many marks would not lie within it; none may.

    The start view goes with it when it would lie outside. InvalidSurvey says what is wrong with the area.
    """
    survey = lock(survey.pk)
    if area.empty or not area.valid:
        raise InvalidSurvey("Området er ikke en gyldig flate: en kant krysser en annen. Tegn det på nytt.")
    km2 = area.transform(survey.municipality.metric_srid, clone=True).area / 1e6
    if km2 < SMALLEST_KM2:
        raise InvalidSurvey(f"Området er på {km2 * 1e6:.0f} m². Det må være minst {SMALLEST_KM2 * 1e6:.0f} m².")
    if not area.intersects(survey.municipality.boundary):
        raise InvalidSurvey(f"Området ligger utenfor {survey.municipality}. Det må være i kommunen, helt eller delvis.")
    if marks_outside:
        raise InvalidSurvey(f"{marks_outside} merker som barn har tegnet, ville falle utenfor. Gjør området større: alle må være med.")
    # grown by a centimetre, for the map writes seven decimals
    if may_deliver(survey) and not area.buffer(1e-7).covers(survey.study_area):
        raise InvalidSurvey(
            "Noen har svart og kan ha merker på nettbrettet som ikke er sendt ennå, så området kan bare bli større. "
            "En uke etter siste økt kan det bli mindre."
        )
    survey.study_area = area
    if survey.start and not area.covers(survey.start):
        survey.start = None
    survey.save(update_fields=["study_area", "start"])
    return told(survey)


@transaction.atomic
def copy_survey(*, survey: Survey, with_classes: bool) -> Survey:
    """A draft with all that a survey asks and none of its answers; it opens today, for as many days as the first.

    What is hidden is left behind. Classes come with their school, grade and size, and get codes of their own.
    """
    today = timezone.localdate()
    closes_on = today + (survey.closes_on - survey.opens_on)
    dates = {"opens_on": today, "closes_on": closes_on, "retention_until": kept_until(closes_on)}
    title = {language: f"{text} (kopi)" for language, text in survey.title.items()}
    made: Survey = _copied(survey, title=title, status=Survey.Status.DRAFT, version=1, **dates)
    made.schools.set(survey.schools.all())
    themes = {theme.pk: _copied(theme, survey=made) for theme in survey.themes.all()}
    categories = {
        one.pk: _copied(one, survey=made, theme=themes[one.theme_id]) for one in Category.objects.filter(survey=survey, is_retired=False)
    }
    for question in Question.objects.filter(survey=survey, is_retired=False):
        if question.category_id is None or question.category_id in categories:
            theme = themes[question.theme_id] if question.theme_id else None
            category = categories[question.category_id] if question.category_id else None
            _copied(question, survey=made, theme=theme, category=category)
    if with_classes:
        for group in survey.class_groups.all():
            ClassGroup.objects.create(survey=made, school=group.school, grade=group.grade, letter=group.letter, pupils=group.pupils)
    return made


def _copied(row: Survey | Theme | Category | Question, **different: Any) -> Any:
    """A new row with the values of another, but for these; links to many are not among them."""
    values = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if not field.primary_key}
    made = type(row)(**{**values, **different})
    store(made)
    return made


@transaction.atomic
def set_schools(*, survey: Survey, schools: list[School]) -> Survey:
    """The schools that take part; one that has classes in the survey stays, and all are of its municipality."""
    survey = lock(survey.pk)
    if not schools:
        raise InvalidSurvey("Velg minst én skole.", pointer="schools")
    if foreign := [str(school) for school in schools if school.municipality_id != survey.municipality_id]:
        raise InvalidSurvey(f"{foreign[0]} er ikke i {survey.municipality}.", pointer="schools")
    kept = {school.pk for school in schools}
    if needed := survey.schools.filter(class_groups__survey=survey).exclude(pk__in=kept).distinct():
        raise InvalidSurvey(f"{', '.join(map(str, needed))} har klasser i undersøkelsen og må være med.", pointer="schools")
    survey.schools.set(schools)
    return told(survey)
