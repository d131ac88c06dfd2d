"""Which questions are asked; an answer to one that is not asked is not kept. The same cases as tests/js/conditions.test.js."""

from typing import Any

import pytest

from surveys.answers import check_answers
from surveys.conditions import earlier_questions, is_asked
from surveys.models import Question, Theme

FIRST = Question(code="alone", type="single", options=["yes", "sometimes", "no"], position=0)
SECOND = Question(code="why", type="multiple", options=["far", "cars"], position=1, asked_after="alone", asked_if=["no", "sometimes"])
THIRD = Question(code="who", type="text", position=2, asked_after="why", asked_if=["far"])
ALL = {question.code: question for question in (FIRST, SECOND, THIRD)}


@pytest.mark.parametrize(
    ("question", "answers", "asked"),
    [
        (FIRST, {}, True),
        (SECOND, {}, False),
        (SECOND, {"alone": "yes"}, False),
        (SECOND, {"alone": "sometimes"}, True),
        (THIRD, {"alone": "no", "why": ["cars", "far"]}, True),
        (THIRD, {"alone": "no", "why": ["cars"]}, False),
        (THIRD, {"alone": "yes", "why": ["far"]}, False),
    ],
)
def test_a_question_is_asked_of_who_gave_one_of_the_answers(question: Question, answers: dict[str, Any], asked: bool) -> None:
    assert is_asked(question, ALL, answers) is asked


def test_a_condition_on_a_question_that_is_gone_is_never_met_and_one_on_itself_ends() -> None:
    assert not is_asked(SECOND, {"why": SECOND}, {"alone": "no"})
    itself = Question(code="a", asked_after="a", asked_if=["x"])
    assert not is_asked(itself, {"a": itself}, {"a": "x"})


def test_an_answer_to_a_question_that_was_not_asked_is_left_out_and_a_wrong_one_still_refused() -> None:
    said = {"alone": "yes", "why": ["far"], "who": "Mor"}
    assert check_answers(said, list(ALL.values()), pointer="/answers") == {"alone": "yes"}
    assert check_answers({**said, "alone": "no"}, list(ALL.values()), pointer="/answers") == {**said, "alone": "no"}


def test_only_what_is_asked_before_can_be_a_condition() -> None:
    way, wishes = Theme(pk=1, position=0), Theme(pk=2, position=3)
    of_way = Question(code="w", type="single", theme=way, position=9)
    of_wishes = Question(code="x", type="scale", theme=wishes, position=1)
    last = Question(code="y", type="single", position=0)
    words = Question(code="z", type="text", position=-1)
    of_marks = Question(code="m", type="single", category_id=5, position=0)
    questions = [of_way, of_wishes, last, words, of_marks]
    assert earlier_questions(of_way, questions) == []
    assert earlier_questions(of_wishes, questions) == [of_way], "a step before, though with a later number"
    assert earlier_questions(last, questions) == [of_way, of_wishes]
    assert earlier_questions(Question(code="new", category_id=5), questions) == [of_marks]
