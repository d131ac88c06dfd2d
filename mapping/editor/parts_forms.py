"""Forms of a step and of a category."""

from typing import Any

from django import forms

from mapping.editor.words import LABEL, PROMPT, WordsForm
from surveys.models import Category, Kind, Survey, Theme
from surveys.models.survey import COLOUR
from surveys.official import NONE, OfficialName, category_pictures, official_names, theme_pictures
from surveys.services import CategoryValues, official_of

SETTLED = "Kan ikke endres, for noen har svart. Lag heller en ny kategori, og skjul denne."
MOST = 60
NEW_COLOUR = "#1d4ed8"


def colour_field(colour: str) -> forms.CharField:
    """A colour, as the browser's own picker gives it."""
    widget = forms.TextInput(attrs={"type": "color"})
    return forms.CharField(label="Farge", initial=colour, validators=[COLOUR], widget=widget, help_text="Ring og strek på kartet.")


def picture_field(pictures: dict[str, str], chosen: str) -> forms.ChoiceField:
    """A picture out of a set; one that is in use and of no set is kept."""
    choices = {**pictures, **({chosen: chosen} if chosen and chosen not in pictures else {})}
    errors = {"required": "Velg et bilde."}
    return forms.ChoiceField(label="Bilde", choices=list(choices.items()), initial=chosen, widget=forms.RadioSelect, error_messages=errors)


class ThemeForm(WordsForm):
    """A step of the pupils' page."""

    wanted = (LABEL, PROMPT)

    def __init__(self, *args: Any, survey: Survey, theme: Theme | None, **kwargs: Any) -> None:
        super().__init__(*args, survey=survey, words=theme.words if theme else None, **kwargs)
        self.fields["icon"] = picture_field(theme_pictures(), theme.icon if theme else "")
        self.fields["colour"] = colour_field(theme.colour if theme else NEW_COLOUR)


class CategoryForm(WordsForm):
    """A category; what answers have settled is shown and cannot be changed."""

    wanted = (LABEL, PROMPT)

    def __init__(
        self, *args: Any, survey: Survey, category: Category | None, theme: str = "", is_settled: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, survey=survey, words=category.words if category else None, **kwargs)
        themes = {one.code: one for one in survey.themes.all()}
        self.themes = themes
        here = category.theme.code if category else theme
        steps = [(code, name_in(one, survey)) for code, one in themes.items()]
        self.fields["theme"] = forms.ChoiceField(label="Steg", choices=steps, initial=here)
        kinds = [("place", "Et sted: ett trykk"), ("route", "En veg: en strek"), ("area", "Et område: en ring rundt")]
        kind = category.kind if category else Kind.PLACE.value
        self.fields["kind"] = forms.ChoiceField(label="Hva tegner elevene?", choices=kinds, initial=kind, widget=forms.RadioSelect)
        self.fields["icon"] = picture_field(category_pictures(), category.icon if category else "")
        start = category.colour if category else themes[here].colour if here in themes else NEW_COLOUR
        self.fields["colour"] = colour_field(start)
        self.fields["official"] = _official_field(official_of(category) if category else NONE)
        self.modes = _modes_in_order(survey, category)
        self.fields["modes"] = forms.MultipleChoiceField(
            label="Transportmidler å velge mellom, for veger",
            choices=[(code, survey.modes[code]["words"].get(survey.default_language, code)) for code in self.modes],
            initial=category.modes if category else [],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["max_per_response"] = forms.IntegerField(
            label="Så mange kan én elev tegne",
            min_value=1,
            max_value=MOST,
            initial=category.max_per_response if category else 10,
            help_text=f"Fra 1 til {MOST}. Er noe tegnet, kan grensen ikke settes lavere enn det.",
        )
        if is_settled:
            for name in ("theme", "kind", "official"):
                self.settle(name, SETTLED)
            self.fields["modes"].help_text = "Du kan legge til. De som er valgt, må være med, for noen har svart."

    def values(self) -> CategoryValues:
        """What was chosen, for the service."""
        data = self.cleaned_data
        return CategoryValues(
            theme=self.themes[data["theme"]],
            kind=Kind(data["kind"]),
            words=self.words(),
            icon=data["icon"],
            colour=data["colour"],
            official=OfficialName(*data["official"].split("|")) if data["official"] else NONE,
            modes=tuple(code for code in self.modes if code in data["modes"]),
            max_per_response=data["max_per_response"],
        )


def _modes_in_order(survey: Survey, category: Category | None) -> list[str]:
    """The survey's means of transport, those of the category first; the database keeps no order of them, the categories do."""
    others = survey.categories.exclude(modes=[]).values_list("modes", flat=True)
    ordered = dict.fromkeys([*(category.modes if category else []), *(code for modes in others for code in modes), *survey.modes])
    return [code for code in ordered if code in survey.modes]


def name_in(part: Any, survey: Survey) -> str:
    """A part's name in the survey's main language."""
    words: dict[str, Any] = part.words.get(survey.default_language) or next(iter(part.words.values()), {})
    return str(words.get("label") or part.code)


def _official_field(chosen: OfficialName) -> forms.ChoiceField:
    names = dict.fromkeys([*official_names(), *([chosen] if chosen != NONE else [])])
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        groups.setdefault(name.object_type or name.code_list, []).append(("|".join(name), name.code))
    choices: list[Any] = [("", "Ingen: den er vår egen"), *groups.items()]
    return forms.ChoiceField(
        label="Offisiell kode (Geonorge)",
        choices=choices,
        initial="" if chosen == NONE else "|".join(chosen),
        required=False,
        help_text="Med en kode kan svarene leveres etter den nasjonale produktspesifikasjonen. Koden «skoleveg» gjør at den enden som er "
        "ved skolen, ikke kuttes.",
    )
