"""Surveys: made from a template, opened, closed, deleted and restored."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from surveys.catalog import CategoryTemplate, SurveyTemplate, ThemeTemplate, read_template
from surveys.errors import InvalidSurvey
from surveys.lacks import lacks_of
from surveys.languages import allowed_languages
from surveys.models import Category, ClassGroup, Municipality, Question, School, Survey, Theme
from surveys.services.languages import require_allowed
from surveys.sheets import CONTACT, default_text, sheet_codes

KEEP_FOR = timedelta(days=730)
"""24 months: docs/privacy.md, "Retention"."""


def kept_until(closes_on: date) -> date:
    """The last day for answers: 24 months after the survey closes, or after today where it was closed long ago, as an older round's was."""
    return max(closes_on, timezone.localdate()) + KEEP_FOR


FIRST_YEAR, MOST_YEARS = 2000, 10
"""Dates outside are slips of the finger: the year 0026, or one so far away that no day two years after it can be reckoned."""


def why_no_survey_day(day: date) -> str:
    """What is wrong with a day as one on which a survey opens or closes; empty when nothing is."""
    last = timezone.localdate().year + MOST_YEARS
    return "" if FIRST_YEAR <= day.year <= last else f"Året må være mellom {FIRST_YEAR} og {last}, ikke {day.year}."


@transaction.atomic
def create_survey_from_template(  # noqa: PLR0913  # a survey needs this much, by name
    *,
    template: str,
    municipality: Municipality,
    schools: Iterable[School],
    title: dict[str, str],
    study_area: MultiPolygon,
    opens_on: date,
    closes_on: date,
    languages: list[str] | None = None,
    start: Point | None = None,
    **settings: Any,
) -> Survey:
    """A draft with the template's themes, categories and questions.

    languages: those of the template that the municipality may use, unless told.
    study_area and start are EPSG:4326. settings: any other column of Survey, such as trim_max_m or retention_until.
    InvalidSurvey names a template that does not exist or a year that cannot be meant; ValidationError a value that breaks a rule.
    """
    data = read_template(template)
    if why := why_no_survey_day(opens_on) or why_no_survey_day(closes_on):
        raise InvalidSurvey(why)
    survey = Survey(
        municipality=municipality,
        title=title,
        study_area=study_area,
        start=start,
        opens_on=opens_on,
        closes_on=closes_on,
        languages=languages or [code for code in allowed_languages(municipality) if code in data.languages],
        modes={code: mode.model_dump(mode="json") for code, mode in data.modes.items()},
        template=template,
        **{"retention_until": kept_until(closes_on), **settings},
    )
    _require_known_languages(survey, data)
    survey.full_clean()
    survey.save()
    survey.schools.set(schools)
    _add_themes(survey, data)
    _add_questions(survey, data)
    return survey


@transaction.atomic
def add_class_group(*, survey: Survey, school: School, grade: int, letter: str = "", pupils: int = 0) -> ClassGroup:
    """A class that takes the survey; InvalidSurvey when the school does not take part or has no such grade, or the class is there."""
    # one at a time, so that the second of two equal presses of the button finds what the first one did
    Survey.objects.select_for_update().only("pk").get(pk=survey.pk)
    if not survey.schools.filter(pk=school.pk).exists():
        raise InvalidSurvey(f"{school} er ikke med i undersøkelsen.")
    if not school.grade_low <= grade <= school.grade_high:
        raise InvalidSurvey(f"{school} har {school.grade_low}.–{school.grade_high}. trinn, ikke {grade}.")
    if survey.class_groups.filter(school=school, grade=grade, letter=letter).exists():
        raise InvalidSurvey(f"{grade}{letter} ved {school} er alt med i undersøkelsen.")
    group = ClassGroup(survey=survey, school=school, grade=grade, letter=letter, pupils=pupils)
    group.full_clean()
    group.save()
    return group


@transaction.atomic
def change_sheets(*, survey: Survey, texts: Mapping[str, str]) -> Survey:
    """The survey's own words for teachers and guardians (surveys/sheets.py); what is empty or as it comes with Tråkk is not kept.

    A sheet that texts does not name stays as it is: the letter in a language that is turned off just now.
    """
    known = {CONTACT: "", **{code: default_text(code) for code in sheet_codes()}}
    if unknown := sorted(set(texts) - set(known)):
        raise InvalidSurvey(f"Teksten {unknown[0][:40]!r} finnes ikke. Tekster: {', '.join(known)}.")
    cleaned = {code: text.replace("\r\n", "\n").strip() for code, text in texts.items()}
    survey.sheets = {code: text for code, text in (survey.sheets | cleaned).items() if text and text != known.get(code)}
    survey.save(update_fields=["sheets"])
    return survey


