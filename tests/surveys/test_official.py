"""What an editor lets one choose from: official names and pictures, as the templates have them."""

import re
from pathlib import Path

from surveys.official import NONE, OfficialName, category_pictures, official_names, theme_pictures


def test_official_names_are_the_templates_each_once() -> None:
    names = official_names()
    assert OfficialName("Barneveg", "BarnevegType", "skoleveg") in names
    assert OfficialName("Aktivitet", "AktivitetType", "leke") in names
    assert len(set(names)) == len(names)
    assert NONE not in names


def test_every_picture_that_is_offered_is_in_the_sprite() -> None:
    sprite = (Path(__file__).resolve().parents[2] / "static" / "img" / "pictures.svg").read_text(encoding="utf-8")
    symbols = set(re.findall(r'symbol id="([^"]+)"', sprite))
    assert set(category_pictures()) <= symbols
    assert {f"themes-{icon}" for icon in theme_pictures()} <= symbols
    assert (category_pictures()["aking"], theme_pictures()["way"]) == ("Aker", "Veger")
