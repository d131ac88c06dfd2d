"""Every word and picture that the pupils' page asks for is there, in every language."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from surveys.catalog import pupil_texts, read_template, template_codes
from surveys.seats import seat

STATIC = Path(settings.BASE_DIR) / "static"
JS = STATIC / "js"
SCRIPTS = [*sorted((JS / "pupil").glob("*.js")), JS / "pages" / "pupil.js", *sorted((JS / "modes").glob("*.js"))]

# Keys made of parts in the scripts, and the parts they are made of.
PARTS = {
    "save.": ["safe", "saving", "tablet", "memory"],
    "undone.": ["add", "change", "move", "shape", "remove", "answer", "point"],
    "redone.": ["add", "change", "move", "shape", "remove", "answer", "point"],
    "refuse.": ["closer", "outside", "far", "short", "few"],
    "list.ask.": ["place", "route", "area"],
    "where.": ["n", "ne", "e", "se", "s", "sw", "w", "nw"],
    "aim.": ["up", "down", "left", "right"],
}


def _symbols(sprite: Path) -> set[str]:
    return set(re.findall(r'<symbol id="([^"]+)"', sprite.read_text(encoding="utf-8")))


PICTURES = _symbols(STATIC / "img" / "pictures.svg")
ICONS = _symbols(next((STATIC / "vendor").glob("lucide-static-*")) / "sprite.svg")


def test_every_language_has_the_same_words() -> None:
    texts = pupil_texts()
    assert set(texts) >= {"nb", "nn", "en"}
    assert len({frozenset(words) for words in texts.values()}) == 1
    assert all(text.strip() for words in texts.values() for text in words.values())


def test_places_in_sentences_are_the_same_in_every_language() -> None:
    texts = pupil_texts()
    for key, text in texts["nb"].items():
        for language, words in texts.items():
            assert set(re.findall(r"\{\w+\}", words[key])) == set(re.findall(r"\{\w+\}", text)), f"{key} in {language}"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_key_that_a_script_names_is_a_text(script: Path) -> None:
    known = pupil_texts()["nb"]
    code = script.read_text(encoding="utf-8")
    named = set(re.findall(r'\bt\(\s*"([a-z_.]+)"', code))
    named |= {key for _, key in re.findall(r'\b(title|text|action): "([a-z_]+\.[a-z_]+)"', code)}
    assert not {key for key in named if key not in known}


def test_keys_made_of_parts_are_texts() -> None:
    known = pupil_texts()["nb"]
    assert not [f"{start}{part}" for start, parts in PARTS.items() for part in parts if f"{start}{part}" not in known]


@pytest.mark.parametrize("code", template_codes())
def test_everything_in_a_template_has_a_picture(code: str) -> None:
    survey = read_template(code)
    wanted = {f"themes-{theme.icon}" for theme in survey.themes}
    wanted |= {category.code for theme in survey.themes for category in theme.categories}
    wanted |= {mode.icon for mode in survey.modes.values()}
    assert wanted <= PICTURES


def test_every_seat_has_its_animal() -> None:
    assert all((STATIC / "img" / "seats" / f"{seat(number).animal}.svg").is_file() for number in range(400))


def test_every_icon_and_picture_that_a_script_names_is_in_its_sprite() -> None:
    code = "\n".join(script.read_text(encoding="utf-8") for script in SCRIPTS)
    icons = set(re.findall(r'\b(?:icon\(|icon: )"([a-z0-9-]+)"', code))
    icons |= set(re.findall(r'iconButton\([^"]*?\([^)]*\), "([a-z0-9-]+)"', code))
    assert icons
    assert icons <= ICONS
    pictures = set(re.findall(r'\bpicture(?:\(|: )"([a-z0-9-]+)"', code))
    assert pictures
    assert pictures <= PICTURES
