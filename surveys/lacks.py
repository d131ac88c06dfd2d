"""What a survey lacks: each with where it is mended, and whether it can be opened without."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils import timezone

from surveys.conditions import CHOSEN_FROM, misplaced_conditions
from surveys.languages import allowed_languages, known_languages, missing_words
from surveys.models import Category, Question, Survey, Theme
from surveys.models.survey import words_in
from surveys.sheets import CONTACT

MOST_NAMED = 5
Place = Literal["content", "rules", "area", "classes", "schools", "languages", "sheets"]


@dataclass(frozen=True)
class Lack:
    """One thing that is missing or does not fit. place: the page that mends it; is_necessary: the survey is not opened without it."""

    text: str
    place: Place
    is_necessary: bool = False


def lacks_of(survey: Survey) -> list[Lack]:
    """All that a survey lacks, what is necessary first; empty when it is ready."""
    found = [*_to_draw(survey), *_of_schools(survey), *_of_dates(survey), *_of_words(survey), *_of_questions(survey), *_of_letters(survey)]
    return sorted(found, key=lambda lack: not lack.is_necessary)


def _to_draw(survey: Survey) -> Iterator[Lack]:
    categories = Category.objects.filter(survey=survey, is_retired=False)
    if not categories.exists():
        yield Lack("Undersøkelsen har ingen kategorier ennå.", "content", is_necessary=True)
        return
    for theme in survey.themes.exclude(pk__in=categories.values("theme")):
        yield Lack(f"Steget «{_name(theme.words, survey, theme.code)}» har ingen kategorier, så elevene ser det ikke.", "content")
    for category in categories.filter(kind="route", modes=[]):
        yield Lack(f"Vegen «{category.label_in('nb')}» har ingen transportmidler å velge mellom.", "content")


def _of_schools(survey: Survey) -> Iterator[Lack]:
    schools = list(survey.schools.all())
    if not schools:
        yield Lack("Undersøkelsen har ingen skoler ennå.", "schools", is_necessary=True)
    for school in schools:
        if not survey.study_area.covers(school.location):
            yield Lack(f"{school} ligger utenfor området, så elevene der begynner på et sted de ikke kan tegne.", "area")
    if not survey.class_groups.exists():
        yield Lack("Ingen klasser er lagt til ennå. Lærerne ser undersøkelsen når klassen deres er med.", "classes")


def _of_dates(survey: Survey) -> Iterator[Lack]:
    if survey.closes_on < timezone.localdate():
        yield Lack(f"Undersøkelsen lukket {survey.closes_on:%d.%m.%Y}. Velg nye datoer.", "rules", is_necessary=True)


def _of_words(survey: Survey) -> Iterator[Lack]:
    parts: list[Theme | Category | Question] = [*survey.themes.all(), *survey.categories.all(), *survey.questions.all()]
    default = survey.default_language
    nameless = [part.code for part in parts if not (part.words.get(default) or {}).get("label")]
    if nameless:
        yield Lack(f"Mangler navn på hovedspråket: {_listed(nameless)}.", "content", is_necessary=True)
    for code in survey.languages:
        language = known_languages()[code]
        if code not in allowed_languages(survey.municipality):
            yield Lack(f"{language.norwegian} er slått av i kommunen, så elevene ser det ikke.", "languages")
        elif missing := missing_words(survey, parts, code):
            yield Lack(f"Elevene ser ikke {language.norwegian} før ordene er der: {_listed(missing)}.", "content")


def _of_questions(survey: Survey) -> Iterator[Lack]:
    questions = list(survey.questions.select_related("theme", "category"))
    by_code = {question.code: question for question in questions}
    misplaced = [question for question, _ in misplaced_conditions(questions)]
    for question in questions:
        earlier = by_code.get(question.asked_after)
        is_met = earlier is None or earlier.type not in CHOSEN_FROM or set(question.asked_if) & set(earlier.options)
        if question in misplaced or not is_met:
            yield Lack(f"«{_label(question, survey)}» stilles aldri, for betingelsen passer ikke lenger.", "content")


def _of_letters(survey: Survey) -> Iterator[Lack]:
    if not survey.sheets.get(CONTACT):
        yield Lack("Brevet til foresatte mangler kontakt i kommunen.", "sheets")


def _label(question: Question, survey: Survey) -> str:
    return _name(question.words, survey, question.code)


def _name(words: dict[str, dict[str, str]], survey: Survey, code: str) -> str:
    return str((words_in(words, survey.default_language, survey.default_language) or {}).get("label") or code)


def _listed(names: list[str]) -> str:
    more = f" og {len(names) - MOST_NAMED} til" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
