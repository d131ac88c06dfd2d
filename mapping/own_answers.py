"""One's own marks and answers in words, for who comes back with the receipt: no codes, in the order of the survey."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from mapping.models import Mark
from surveys.models import Question, Response
from surveys.models.survey import words_in

Told = tuple[str, str]
"""A question and its answer."""


@dataclass(frozen=True)
class OwnMark:
    """One mark as its maker reads it; number stands beside it on the map."""

    number: int
    theme: str
    label: str
    icon: str
    colour: str
    mode: str
    comment: str
    answers: tuple[Told, ...]
    geometry: GEOSGeometry | None


def told_marks(response: Response, language: str) -> list[OwnMark]:
    """The response's marks, theme by theme."""
    survey = response.survey
    marks = Mark.objects.filter(response=response).select_related("category__theme")
    ordered = sorted(marks, key=lambda mark: (mark.category.theme.position, mark.category.position, str(mark.pk)))
    questions = {question.code: question for question in survey.questions.exclude(category=None)}
    return [
        OwnMark(
            number=number,
            theme=str(words_in(mark.category.theme.words, language, survey.default_language).get("label", "")),
            label=mark.category.label_in(language, survey.default_language),
            icon=mark.category.icon,
            colour=mark.category.colour,
            mode=str(words_in(survey.modes.get(mark.mode, {}).get("words", {}), language, survey.default_language)),
            comment=mark.comment,
            answers=tuple(_told(mark.answers, questions, language, survey.default_language)),
            geometry=mark.geom,
        )
        for number, mark in enumerate(ordered, start=1)
    ]


def told_answers(response: Response, language: str) -> list[Told]:
    """The answers that hang on no mark."""
    questions = {question.code: question for question in response.survey.questions.filter(category=None)}
    return list(_told(response.answers, questions, language, response.survey.default_language))


def _told(answers: dict[str, Any], questions: dict[str, Question], language: str, default: str) -> Iterator[Told]:
    for code, question in questions.items():
        if code in answers:
            words = words_in(question.words, language, default) or {}
            yield str(words.get("label", code)), _in_words(answers[code], words)


def _in_words(value: Any, words: dict[str, Any]) -> str:
    options, rows = words.get("options") or {}, words.get("rows") or {}
    if isinstance(value, list):
        return ", ".join(str(options.get(one, one)) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{rows.get(row, row)}: {options.get(one, one)}" for row, one in value.items())
    return str(options.get(str(value), value))
