"""Whether answers fit their questions: pure, knows the question's type, options and limits."""

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from surveys.conditions import is_asked
from surveys.errors import InvalidAnswer
from surveys.models import Question
from surveys.plain_text import clean_text

MAX_TEXT = 1000

_LARGEST = 1e12


def check_answers(answers: dict[str, Any], questions: Sequence[Question], *, pointer: str) -> dict[str, Any]:
    """The answers as they will be stored, {question code: value}; null answers are left out, and those to questions that were not asked.

    The latter are no mistake: a child who goes back and answers the first question otherwise has answered the second all the same, and
    the tablet keeps that for when the child goes back again.
    InvalidAnswer names the first answer that fits no question, or not its own, by JSON pointer below `pointer`.
    """
    known = {question.code: question for question in questions}
    checked = {}
    for code, value in answers.items():
        place = f"{pointer}/{code.replace('~', '~0').replace('/', '~1')}"
        question = known.get(code)
        if question is None:
            allowed = ", ".join(sorted(known)) or "ingen"
            raise InvalidAnswer(f"Spørsmålet {code[:40]!r} finnes ikke her. Spørsmål: {allowed}.", pointer=place)
        if value is not None:
            checked[code] = _CHECKS[Question.Type(question.type)](question, value, place)
    return {code: value for code, value in checked.items() if is_asked(known[code], known, checked)}


def _refuse(value: Any, allowed: str, place: str) -> NoReturn:
    raise InvalidAnswer(f"Svaret {str(value)[:60]!r} passer ikke. Tillatt: {allowed}.", pointer=place)


def _single(question: Question, value: Any, place: str) -> str:
    if not isinstance(value, str) or value not in question.options:
        _refuse(value, "én av " + ", ".join(question.options), place)
    return value


def _multiple(question: Question, value: Any, place: str) -> list[str]:
    if not isinstance(value, list) or len(value) > len(question.options):
        _refuse(value, "en liste av " + ", ".join(question.options), place)
    chosen = [_single(question, item, f"{place}/{index}") for index, item in enumerate(value)]
    return list(dict.fromkeys(chosen))


def _text(question: Question, value: Any, place: str) -> str:
    return clean_text(value, max_length=MAX_TEXT, at=place) or ""


def _number(question: Question, value: Any, place: str) -> int | float:
    low, high = question.min_value, question.max_value
    # NaN compares false with everything, so it must fail a comparison rather than pass one
    fits = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST
    if not fits or (low is not None and value < low) or (high is not None and value > high):
        _refuse(value, f"et tall fra {low if low is not None else '…'} til {high if high is not None else '…'}", place)
    return value  # type: ignore[no-any-return]  # narrowed by fits


def _matrix(question: Question, value: Any, place: str) -> dict[str, str]:
    if not isinstance(value, dict) or not set(value) <= set(question.rows):
        _refuse(value, "et svar per rad: " + ", ".join(question.rows), place)
    return {row: _single(question, choice, f"{place}/{row}") for row, choice in value.items()}


_CHECKS: dict[Question.Type, Callable[[Question, Any, str], Any]] = {
    Question.Type.SINGLE: _single,
    Question.Type.SCALE: _single,
    Question.Type.MULTIPLE: _multiple,
    Question.Type.TEXT: _text,
    Question.Type.NUMBER: _number,
    Question.Type.MATRIX: _matrix,
}
