"""Themes and categories: added and changed, so that what children have drawn keeps its meaning."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from surveys.errors import InvalidSurvey
from surveys.models import Category, Kind, Survey, Theme
from surveys.official import NONE, OfficialName, official_names
from surveys.services.editing import free_code, has_answers, lock, may_deliver, name_of, refuse_change, require_label, store, told

WAYS = "Barneveg"
"""The official object type of ways, and of nothing else."""


@dataclass(frozen=True, kw_only=True)
class CategoryValues:
    """What a planner says of a category; its code is made of its name, once. words: {"nb": {"label", "prompt"}, …}."""

    theme: Theme
    kind: Kind
    words: dict[str, Any]
    icon: str
    colour: str
    official: OfficialName
    modes: tuple[str, ...]
    max_per_response: int


@transaction.atomic
def add_category(*, survey: Survey, values: CategoryValues) -> Category:
    """A new category, last in its theme. InvalidSurvey says what does not fit, its pointer which field."""
    survey = lock(survey.pk)
    code = free_code(require_label(values.words, survey), survey.categories.values_list("code", flat=True), fallback="kategori")
    category = Category(survey=survey, code=code, position=_after_last(survey.categories.filter(theme=values.theme)))
    return _write(survey, category, values)


@transaction.atomic
def change_category(*, category: Category, values: CategoryValues, drawn_by_one: int) -> Category:
    """The category with other values, as far as the answers allow.

    drawn_by_one: the most marks of it that one response has (mapping.services.most_drawn), below which the limit may not fall.
    """
    survey = lock(category.survey_id)
    before = Category.objects.get(pk=category.pk)
    require_label(values.words, survey)
    if has_answers(survey):
        _require_settled(before, values, survey)
    if values.max_per_response < drawn_by_one:
        raise InvalidSurvey(
            f"Et barn har tegnet {drawn_by_one} av {name_of(before, survey)}, så grensen kan ikke være {values.max_per_response}. "
            f"Velg {drawn_by_one} eller mer.",
            pointer="max_per_response",
        )
    if values.max_per_response < before.max_per_response and may_deliver(survey):
        raise InvalidSurvey(
            f"Noen har svart og kan ha {name_of(before, survey)} på nettbrettet som ikke er sendt ennå, så grensen må være "
            f"{before.max_per_response} eller mer. En uke etter siste økt kan den settes ned.",
            pointer="max_per_response",
        )
    if before.theme_id != values.theme.pk:
        before.position = _after_last(survey.categories.filter(theme=values.theme))
    return _write(survey, before, values)


def _require_settled(before: Category, values: CategoryValues, survey: Survey) -> None:
    name = name_of(before, survey)
    settled = {
        "theme": (before.theme_id, values.theme.pk, "steget"),
        "kind": (before.kind, values.kind, "hva som tegnes"),
        "official": (official_of(before), values.official, "den offisielle koden"),
    }
    for field, (was, wanted, what) in settled.items():
        if was != wanted:
            refusal = refuse_change(what, name)
            raise InvalidSurvey(refusal.message, pointer=field)
    if gone := [code for code in before.modes if code not in values.modes]:
        raise InvalidSurvey(
            f"Noen har svart, så {name} må beholde transportmidlene {', '.join(gone)}. Du kan legge til flere.", pointer="modes"
        )


def _write(survey: Survey, category: Category, values: CategoryValues) -> Category:
    if values.theme.survey_id != survey.pk:
        raise InvalidSurvey("Steget hører til en annen undersøkelse.", pointer="theme")
    if unknown := [code for code in values.modes if code not in survey.modes]:
        raise InvalidSurvey(f"Transportmiddelet {unknown[0]!r} finnes ikke. Velg blant {', '.join(survey.modes)}.", pointer="modes")
    if values.modes and values.kind != Kind.ROUTE:
        raise InvalidSurvey("Bare veger har transportmidler. Ta dem bort, eller velg veg.", pointer="modes")
    known = {*official_names(), NONE, official_of(category)}
    if values.official not in known:
        raise InvalidSurvey("Den offisielle koden finnes ikke i noen mal. Velg en fra listen, eller ingen.", pointer="official")
    if values.official != NONE and (values.official.object_type == WAYS) != (values.kind == Kind.ROUTE):
        raise InvalidSurvey("Kodene for barneveg er for veger, og de andre for steder og områder. Velg en annen kode.", pointer="official")
    category.theme, category.kind, category.words = values.theme, values.kind, values.words
    category.icon, category.colour, category.modes = values.icon, values.colour, list(values.modes)
    category.object_type, category.code_list, category.official_code = values.official
    category.max_per_response = values.max_per_response
    store(category)
    told(survey)
    return category


def official_of(category: Category) -> OfficialName:
    """The category's place in the official vocabulary."""
    return OfficialName(category.object_type, category.code_list, category.official_code)


@transaction.atomic
def add_theme(*, survey: Survey, words: dict[str, Any], icon: str, colour: str) -> Theme:
    """A new step, the last."""
    survey = lock(survey.pk)
    code = free_code(require_label(words, survey), survey.themes.values_list("code", flat=True), fallback="steg")
    theme = Theme(survey=survey, code=code, position=_after_last(survey.themes), words=words, icon=icon, colour=colour)
    store(theme)
    told(survey)
    return theme


@transaction.atomic
def change_theme(*, theme: Theme, words: dict[str, Any], icon: str, colour: str) -> Theme:
    """A step with other words, picture or colour: none of them is in any answer."""
    survey = lock(theme.survey_id)
    require_label(words, survey)
    theme.words, theme.icon, theme.colour = words, icon, colour
    store(theme)
    told(survey)
    return theme


def _after_last(rows: Any) -> int:
    last: int | None = rows.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1
