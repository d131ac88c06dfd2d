"""The parts of a survey as rows: moved up and down, taken out of use and back, and deleted while nobody has answered."""

from typing import Any, TypeVar

from django.db import transaction

from surveys.errors import InvalidSurvey
from surveys.models import Category, Question, Survey, Theme
from surveys.services.editing import has_answers, lock, name_of, require_conditions, told

Part = Theme | Category | Question
AnyPart = TypeVar("AnyPart", bound=Part)


@transaction.atomic
def move_part(*, part: Part, step: int) -> Part:
    """Move a theme, category or question one place up (-1) or down (1) among those beside it; at the edge nothing happens."""
    survey, part = _locked(part)
    beside = _beside(part)
    here = next(index for index, one in enumerate(beside) if one.pk == part.pk)
    there = here + step
    if not 0 <= there < len(beside):
        return part
    # the places that these rows hold, dealt out anew: rows elsewhere keep theirs
    positions = _distinct(sorted(one.position for one in beside))
    beside[here], beside[there] = beside[there], beside[here]
    for one, position in zip(beside, positions, strict=True):
        one.position = position
    type(part)._default_manager.bulk_update(beside, ["position"])
    require_conditions(survey)
    told(survey)
    moved: Part = beside[there]
    return moved


@transaction.atomic
def retire_part(*, part: Category | Question) -> Category | Question:
    """Take a category or question out of use: no pupil is offered it any more; what was answered stays, and is shown.

    InvalidSurvey when another question's condition names it, or when nothing would be left to draw in an open survey.
    """
    survey, part = _locked(part)
    part.is_retired = True
    part.save(update_fields=["is_retired"])
    require_conditions(survey)
    if survey.status == Survey.Status.OPEN and not survey.categories.filter(is_retired=False).exists():
        raise InvalidSurvey("Undersøkelsen er åpen og må ha minst én kategori. Avslutt den først, eller legg til en annen kategori.")
    told(survey)
    return part


@transaction.atomic
def bring_back_part(*, part: Category | Question) -> Category | Question:
    """Take a part into use again, where it was; InvalidSurvey when its condition does not fit there any more."""
    survey, part = _locked(part)
    part.is_retired = False
    part.save(update_fields=["is_retired"])
    require_conditions(survey)
    told(survey)
    return part


@transaction.atomic
def delete_part(*, part: Part) -> None:
    """Delete for good what nobody can have answered; InvalidSurvey says what may be done instead."""
    survey, part = _locked(part)
    name = name_of(part, survey)
    if isinstance(part, Theme):
        if part.categories.exists() or part.questions.exists():
            raise InvalidSurvey(f"Steget {name} har kategorier eller spørsmål. Flytt eller slett dem først.")
    elif has_answers(survey):
        raise InvalidSurvey(f"Noen har svart, så {name} kan ikke slettes. Skjul det: elevene ser det ikke mer, og svarene blir.")
    if isinstance(part, Category) and part.questions.exists():
        raise InvalidSurvey(f"{name} har egne spørsmål. Slett dem først.")
    type(part)._default_manager.filter(pk=part.pk).delete()
    require_conditions(survey)
    told(survey)


def _locked(part: AnyPart) -> tuple[Survey, AnyPart]:
    """The survey, locked, and the part as it is now; InvalidSurvey when somebody else has deleted it meanwhile."""
    survey = lock(part.survey_id)
    now: Any = type(part)._default_manager.filter(pk=part.pk).first()
    if now is None:
        raise InvalidSurvey("Noen andre har slettet det i mellomtida. Last siden på nytt.")
    return survey, now


def _beside(part: Part) -> list[Any]:
    """Those among which a part has its place, in order; retired ones keep theirs."""
    if isinstance(part, Theme):
        return list(Theme.objects.filter(survey=part.survey_id))
    if isinstance(part, Category):
        return list(Category.objects.filter(theme=part.theme_id).order_by("position", "pk"))
    asked = Question.objects.filter(survey=part.survey_id, theme=part.theme_id, category=part.category_id)
    return list(asked.order_by("position", "pk"))


def _distinct(positions: list[int]) -> list[int]:
    """Ascending without two alike, which the admin may have made."""
    made: list[int] = []
    for position in positions:
        made.append(max(position, made[-1] + 1) if made else position)
    return made
