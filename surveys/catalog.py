"""Survey templates: data files in templates_catalog/, checked when they are read; and the words of the pupils' page and of "Mine svar"."""

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from surveys.catalog_words import add_languages
from surveys.errors import InvalidSurvey

CATALOG_DIR = Path(__file__).resolve().parent / "templates_catalog"
TEXTS_DIR = Path(__file__).resolve().parent / "texts"

PlainWords = dict[str, dict[str, Any]]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ModeTemplate(_Strict):
    """A means of transport."""

    icon: str
    official_code: str
    words: dict[str, str]


class CategoryTemplate(_Strict):
    """One category; `official` is [object type, code list, code], else the theme's type and list count.

    icon: a picture of static/img/categories/; the code names it where nothing else does.
    """

    code: str
    icon: str = ""
    kind: Literal["place", "route", "area"] = "place"
    official: tuple[str, str, str] | None = None
    official_code: str = ""
    modes: list[str] = []
    colour: str | None = None
    max: int = Field(default=10, ge=1)
    words: PlainWords


class ThemeTemplate(_Strict):
    """One step of the pupil's page."""

    code: str
    icon: str
    colour: str
    words: PlainWords
    object_type: str = ""
    code_list: str = ""
    categories: list[CategoryTemplate]


class QuestionTemplate(_Strict):
    """One question; it belongs to a theme, a category, or the end."""

    code: str
    type: Literal["single", "multiple", "text", "scale", "number", "matrix"]
    theme: str | None = None
    category: str | None = None
    options: list[str] = []
    rows: list[str] = []
    required: bool = False
    is_background: bool = False
    min: int | None = None
    max: int | None = None
    asked_after: str = ""
    asked_if: list[str] = []
    words: PlainWords

    def require_choices_in(self, language: str) -> None:
        """ValueError when an option or a row has no words in the language."""
        words = self.words[language]
        for choices, named in ((self.options, words.get("options", {})), (self.rows, words.get("rows", {}))):
            if missing := [choice for choice in choices if not named.get(choice)]:
                raise ValueError(f"question {self.code} has no words in {language} for {', '.join(missing)}")


class SurveyTemplate(_Strict):
    """A whole template file."""

    code: str
    words: PlainWords
    languages: list[str]
    modes: dict[str, ModeTemplate]
    themes: list[ThemeTemplate]
    questions: list[QuestionTemplate] = []

    @model_validator(mode="after")
    def _every_language_is_complete(self) -> "SurveyTemplate":
        named: list[tuple[str, dict[str, Any]]] = [("the template", self.words)]
        named += [(f"mode {code}", mode.words) for code, mode in self.modes.items()]
        for theme in self.themes:
            named.append((f"theme {theme.code}", theme.words))
            named += [(f"category {category.code}", category.words) for category in theme.categories]
        named += [(f"question {question.code}", question.words) for question in self.questions]
        for name, words in named:
            if missing := [language for language in self.languages if not words.get(language)]:
                raise ValueError(f"{name} has no words in {', '.join(missing)}")
        for question in self.questions:
            for language in self.languages:
                question.require_choices_in(language)
        return self


def template_codes() -> list[str]:
    """The codes of the templates there are, in alphabetical order."""
    return sorted(path.stem for path in CATALOG_DIR.glob("*.yaml"))


@cache
def read_template(code: str) -> SurveyTemplate:
    """A template by its code; InvalidSurvey when there is none, or when its file breaks a rule."""
    if code not in template_codes():
        raise InvalidSurvey(f"Malen {code!r} finnes ikke. Velg en av: {', '.join(template_codes())}.")
    try:
        raw = yaml.safe_load((CATALOG_DIR / f"{code}.yaml").read_text(encoding="utf-8"))
        # what a template must have is told by its model, in words; only a sound one has places to put words in
        SurveyTemplate.model_validate(raw)
        add_languages(raw, CATALOG_DIR)
        return SurveyTemplate.model_validate(raw)
    except (ValueError, yaml.YAMLError) as error:
        raise InvalidSurvey(f"Malen {code!r} har en feil: {error}") from error


@cache
def pupil_texts() -> dict[str, dict[str, str]]:
    """The words of the pupil's page per language: {"nb": {key: text}}; a language whose file lacks a word is left out."""
    return _complete_texts("pupil")


@cache
def own_answers_texts() -> dict[str, dict[str, str]]:
    """The words of "Mine svar" per language, in the same way."""
    return _complete_texts("own")


def _complete_texts(page: str) -> dict[str, dict[str, str]]:
    files = {path.stem.removeprefix(f"{page}."): path for path in sorted(TEXTS_DIR.glob(f"{page}.*.yaml"))}
    texts = {language: yaml.safe_load(path.read_text(encoding="utf-8")) for language, path in files.items()}
    return {language: words for language, words in texts.items() if all(str(words.get(key) or "").strip() for key in texts["nb"])}
