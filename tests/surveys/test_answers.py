"""Each type of question: what fits, what does not, and where the refusal points."""

from typing import Any

import pytest

from surveys.answers import MAX_TEXT, check_answers
from surveys.errors import InvalidAnswer
from surveys.models import Question

QUESTIONS = [
    Question(code="alene", type="single", options=["ja", "nei"]),
    Question(code="trygghet", type="scale", options=["1", "2", "3", "4", "5"]),
    Question(code="arstid", type="multiple", options=["var", "sommer", "host", "vinter"]),
    Question(code="dager", type="number", min_value=0, max_value=7),
    Question(code="hoyde", type="number"),
    Question(code="ord", type="text"),
    Question(code="ofte", type="matrix", rows=["skogen", "byen"], options=["aldri", "ofte"]),
    Question(code="a/b~c", type="text"),
]


def check(**answers: Any) -> dict[str, Any]:
    """The answers as they are stored."""
    return check_answers(answers, QUESTIONS, pointer="/answers")


@pytest.mark.parametrize(
    ("code", "came", "stored"),
    [
        ("alene", "ja", "ja"),
        ("trygghet", "5", "5"),
        ("arstid", ["vinter", "var"], ["vinter", "var"]),
        ("arstid", ["var", "var"], ["var"]),
        ("arstid", [], []),
        ("dager", 0, 0),
        ("dager", 7, 7),
        ("dager", 2.5, 2.5),
        ("hoyde", -1_000_000, -1_000_000),
        ("ord", "  Mer is! 🍦 ", "Mer is! 🍦"),
        ("ord", "<b>hei</b>", "<b>hei</b>"),
        ("ord", "a" * MAX_TEXT, "a" * MAX_TEXT),
        ("ofte", {"skogen": "ofte", "byen": "aldri"}, {"skogen": "ofte", "byen": "aldri"}),
        ("ofte", {"skogen": "ofte"}, {"skogen": "ofte"}),
        ("ofte", {}, {}),
    ],
)
def test_an_answer_that_fits_its_question_is_kept(code: str, came: Any, stored: Any) -> None:
    assert check(**{code: came}) == {code: stored}


@pytest.mark.parametrize(
    ("code", "came", "pointer"),
    [
        ("alene", "kanskje", "/answers/alene"),
        ("alene", ["ja"], "/answers/alene"),
        ("alene", True, "/answers/alene"),
        ("trygghet", 5, "/answers/trygghet"),
        ("trygghet", "6", "/answers/trygghet"),
        ("arstid", "var", "/answers/arstid"),
        ("arstid", ["var", "jul"], "/answers/arstid/1"),
        ("arstid", ["var"] * 5, "/answers/arstid"),
        ("arstid", [["var"]], "/answers/arstid/0"),
        ("dager", 8, "/answers/dager"),
        ("dager", -1, "/answers/dager"),
        ("dager", "3", "/answers/dager"),
        ("dager", True, "/answers/dager"),
        ("dager", float("nan"), "/answers/dager"),
        ("hoyde", float("nan"), "/answers/hoyde"),
        ("hoyde", float("-inf"), "/answers/hoyde"),
        ("hoyde", 10**400, "/answers/hoyde"),
        ("ord", 5, "/answers/ord"),
        ("ord", "a" * (MAX_TEXT + 1), "/answers/ord"),
        ("ord", "nul\x00", "/answers/ord"),
        ("ord", "halv \ud83c", "/answers/ord"),
        ("ofte", ["ofte"], "/answers/ofte"),
        ("ofte", {"fjellet": "ofte"}, "/answers/ofte"),
        ("ofte", {"byen": "iblant"}, "/answers/ofte/byen"),
        ("ukjent", "ja", "/answers/ukjent"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_at_its_place(code: str, came: Any, pointer: str) -> None:
    with pytest.raises(InvalidAnswer) as refusal:
        check(**{code: came})
    assert refusal.value.pointer == pointer
    assert refusal.value.message


def test_a_refusal_quotes_what_came_and_what_is_allowed() -> None:
    with pytest.raises(InvalidAnswer, match=r"'kanskje' passer ikke. Tillatt: én av ja, nei"):
        check(alene="kanskje")
    with pytest.raises(InvalidAnswer, match="et tall fra 0 til 7"):
        check(dager=9)
    with pytest.raises(InvalidAnswer, match=r"'ukjent' finnes ikke her. Spørsmål: .*alene"):
        check(ukjent=1)
    with pytest.raises(InvalidAnswer, match="Spørsmål: ingen"):
        check_answers({"alene": "ja"}, [], pointer="/answers")


def test_a_long_answer_is_not_sent_back_whole() -> None:
    with pytest.raises(InvalidAnswer) as refusal:
        check(alene="x" * 100_000)
    assert len(refusal.value.message) < 200


def test_null_means_not_answered() -> None:
    assert check(alene=None, dager=3) == {"dager": 3}


def test_a_pointer_escapes_the_code_as_rfc_6901_says() -> None:
    with pytest.raises(InvalidAnswer) as refusal:
        check(**{"a/b~c": 5})
    assert refusal.value.pointer == "/answers/a~1b~0c"