@transaction.atomic
def open_survey(*, survey: Survey) -> Survey:
    """Let the survey be answered between its dates; InvalidSurvey says what a draft still lacks."""
    if survey.status not in {Survey.Status.DRAFT, Survey.Status.CLOSED}:
        raise InvalidSurvey(f"En undersøkelse som er {survey.get_status_display()} kan ikke åpnes.")
    if missing := [lack.text for lack in lacks_of(survey) if lack.is_necessary]:
        raise InvalidSurvey(" ".join(missing))
    return _set_status(survey, Survey.Status.OPEN)


@transaction.atomic
def close_survey(*, survey: Survey) -> Survey:
    """No new pupil joins; what has begun may still be delivered. A draft whose last day is over is an older round's, and closed at once."""
    is_older_round = survey.status == Survey.Status.DRAFT and survey.closes_on < timezone.localdate()
    if survey.status != Survey.Status.OPEN and not is_older_round:
        raise InvalidSurvey(f"En undersøkelse som er {survey.get_status_display()} kan ikke avsluttes.")
    return _set_status(survey, Survey.Status.CLOSED)


@transaction.atomic
def delete_survey(*, survey: Survey) -> Survey:
    """Hide the survey from everybody; restore_survey brings it back until the retention job has removed it."""
    return _set_status(survey, Survey.Status.DELETED)


@transaction.atomic
def restore_survey(*, survey: Survey) -> Survey:
    """Bring a deleted survey back, closed."""
    if survey.status != Survey.Status.DELETED:
        raise InvalidSurvey("Undersøkelsen er ikke slettet.")
    return _set_status(survey, Survey.Status.CLOSED)


def _set_status(survey: Survey, status: Survey.Status) -> Survey:
    survey.status = status
    survey.version += 1
    survey.save(update_fields=["status", "version"])
    return survey


def _require_known_languages(survey: Survey, data: SurveyTemplate) -> None:
    if unknown := [code for code in survey.languages if code not in data.languages]:
        raise InvalidSurvey(f"Malen {data.code!r} har ikke språkene {', '.join(unknown)}. Den har {', '.join(data.languages)}.")
    require_allowed(survey.municipality, survey.languages)


def _add_themes(survey: Survey, data: SurveyTemplate) -> None:
    themes = [
        Theme(survey=survey, code=item.code, position=position, icon=item.icon, colour=item.colour, words=item.words)
        for position, item in enumerate(data.themes)
    ]
    _create(Theme, themes)
    categories = [
        _category(survey, theme, theme_data, category_data, position)
        for theme, theme_data in zip(themes, data.themes, strict=True)
        for position, category_data in enumerate(theme_data.categories)
    ]
    _create(Category, categories)


def _create(model: type[Model], rows: Sequence[Any]) -> None:
    """Store a template's rows in one statement: each field is checked here, what ties rows together by the database.

    full_clean() would ask the database for every constraint of every row: 674 statements for a survey, where 32 do.
    """
    for row in rows:
        row.clean_fields(exclude={"survey", "theme", "category"})
    model._default_manager.bulk_create(rows)


def _category(survey: Survey, theme: Theme, theme_data: ThemeTemplate, data: CategoryTemplate, position: int) -> Category:
    object_type, code_list, official_code = data.official or (theme_data.object_type, theme_data.code_list, data.official_code)
    return Category(
        survey=survey,
        theme=theme,
        code=data.code,
        position=position,
        kind=data.kind,
        object_type=object_type,
        code_list=code_list,
        official_code=official_code,
        modes=data.modes,
        icon=data.icon or data.code,
        colour=data.colour or theme_data.colour,
        words=data.words,
        max_per_response=data.max,
    )


def _add_questions(survey: Survey, data: SurveyTemplate) -> None:
    themes = {theme.code: theme for theme in survey.themes.all()}
    categories = {category.code: category for category in survey.categories.all()}
    questions = [
        Question(
            survey=survey,
            theme=themes[item.theme] if item.theme else None,
            category=categories[item.category] if item.category else None,
            code=item.code,
            position=position,
            type=item.type,
            words=item.words,
            options=item.options,
            rows=item.rows,
            required=item.required,
            is_background=item.is_background,
            min_value=item.min,
            max_value=item.max,
            asked_after=item.asked_after,
            asked_if=item.asked_if,
        )
        for position, item in enumerate(data.questions)
    ]
    _create(Question, questions)
