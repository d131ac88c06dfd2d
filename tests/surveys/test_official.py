"""What an editor lets one choose from: official names and pictures, as the templates have them."""

import re
from pathlib import Path

from surveys.catalog import read_template, template_codes
from surveys.models import GradeBand
from surveys.official import NONE, OfficialName, category_pictures, official_codes, official_names, theme_pictures


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


def test_every_code_of_a_template_is_in_the_table_under_its_object_type() -> None:
    codes = official_codes()
    of_types = [name for name in official_names() if name.object_type]
    assert {name.object_type for name in of_types} == set(codes.object_types)
    for name in of_types:
        assert name.code_list == codes.object_types[name.object_type]
        assert name.code in codes.code_lists[name.code_list], name


def test_what_has_no_object_type_is_a_wish_or_has_no_code() -> None:
    assert {name.code_list for name in official_names() if not name.object_type} <= {"Endring", ""}


def test_every_means_of_transport_and_grade_group_is_in_the_table() -> None:
    codes = official_codes().code_lists
    for template in template_codes():
        assert {mode.official_code for mode in read_template(template).modes.values()} <= set(codes["TransportmiddelType"])
    assert codes["Klassetrinngruppe"] == tuple(band.value.replace("-", "–") for band in GradeBand)
