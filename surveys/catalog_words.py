"""A template's words in further languages: one flat file per language in templates_catalog/words/, for one reader to go through.

    themes.way.label: Geainnut

The keys are made of the template's bokmål words, so that what bokmål has and the file lacks, or the other way round, is seen.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

REFERENCE = "nb"
FOLDER = "words"


def add_languages(template: dict[str, Any], folder: Path) -> None:
    """Put the words of <folder>/words/<template's code>.<language>.yaml into the template, and the language on its list.

    A language whose file lacks a word is left out; ValueError names a key that the template does not have.
    """
    places = dict(_places(template))
    for path in sorted((folder / FOLDER).glob(f"{template['code']}.*.yaml")):
        language = path.stem.rpartition(".")[2]
        texts: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
        if unknown := [key for key in texts if key not in places]:
            raise ValueError(f"{path.name} has words for what the template does not have: {', '.join(unknown)}")
        if not all(str(texts.get(key) or "").strip() for key in places):
            continue
        for key, (words, inside) in places.items():
            _put(words, [language, *inside], texts[key])
        template["languages"].append(language)


def _places(template: dict[str, Any]) -> Iterator[tuple[str, tuple[dict[str, Any], list[str]]]]:
    """Each key with the words it belongs to and where in them."""
    for name, words in _named(template):
        for inside in _leaves(words[REFERENCE]):
            yield ".".join([*name, *inside]), (words, inside)


def _named(template: dict[str, Any]) -> Iterator[tuple[list[str], dict[str, Any]]]:
    yield [], template["words"]
    for code, mode in template["modes"].items():
        yield ["modes", code], mode["words"]
    for theme in template["themes"]:
        yield ["themes", theme["code"]], theme["words"]
        for category in theme["categories"]:
            yield ["categories", category["code"]], category["words"]
    for question in template.get("questions", []):
        yield ["questions", question["code"]], question["words"]


def _leaves(words: Any) -> Iterator[list[str]]:
    if not isinstance(words, dict):
        yield []
        return
    for key, value in words.items():
        for inside in _leaves(value):
            yield [key, *inside]


def _put(words: dict[str, Any], path: list[str], text: str) -> None:
    *way, last = path
    for key in way:
        words = words.setdefault(key, {})
    words[last] = text
