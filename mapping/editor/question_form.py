"""The form of a question: its words and choices in every language, where it is asked, and of whom. Works without a script."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from mapping.editor.parts_forms import name_in
from mapping.editor.words import HELP, Word, WordsForm, word_field
from surveys.conditions import CHOSEN_FROM
from surveys.models import Question, Survey
from surveys.models.survey import Words
from surveys.services import QuestionValues, free_code

NEW_CHOICES = 4
"""Empty lines for choices that are new; more come when these are saved."""
SETTLED = "Kan ikke endres, for noen har svart. Lag heller et nytt spørsmål, og skjul dette."
ASKED = Word("label", "Spørsmål", 200, needed=True)
CHOICE = Word("choice", "Tekst", 60)
TYPES = [
    ("single", "Ett valg"),
    ("multiple", "Flere valg"),
    ("scale", "Skala; med fem svar vises fjes"),
    ("number", "Tall"),
    ("text", "Egne ord"),
    ("matrix", "Tabell: samme svar for flere rader"),
]


@dataclass(frozen=True)
class ChoiceLine:
    """One line of choices on the page: an option or a row, with its words in each language."""

    name: str
    title: str
    fields: list[BoundField]
    order: BoundField
    removed: BoundField | None


class QuestionForm(WordsForm):
    """A question; what answers have settled is shown and cannot be changed."""

    wanted = (ASKED, HELP)

    def __init__(
        self, *args: Any, survey: Survey, question: Question | None, place: str = "", is_settled: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, survey=survey, words=question.words if question else None, **kwargs)
        self.question = question
        self.is_settled = is_settled
        self.themes = {one.code: one for one in survey.themes.all()}
        self.categories = {one.code: one for one in survey.categories.filter(is_retired=False)}
        self._add_place(place_of(question) if question else place)
        kind = question.type if question else Question.Type.SINGLE.value
        self.fields["type"] = forms.ChoiceField(label="Slags spørsmål", choices=TYPES, initial=kind, widget=forms.RadioSelect)
        for part, codes in self._choices().items():
            for number, code in enumerate([*codes, *(f"+{n}" for n in range(1, NEW_CHOICES + 1))], start=1):
                self._add_choice(part, code, number, is_new=code.startswith("+"))
        self.fields["required"] = forms.BooleanField(label="Må besvares før eleven kan gå videre", required=False)
        self.fields["min_value"] = forms.IntegerField(label="Minste tall", required=False, min_value=-100_000, max_value=100_000)
        self.fields["max_value"] = forms.IntegerField(label="Største tall", required=False, min_value=-100_000, max_value=100_000)
        for name in ("required", "min_value", "max_value"):
            self.fields[name].initial = getattr(question, name, None)
        self._add_conditions()
        if is_settled:
            self.settle("place", SETTLED)
            self.settle("type", SETTLED)

    def _add_place(self, here: str) -> None:
        of_category = [(f"kategori:{code}", name_in(one, self.survey)) for code, one in self.categories.items()]
        if here.startswith("kategori:") and here not in dict(of_category):
            code = here.removeprefix("kategori:")
            # one that is hidden keeps its questions; an address may name one that is gone
            if hidden := self.survey.categories.filter(code=code).first():
                self.categories[code] = hidden
                of_category.append((here, name_in(hidden, self.survey)))
        of_theme = [(f"steg:{code}", name_in(one, self.survey)) for code, one in self.themes.items()]
        choices: list[Any] = [
            ("", "Til slutt, etter alle stegene"),
            ("Etter et steg", of_theme),
            ("Om hvert merke av en kategori", of_category),
        ]
        self.fields["place"] = forms.ChoiceField(label="Hvor stilles det?", choices=choices, initial=here, required=False)

    def _choices(self) -> dict[str, list[str]]:
        """The codes that are there, of options and of rows."""
        return {"options": self.question.options if self.question else [], "rows": self.question.rows if self.question else []}

    def _add_choice(self, part: str, code: str, number: int, *, is_new: bool) -> None:
        for language in self.languages:
            said = str(self.old_words.get(language, {}).get(part, {}).get(code, ""))
            needed = not is_new and language == self.survey.default_language
            self.fields[f"{part}.{code}.{language}"] = word_field(CHOICE, language, said, needed=False)
            self.fields[f"{part}.{code}.{language}"].widget.attrs["data-needed"] = "1" if needed else ""
        order = forms.IntegerField(label="Plass", initial=number, min_value=1, max_value=99, required=False)
        self.fields[f"{part}.{code}.order"] = order
        if not is_new and not self.is_settled:
            self.fields[f"{part}.{code}.removed"] = forms.BooleanField(label="Ta bort", required=False)

    def _add_conditions(self) -> None:
        """Boxes for the answers of every question that one could hang on; the service says when it is asked too late."""
        self.condition_names: list[str] = []
        asked_if = self.question.asked_if if self.question else []
        for other in self.survey.questions.filter(type__in=CHOSEN_FROM, is_retired=False).select_related("theme", "category"):
            if self.question and other.pk == self.question.pk:
                continue
            texts = other.words.get(self.survey.default_language, {}).get("options", {})
            is_here = bool(self.question and self.question.asked_after == other.code)
            name = f"if.{other.code}"
            self.fields[name] = forms.MultipleChoiceField(
                label=name_in(other, self.survey),
                choices=[(code, texts.get(code, code)) for code in other.options],
                initial=asked_if if is_here else [],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=where_asked(other, self.survey),
            )
            self.condition_names.append(name)

    def clean(self) -> dict[str, Any]:
        """Answers of one earlier question only; a choice that has words in other languages has them in the main one."""
        data = super().clean() or {}
        if len([name for name in self.condition_names if data.get(name)]) > 1:
            self.add_error(None, "En betingelse kan gjelde svar på ett spørsmål. Ta bort hakene ved de andre.")
        main = self.survey.default_language
        for part in ("options", "rows"):
            for code in self._codes(part):
                said = [data.get(f"{part}.{code}.{language}") for language in self.languages]
                is_there = not code.startswith("+") or any(said)
                if is_there and not data.get(f"{part}.{code}.removed") and not data.get(f"{part}.{code}.{main}"):
                    self.add_error(f"{part}.{code}.{main}", "Skriv teksten på hovedspråket, eller ta svaret bort.")
        return data

    def _codes(self, part: str) -> list[str]:
        start, end = f"{part}.", ".order"
        return [name[len(start) : -len(end)] for name in self.fields if name.startswith(start) and name.endswith(end)]

    def lines(self, part: str) -> list[ChoiceLine]:
        """The lines of options or rows, for the page."""
        made = []
        for number, code in enumerate(self._codes(part), start=1):
            fields = [self[f"{part}.{code}.{language}"] for language in self.languages]
            removed = self[f"{part}.{code}.removed"] if f"{part}.{code}.removed" in self.fields else None
            title = f"Ny linje {code[1:]}" if code.startswith("+") else f"Linje {number}"
            made.append(ChoiceLine(code, title, fields, self[f"{part}.{code}.order"], removed))
        return made

    def option_lines(self) -> list[ChoiceLine]:
        """The lines of options."""
        return self.lines("options")

    def row_lines(self) -> list[ChoiceLine]:
        """The lines of rows."""
        return self.lines("rows")

    def conditions(self) -> list[BoundField]:
        """The boxes of conditions, for the page."""
        return [self[name] for name in self.condition_names]

    def has_condition(self) -> bool:
        """Whether any of them is ticked."""
        return any(field.value() for field in self.conditions())

    def _chosen(self, part: str, words: Words) -> tuple[str, ...]:
        """The codes of a part in order, its words put into `words`; a new one gets a code out of its text."""
        data = self.cleaned_data
        kept: list[tuple[int, str]] = []
        taken = {code for code in self._codes(part) if not code.startswith("+")}
        texts: dict[str, dict[str, str]] = {language: {} for language in self.languages}
        for place, name in enumerate(self._codes(part), start=1):
            label = data[f"{part}.{name}.{self.survey.default_language}"]
            if data.get(f"{part}.{name}.removed") or not label:
                continue
            code = free_code(label, taken, fallback="svar") if name.startswith("+") else name
            taken.add(code)
            kept.append((data[f"{part}.{name}.order"] or place, code))
            for language in self.languages:
                if text := data[f"{part}.{name}.{language}"]:
                    texts[language][code] = text
        for language, said in texts.items():
            words.setdefault(language, {}).pop(part, None)
            if said:
                words[language][part] = said
        return tuple(code for _, code in sorted(kept, key=lambda one: one[0]))

    def values(self) -> QuestionValues:
        """What was written and chosen, for the service."""
        data = self.cleaned_data
        kind, _, code = data["place"].partition(":")
        words = self.words()
        chosen = next(((name.removeprefix("if."), tuple(data[name])) for name in self.condition_names if data[name]), ("", ()))
        options, rows = self._chosen("options", words), self._chosen("rows", words)
        return QuestionValues(
            theme=self.themes[code] if kind == "steg" else None,
            category=self.categories[code] if kind == "kategori" else None,
            type=Question.Type(data["type"]),
            words={language: said for language, said in words.items() if said},
            options=options,
            rows=rows,
            required=data["required"],
            min_value=data["min_value"],
            max_value=data["max_value"],
            asked_after=chosen[0],
            asked_if=chosen[1],
        )


def place_of(question: Question) -> str:
    """Where a question is asked, as the form's choice."""
    if question.category:
        return f"kategori:{question.category.code}"
    return f"steg:{question.theme.code}" if question.theme else ""


def where_asked(question: Question, survey: Survey) -> str:
    """The same in words."""
    if question.category:
        return f"stilles om hvert merke av «{name_in(question.category, survey)}»"
    return f"stilles etter steget «{name_in(question.theme, survey)}»" if question.theme else "stilles til slutt"
