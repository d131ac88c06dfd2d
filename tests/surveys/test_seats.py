"""Animal seats: right grammar, a picture each, and no two alike in a class."""

from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from surveys.seats import LANGUAGES, seat

ALL = [seat(number) for number in range(36 * 8)]


def _named(animal: str, colour: str) -> dict[str, str]:
    return next(each.words for each in ALL if (each.animal, each.colour) == (animal, colour))


@pytest.mark.parametrize(
    ("animal", "colour", "nb", "nn", "en"),
    [
        ("squirrel", "blue", "blått ekorn", "blått ekorn", "blue squirrel"),
        ("hedgehog", "red", "rødt pinnsvin", "raudt piggsvin", "red hedgehog"),
        ("squirrel", "green", "grønt ekorn", "grønt ekorn", "green squirrel"),
        ("squirrel", "pink", "rosa ekorn", "rosa ekorn", "pink squirrel"),
        ("fox", "blue", "blå rev", "blå rev", "blue fox"),
        ("owl", "red", "rød ugle", "raud ugle", "red owl"),
        ("polar_bear", "yellow", "gul isbjørn", "gul isbjørn", "yellow polar bear"),
    ],
)
def test_the_colour_agrees_with_the_animal(animal: str, colour: str, nb: str, nn: str, en: str) -> None:
    assert _named(animal, colour) == {"nb": nb, "nn": nn, "en": en}


def test_no_two_seats_of_a_class_of_36_share_an_animal() -> None:
    assert len({each.animal for each in ALL[:36]}) == 36


@pytest.mark.parametrize("language", LANGUAGES)
def test_288_seats_have_288_names(language: str) -> None:
    assert len({each.words[language] for each in ALL}) == 288


def test_neighbours_differ_in_animal_and_in_colour() -> None:
    for left, right in pairwise(ALL):
        assert left.animal != right.animal
        assert left.colour != right.colour or right.animal == ALL[0].animal, "a new round of the animals"


def test_every_animal_has_a_picture() -> None:
    folder = Path(settings.BASE_DIR) / "static" / "img" / "seats"
    assert [each.animal for each in ALL[:36] if not (folder / f"{each.animal}.svg").is_file()] == []


def test_a_number_keeps_its_seat_for_ever() -> None:
    assert seat(0).as_json() == {"animal": "fox", "colour": "#1d4ed8", "words": {"nb": "blå rev", "nn": "blå rev", "en": "blue fox"}}
    assert seat(288).words == seat(0).words, "after the last one it begins anew"
