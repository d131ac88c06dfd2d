"""What every change of a survey's parts has in common: the survey is locked, what is answered keeps its meaning, the tablets are told."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone

from surveys.conditions import misplaced_conditions
from surveys.errors import InvalidSurvey
from surveys.models import Category, Question, Survey, Theme
from surveys.models.survey import words_in

LONGEST_CODE = 32
INSTEAD = "Legg til noe nytt ved siden av, og skjul dette."
"""What can be done where answers forbid a change."""
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŋ": "n", "ŧ": "t"})


def lock(survey_id: Any) -> Survey:
    """The survey, for this transaction alone: a child who joins meanwhile waits, or has joined before we look for answers."""
    survey: Survey = Survey.objects.select_for_update().select_related("municipality").get(pk=survey_id)
    if survey.status == Survey.Status.DELETED:
        raise InvalidSurvey("Undersøkelsen er slettet og kan ikke endres.")
    return survey


def has_answers(survey: Survey) -> bool:
    """Whether anybody has joined: from then on tablets may hold what the server has not seen yet."""
    return survey.responses.exists()


def may_deliver(survey: Survey) -> bool:
    """Whether a tablet may still deliver what it has drawn by the rules of before: what it holds, nobody here can count."""
    return survey.responses.filter(writable_until__gte=timezone.now()).exists()


def told(survey: Survey) -> Survey:
    """Tell the tablets that the survey is another."""
    survey.version += 1
    survey.save(update_fields=["version"])
    return survey


def store(row: Model) -> None:
    """Save a row that keeps its rules; InvalidSurvey says which it breaks."""
    try:
        row.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise InvalidSurvey(" ".join(messages), pointer="" if field == "__all__" else field) from error
    row.save()


def free_code(label: str, taken: Iterable[str], *, fallback: str) -> str:
    """A code out of a label, such as "mork_sti" out of "Mørk sti", that none of the others has. It is settled for ever."""
    plain = unicodedata.normalize("NFKD", label.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()
    word = re.sub(r"[^a-z0-9]+", "_", plain).strip("_").lstrip("0123456789_")[:LONGEST_CODE].rstrip("_") or fallback
    used = set(taken)
    candidates = [word, *(f"{word}_{number}" for number in range(2, len(used) + 3))]
    return next(code for code in candidates if code not in used)


def name_of(part: Theme | Category | Question, survey: Survey) -> str:
    """What a planner calls a part of the survey."""
    words = words_in(part.words, survey.default_language, survey.default_language) or {}
    return f"«{words.get('label') or part.code}»"


def require_label(words: dict[str, Any], survey: Survey) -> str:
    """The label in the survey's default language; InvalidSurvey when it has none."""
    label = str(words.get(survey.default_language, {}).get("label") or "").strip()
    if not label:
        raise InvalidSurvey("Skriv et navn på hovedspråket.", pointer=f"label_{survey.default_language}")
    return label


def require_conditions(survey: Survey) -> None:
    """InvalidSurvey when a question's condition names one that is not asked before it any more."""
    questions = list(survey.questions.select_related("theme", "category"))
    for question, earlier in misplaced_conditions(questions):
        named = name_of(earlier, survey) if earlier else "et spørsmål som ikke finnes"
        raise InvalidSurvey(
            f"{name_of(question, survey)} stilles bare etter visse svar på {named}, og må komme etter det. Endre betingelsen først.",
            pointer="asked_after",
        )


def refuse_change(what: str, name: str) -> InvalidSurvey:
    """The refusal of a change that would give answers another meaning."""
    return InvalidSurvey(f"Noen har svart, så {what} for {name} kan ikke endres. {INSTEAD}")
