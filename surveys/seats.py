"""Animal seats: a colour and an animal in place of a name, "blå rev", the same for a seat number for ever."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("nb", "nn", "en")
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
    form = 1 if animal_words.get("neuter") else 0
    words = {language: f"{colour_words[language][form]} {animal_words[language]}" for language in LANGUAGES}
    return Seat(animal=animal, colour=colour, hex=colour_words["hex"], words=words)


def animals() -> list[str]:
    """The codes of all animals; each has a picture of that name."""
    return list(_data()["animals"])


@cache
def _data() -> dict[str, dict[str, dict[str, Any]]]:
    data: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(SEATS_FILE.read_text(encoding="utf-8"))
    return data
