"""Every word and picture that the pupils' page asks for is there, in every language."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from surveys.catalog import TEXTS_DIR, pupil_texts, read_template, template_codes
from surveys.languages import complete_languages, known_languages
from surveys.seats import seat, seat_languages

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


LANGUAGES = sorted(known_languages())


def _raw(language: str) -> dict[str, str]:
    """The file itself: pupil_texts() would leave out what is incomplete, and so say nothing about it."""
    words: dict[str, str] = yaml.safe_load((TEXTS_DIR / f"pupil.{language}.yaml").read_text(encoding="utf-8"))
    return words


def _fillings(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w+\}", text))


def test_every_file_of_words_is_a_language_that_is_known() -> None:
    assert sorted(path.stem.removeprefix("pupil.") for path in TEXTS_DIR.glob("pupil.*.yaml")) == LANGUAGES
    assert sorted(read_template("barnetrakk").languages) == LANGUAGES
    assert sorted(complete_languages()) == sorted(seat_languages()) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_and_none_that_is_not_used(language: str) -> None:
    words, bokmal = _raw(language), _raw("nb")
    assert sorted(words) == sorted(bokmal)
    assert [key for key, text in words.items() if not isinstance(text, str) or not text.strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_in_sentences_and_the_number_of_ready_sentences_are_the_same(language: str) -> None:
    words, bokmal = _raw(language), _raw("nb")
    assert {key: _fillings(text) for key, text in words.items()} == {key: _fillings(text) for key, text in bokmal.items()}
    assert {key: text.count("|") for key, text in words.items()} == {key: text.count("|") for key, text in bokmal.items()}


@pytest.mark.parametrize("language", ["se", "uk", "ar"])
def test_a_draft_is_written_in_its_own_language(language: str) -> None:
    """A sentence left in Norwegian or English would count as there, and be read to a child who understands neither."""
    words = _raw(language)
    same = {key for key, text in words.items() for other in ("nb", "nn", "en") if text == _raw(other)[key]}
    assert same == set()
    if language != "se":
        script = {"uk": r"[\u0400-\u04ff]", "ar": r"[\u0600-\u06ff]"}[language]
        assert [key for key, text in words.items() if not re.search(script, text)] == []


# {n} that is an ordinal or stands alone. Ukrainian has three plural forms and Arabic six, which these texts have no place for: so no
# sentence counts a noun, and what is counted stands beside its number, as in "3 × Fint". A new key here must keep to that everywhere.
COUNTS_NO_NOUN = {"palette.made", "list.found", "list.picked", "point.put", "shape.point", "shape.chosen", "for.is_group"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_needs_the_plural_of_a_noun(language: str) -> None:
    assert {key for key, text in _raw(language).items() if "{n}" in text} <= COUNTS_NO_NOUN


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
    wanted |= {category.icon or category.code for theme in survey.themes for category in theme.categories}
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
