"""Which questions are asked: those without a condition, and those whose earlier question has one of the answers it names. Pure.

static/js/conditions.js says the same on the tablet. Source: docs/decisions/060.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from surveys.models import Question

CHOSEN_FROM = (Question.Type.SINGLE, Question.Type.SCALE, Question.Type.MULTIPLE)
"""The types whose answers are known beforehand, so that a condition can name them."""


def is_asked(question: Question, questions: Mapping[str, Question], answers: Mapping[str, Any]) -> bool:
    """Whether a question is asked of somebody who gave these answers. questions: all of its survey, or of its category, by code.

    A question whose own earlier question is not asked is not asked either; one that names a question which is gone never is.
    """
    seen = set()
    while question.asked_after:
        earlier = questions.get(question.asked_after)
        if earlier is None or earlier.code in seen or not _is_met(question.asked_if, answers.get(earlier.code)):
            return False
        seen.add(earlier.code)
        question = earlier
    return True


def _is_met(wanted: Sequence[str], answer: Any) -> bool:
    given = answer if isinstance(answer, list) else [answer]
    return any(one in wanted for one in given)


def earlier_questions(question: Question, questions: Iterable[Question]) -> list[Question]:
    """Those that a condition of this one may name: asked before it, of a type with known answers, and not retired.

    A mark's questions follow one another on its sheet; a theme's come after those of the themes before; the last ones after all of them.
    """
    place = _place(question)
    return [
        one
        for one in questions
        if one.code != question.code
        and not one.is_retired
        and one.type in CHOSEN_FROM
        and one.category_id == question.category_id
        and _place(one) < place
    ]


def _place(question: Question) -> tuple[float, int]:
    """When it is asked. A question that is not stored yet comes last in its place."""
    step = question.theme.position if question.theme else float("inf")
    return (step, question.position if question.position is not None else 2**31)


def misplaced_conditions(questions: Sequence[Question]) -> list[tuple[Question, Question | None]]:
    """The questions whose condition names none that is asked before them, each with the one it names."""
    by_code = {question.code: question for question in questions}
    asked = [question for question in questions if not question.is_retired and question.asked_after]
    return [
        (question, by_code.get(question.asked_after))
        for question in asked
        if by_code.get(question.asked_after) not in earlier_questions(question, questions)
    ]
