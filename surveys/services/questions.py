"""Questions: added and changed, so that what children have answered keeps its meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from surveys.conditions import earlier_questions
from surveys.errors import InvalidSurvey
from surveys.models import Category, Question, Survey, Theme
from surveys.services.editing import free_code, has_answers, lock, name_of, refuse_change, require_conditions, require_label, store, told

CHOSEN = {Question.Type.SINGLE, Question.Type.MULTIPLE, Question.Type.SCALE, Question.Type.MATRIX}
LEAST_CHOICES = 2


@dataclass(frozen=True, kw_only=True)
class QuestionValues:
    """What a planner says of a question. It is asked in a theme, of a category's marks, or with neither at the end.

    words: {"nb": {"label", "help", "options": {code: text}, "rows": {code: text}}, …}; options and rows: their codes in order.
    asked_if: only who gave one of these answers to the question asked_after is asked.
    """

    theme: Theme | None
    category: Category | None
    type: Question.Type
    words: dict[str, Any]
    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    required: bool = False
    min_value: int | None = None
    max_value: int | None = None
    asked_after: str = ""
    asked_if: tuple[str, ...] = ()


@transaction.atomic
def add_question(*, survey: Survey, values: QuestionValues) -> Question:
    """A new question, last in its place. InvalidSurvey says what does not fit, its pointer which field."""
    survey = lock(survey.pk)
    code = free_code(require_label(values.words, survey), survey.questions.values_list("code", flat=True), fallback="sporsmal")
    last = survey.questions.order_by("-position").values_list("position", flat=True).first()
    return _write(survey, Question(survey=survey, code=code, position=0 if last is None else last + 1), values)


@transaction.atomic
def change_question(*, question: Question, values: QuestionValues) -> Question:
    """The question with other values, as far as the answers allow."""
    survey = lock(question.survey_id)
    before = survey.questions.select_related("theme", "category").get(pk=question.pk)
    require_label(values.words, survey)
    if has_answers(survey):
        _require_settled(before, values, survey)
    _require_named_answers(before, values, survey)
    return _write(survey, before, values)


def _write(survey: Survey, question: Question, values: QuestionValues) -> Question:
    for part, field in ((values.theme, "theme"), (values.category, "category")):
        if part is not None and part.survey_id != survey.pk:
            raise InvalidSurvey(f"{name_of(part, survey)} hører til en annen undersøkelse.", pointer=field)
    _require_choices(values)
    question.theme, question.category, question.type = values.theme, values.category, values.type
    question.words, question.required = values.words, values.required
    question.options = list(values.options) if values.type in CHOSEN else []
    question.rows = list(values.rows) if values.type == Question.Type.MATRIX else []
    is_number = values.type == Question.Type.NUMBER
    question.min_value, question.max_value = (values.min_value, values.max_value) if is_number else (None, None)
    question.asked_after, question.asked_if = values.asked_after, list(values.asked_if)
    _require_condition(question, survey)
    store(question)
    require_conditions(survey)
    told(survey)
    return question


def _require_choices(values: QuestionValues) -> None:
    if values.type in CHOSEN and len(values.options) < LEAST_CHOICES:
        raise InvalidSurvey(f"Et spørsmål av denne typen trenger minst {LEAST_CHOICES} svaralternativer.", pointer="options")
    if values.type == Question.Type.MATRIX and not values.rows:
        raise InvalidSurvey("En tabell trenger minst én rad.", pointer="rows")
    low, high = values.min_value, values.max_value
    if values.type == Question.Type.NUMBER and low is not None and high is not None and low > high:
        raise InvalidSurvey(f"Det minste tallet ({low}) kan ikke være større enn det største ({high}).", pointer="min_value")


def _require_condition(question: Question, survey: Survey) -> None:
    if not question.asked_after and not question.asked_if:
        return
    if not question.asked_after or not question.asked_if:
        raise InvalidSurvey("Velg både et tidligere spørsmål og minst ett av svarene på det.", pointer="asked_after")
    allowed = earlier_questions(question, survey.questions.select_related("theme", "category"))
    earlier = next((one for one in allowed if one.code == question.asked_after), None)
    if earlier is None:
        raise InvalidSurvey(
            "Betingelsen må gjelde et spørsmål med valg som stilles før dette: på det samme merket, i et tidligere steg eller tidligere "
            "i det samme steget.",
            pointer="asked_after",
        )
    if unknown := [code for code in question.asked_if if code not in earlier.options]:
        raise InvalidSurvey(f"{name_of(earlier, survey)} har ikke svaret {unknown[0]!r}.", pointer="asked_after")


def _require_named_answers(before: Question, values: QuestionValues, survey: Survey) -> None:
    """No answer that another question's condition names is taken away."""
    for other in survey.questions.filter(asked_after=before.code):
        if gone := [code for code in other.asked_if if code not in values.options]:
            named = ", ".join(_texts(before, survey, gone))
            raise InvalidSurvey(f"{name_of(other, survey)} stilles etter svaret {named}. Endre betingelsen der først.", pointer="options")


def _require_settled(before: Question, values: QuestionValues, survey: Survey) -> None:
    name = name_of(before, survey)
    settled = {
        "place": ((before.theme, before.category), (values.theme, values.category), "hvor det stilles"),
        "type": (before.type, values.type, "typen"),
    }
    for field, (was, wanted, what) in settled.items():
        if was != wanted:
            raise InvalidSurvey(refuse_change(what, name).message, pointer=field)
    for field, was, kept in (("options", before.options, values.options), ("rows", before.rows, values.rows)):
        if gone := [code for code in was if code not in kept]:
            named = ", ".join(_texts(before, survey, gone, field))
            raise InvalidSurvey(f"Noen har svart, så {named} må være med. Du kan endre teksten og legge til flere.", pointer=field)
    if _is_narrower(before.min_value, values.min_value, -1) or _is_narrower(before.max_value, values.max_value, 1):
        raise InvalidSurvey("Noen har svart, så grensene for tallet kan bare bli videre.", pointer="min_value")
    if not _asks_as_many(before, values):
        raise InvalidSurvey(
            f"Noen har svart, så {name} må stilles til alle som det stilles til nå. Du kan legge til svar i betingelsen eller ta den bort.",
            pointer="asked_after",
        )


def _texts(question: Question, survey: Survey, codes: Sequence[str], of: str = "options") -> list[str]:
    said = question.words.get(survey.default_language, {}).get(of, {})
    return [f"«{said.get(code, code)}»" for code in codes]


def _is_narrower(was: int | None, wanted: int | None, outwards: int) -> bool:
    return wanted is not None and (was is None or (wanted - was) * outwards < 0)


def _asks_as_many(before: Question, values: QuestionValues) -> bool:
    """Whether everybody who was asked still is, so that no answer falls away when a tablet sends it again."""
    if not values.asked_after:
        return True
    return before.asked_after == values.asked_after and set(before.asked_if) <= set(values.asked_if)
