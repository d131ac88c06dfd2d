"""Animal seats: a colour and an animal in place of a name, "blå rev", the same for a seat number for ever."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SEATS_FILE = Path(__file__).resolve().parent / "texts" / "seats.yaml"


@dataclass(frozen=True)
class Seat:
    """One seat: codes for pictures and colours, words for people."""

    animal: str
    colour: str
    hex: str
    words: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """The seat as the capture API gives it."""
        return {"animal": self.animal, "colour": self.hex, "words": self.words}


def seat(number: int) -> Seat:
    """The seat with a number; a class of up to animals × colours pupils has no two alike."""
    data = _data()
    animals, colours = list(data["animals"].items()), list(data["colours"].items())
    # step through both lists, so that neighbours differ in animal and colour
    animal, animal_words = animals[number % len(animals)]
    colour, colour_words = colours[(number + number // len(animals)) % len(colours)]
    words = {language: _named(language, animal_words[language], colour_words[language]) for language in seat_languages()}
    return Seat(animal=animal, colour=colour, hex=colour_words["hex"], words=words)


def animals() -> list[str]:
    """The codes of all animals; each has a picture of that name."""
    return list(_data()["animals"])


@cache
def seat_languages() -> list[str]:
    """The languages in which every animal and every form of every colour has a word."""
    data = _data()
    return [language for language in data["languages"] if _is_complete(language)]


def _is_complete(language: str) -> bool:
    data = _data()
    forms = len(data["languages"][language]["genders"])
    colours = [colour.get(language, []) for colour in data["colours"].values()]
    return all(animal.get(language) for animal in data["animals"].values()) and all(len([*filter(None, each)]) == forms for each in colours)


def _named(language: str, animal: str | list[str], colour: list[str]) -> str:
    """The two words together, the colour in the form that the animal's gender asks for."""
    grammar = _data()["languages"][language]
    noun, gender = animal if isinstance(animal, list) else (animal, grammar["genders"][0])
    form = colour[grammar["genders"].index(gender)]
    return f"{noun} {form}" if grammar.get("colour_last") else f"{form} {noun}"


@cache
def _data() -> dict[str, dict[str, dict[str, Any]]]:
    data: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(SEATS_FILE.read_text(encoding="utf-8"))
    return data
