"""Fields for words: one for each language of the survey, the main one first and needed."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from surveys.languages import known_languages
from surveys.models import Survey
from surveys.models.survey import Words


@dataclass(frozen=True)
class Word:
    """One word of a part: its key in the words, what it is called, and how long it may be. Long ones get a box of two lines."""

    key: str
    label: str
    longest: int
    help_text: str = ""
    needed: bool = False


LABEL = Word("label", "Navn", 60, "Det elevene ser på knappen.", needed=True)
PROMPT = Word("prompt", "Spørsmål eller oppfordring", 300, "Det som står over kartet og kan leses høyt.")
HELP = Word("help", "Hjelpetekst", 300, "Under spørsmålet, med liten skrift.")


def editing_languages(survey: Survey) -> list[str]:
    """The languages that words are written in: the survey's main one, then its others in the order they are offered."""
    others = [code for code in known_languages() if code in survey.languages and code != survey.default_language]
    return [survey.default_language, *others]


def word_field(word: Word, language: str, initial: str, *, needed: bool) -> forms.CharField:
    """The field of one word in one language."""
    known = known_languages()[language]
    attrs = {"lang": language, "dir": known.direction}
    widget = forms.TextInput(attrs=attrs) if word.longest <= LABEL.longest else forms.Textarea(attrs={**attrs, "rows": 2})
    label = f"{word.label}, {known.norwegian}"
    errors = {"required": f"Skriv {word.label.lower()} på {known.norwegian}."}
    return forms.CharField(label=label, max_length=word.longest, required=needed, initial=initial, widget=widget, error_messages=errors)


class WordsForm(forms.Form):
    """A form with words in every language of a survey."""

    wanted: tuple[Word, ...] = ()

    def __init__(self, *args: Any, survey: Survey, words: Words | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey
        self.languages = editing_languages(survey)
        self.old_words: Words = words or {}
        for word in self.wanted:
            for language in self.languages:
                needed = word.needed and language == survey.default_language
                said = str(self.old_words.get(language, {}).get(word.key, ""))
                self.fields[f"{word.key}_{language}"] = word_field(word, language, said, needed=needed)

    def word_rows(self) -> list[tuple[Word, list[BoundField]]]:
        """Each word with its fields, for the page."""
        return [(word, [self[f"{word.key}_{language}"] for language in self.languages]) for word in self.wanted]

    def words(self) -> Words:
        """What was written, in place of what was there; what this form does not ask for, and other languages, stay."""
        made: Words = {language: dict(said) for language, said in self.old_words.items()}
        for language in self.languages:
            said = made.setdefault(language, {})
            for word in self.wanted:
                text = self.cleaned_data[f"{word.key}_{language}"].strip()
                said.pop(word.key, None)
                if text:
                    said[word.key] = text
        return {language: said for language, said in made.items() if said}

    def settle(self, name: str, why: str) -> None:
        """Show a field that answers have settled, without letting it be changed."""
        self.fields[name].disabled = True
        self.fields[name].help_text = why
