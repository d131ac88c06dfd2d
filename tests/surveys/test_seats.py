"""Animal seats: right grammar, a picture each, and no two alike in a class."""

from copy import deepcopy
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from surveys import seats
from surveys.seats import seat, seat_languages

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
    assert {code: _named(animal, colour)[code] for code in ("nb", "nn", "en")} == {"nb": nb, "nn": nn, "en": en}


@pytest.mark.parametrize(
    ("animal", "colour", "language", "name"),
    [
        ("fox", "blue", "uk", "синій лис"),
        ("owl", "red", "uk", "червона сова"),
        ("chick", "yellow", "uk", "жовте курча"),
        ("fox", "blue", "ar", "ثعلب أزرق"),
        ("owl", "red", "ar", "بومة حمراء"),
        ("fox", "red", "se", "rukses rieban"),
    ],
)
def test_a_draft_s_colour_takes_the_animal_s_gender_and_its_place(animal: str, colour: str, language: str, name: str) -> None:
    assert _named(animal, colour)[language] == name


def test_a_language_that_lacks_a_word_for_an_animal_or_a_form_of_a_colour_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert seat_languages() == ["nb", "nn", "en", "se", "uk", "ar"]
    data = deepcopy(seats._data())
    del data["animals"]["fox"]["uk"]
    data["colours"]["red"]["ar"] = ["أحمر"]
    monkeypatch.setattr(seats, "_data", lambda: data)
    seat_languages.cache_clear()
    try:
        assert seat_languages() == ["nb", "nn", "en", "se"]
        assert set(seat(0).words) == {"nb", "nn", "en", "se"}
    finally:
        seat_languages.cache_clear()


def test_no_two_seats_of_a_class_of_36_share_an_animal() -> None:
    assert len({each.animal for each in ALL[:36]}) == 36


@pytest.mark.parametrize("language", seat_languages())
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
    fox = seat(0).as_json()
    assert (fox["animal"], fox["colour"]) == ("fox", "#1d4ed8")
    assert fox["words"] | {"nb": "blå rev", "nn": "blå rev", "en": "blue fox"} == fox["words"]
    assert seat(288).words == seat(0).words, "after the last one it begins anew"
