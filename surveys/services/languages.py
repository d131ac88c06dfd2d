"""The languages of a survey, as its planner chooses them."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from surveys.catalog import SurveyTemplate, read_template, template_codes
from surveys.errors import InvalidSurvey
from surveys.languages import DRAFT, allowed_languages, complete_languages, known_languages, missing_words
from surveys.models import Category, Municipality, Question, Survey, Theme
from surveys.models.survey import Words

MOST_NAMED = 5


def require_allowed(municipality: Municipality, languages: Iterable[str]) -> None:
    """InvalidSurvey names the first language that is unknown, lacks words on the pupils' page, or is a draft that is not turned on."""
    for code in languages:
        language = known_languages().get(code)
        if language is None:
            raise InvalidSurvey(f"Språket {code!r} finnes ikke. Velg blant {', '.join(known_languages())}.")
        if code not in complete_languages():
            raise InvalidSurvey(f"Elevsida mangler ord på {language.norwegian}, så språket kan ikke velges.")
        if code not in allowed_languages(municipality):
            raise InvalidSurvey(
                f"{language.name} ({language.norwegian}) er slått av i {municipality}. {DRAFT}. En operatør kan slå det på for kommunen."
            )


@transaction.atomic
def set_survey_languages(*, survey: Survey, languages: list[str]) -> Survey:
    """Offer the survey in these languages; words it lacks are taken from its template where they still fit.

    InvalidSurvey says why a language cannot be had; then nothing is changed.
    """
    if survey.default_language not in languages:
        raise InvalidSurvey(f"Hovedspråket {known_languages()[survey.default_language].name} må være med.")
    require_allowed(survey.municipality, languages)
    themes = list(survey.themes.all())
    categories = list(survey.categories.all())
    questions = list(survey.questions.all())
    # a title is a name, which is the same in every language until somebody writes another
    survey.title = {**{code: survey.title_in(code) for code in languages}, **survey.title}
    if survey.template in template_codes():
        _fill_from_template(survey, themes, categories, questions)
    for code in languages:
        if missing := missing_words(survey, [*themes, *categories, *questions], code):
            more = f" og {len(missing) - MOST_NAMED} til" if len(missing) > MOST_NAMED else ""
            named = ", ".join(missing[:MOST_NAMED]) + more
            raise InvalidSurvey(f"Undersøkelsen mangler ord på {known_languages()[code].norwegian} for {named}.")
    survey.languages = [code for code in known_languages() if code in languages]
    survey.version += 1
    survey.save(update_fields=["title", "modes", "languages", "version"])
    Theme.objects.bulk_update(themes, ["words"])
    Category.objects.bulk_update(categories, ["words"])
    Question.objects.bulk_update(questions, ["words"])
    return survey


def _fill_from_template(survey: Survey, themes: list[Theme], categories: list[Category], questions: list[Question]) -> None:
    """Add the languages that the template has got since the survey was made, to what still says what the template says."""
    template = read_template(survey.template)
    words = _words_of(template)
    for kind, parts in (("theme", themes), ("category", categories), ("question", questions)):
        for part in parts:
            part.words = _filled(part.words, words.get((kind, part.code), {}), survey.default_language)
    for code, mode in survey.modes.items():
        if code in template.modes:
            mode["words"] = _filled(mode["words"], dict(template.modes[code].words), survey.default_language)


def _filled(own: dict[str, Any], template: dict[str, Any], default: str) -> dict[str, Any]:
    return {**template, **own} if own.get(default) == template.get(default) else own


def _words_of(template: SurveyTemplate) -> dict[tuple[str, str], Words]:
    words = {("theme", theme.code): theme.words for theme in template.themes}
    words |= {("category", category.code): category.words for theme in template.themes for category in theme.categories}
    return words | {("question", question.code): question.words for question in template.questions}
