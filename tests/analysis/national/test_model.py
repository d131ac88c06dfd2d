"""What of a release the national model is told: whole themes of one type, and nothing that cannot be parted."""

from datetime import date
from typing import Any

import pytest

from analysis.national.model import CODE_LISTS, NationalModel, corners_of, is_told, national_model
from analysis.national.wording import left_out_told
from surveys.official import official_codes

CELLS = ("h250_-150_27006", "h250_-149_27006")
LEKE = ["Aktivitet", "AktivitetType", "leke"]
BADE = ["Aktivitet", "AktivitetType", "bade"]
FARLIG = ["NegativOpplevelse", "NegativOpplevelseType", "farlig"]


def theme(code: str, *official: list[str] | None) -> dict[str, Any]:
    categories = [{"code": f"{code}{n}", "words": {"nb": {"label": f"{code} {n}"}}, "official": one} for n, one in enumerate(official)]
    return {"code": code, "words": {"nb": {"label": code.title()}}, "categories": categories}


def payload(*themes: dict[str, Any], **survey: Any) -> dict[str, Any]:
    """A payload as far as the model reads it: each theme and all together in both cells."""
    told = {
        "id": "2ac0dd65-36b9-4ce3-8c74-9aa9610ea900",
        "title": {"nb": "Runde"},
        "municipality": {"number": "0301", "name": "Oslo"},
        "closes_on": "2026-10-31",
        "default_language": "nb",
    }
    cells = [{"id": cell, "theme": code, "children_rounded": 10} for cell in CELLS for code in (None, *(one["code"] for one in themes))]
    return {"survey": told | survey, "rules": {"cell_size_m": 250}, "themes": list(themes), "cells": cells}


def told(*themes: dict[str, Any], built_on: date = date(2026, 11, 23), **survey: Any) -> NationalModel:
    return national_model(payload(*themes, **survey), sha256="ab" * 32, built_on=built_on)


def test_a_theme_of_one_code_tells_it_and_one_of_several_tells_its_type_alone() -> None:
    one, several = told(theme("play", LEKE)), told(theme("play", LEKE, BADE))
    assert {(row.object_type, row.code) for row in one.objects} == {("Aktivitet", "leke")}
    assert {(row.object_type, row.code) for row in several.objects} == {("Aktivitet", "")}
    assert {(row.cell, row.children) for row in several.objects} == {(cell, 10) for cell in CELLS}


def test_all_themes_together_are_no_object() -> None:
    assert {row.theme for row in told(theme("play", LEKE), theme("bad", FARLIG)).objects} == {"play", "bad"}


@pytest.mark.parametrize(
    ("categories", "says"),
    [
        ((None, None), "Temaet «Mine»: ingen av kategoriene har en kode i modellen («mine 0», «mine 1»)."),
        ((LEKE, None), "Temaet «Mine»: én kategori har ingen kode i modellen («mine 1»), og rutene teller hele temaet."),
        (
            (LEKE, FARLIG),
            "Temaet «Mine»: kategoriene er av flere objekttyper (Aktivitet, NegativOpplevelse), og rutene teller hele temaet.",
        ),
        ((["", "Endring", "penere"],), "Temaet «Mine»: ingen av kategoriene har en kode i modellen («mine 0»)."),
        ((["Barnelekområde", "Type", "x"],), "Temaet «Mine»: ingen av kategoriene har en kode i modellen («mine 0»)."),
    ],
)
def test_a_theme_whose_numbers_are_not_of_one_type_is_left_out_and_named(categories: tuple[list[str] | None, ...], says: str) -> None:
    mine = theme("mine", *categories)
    assert {row.theme for row in told(mine, theme("bad", FARLIG)).objects} == {"bad"}
    left = left_out_told([mine, theme("bad", FARLIG)], "nb")
    assert left.sentences == (says,)
    assert left.categories == sum(one is None or one[0] not in CODE_LISTS for one in categories)


def test_what_holds_for_every_object() -> None:
    model = told(theme("play", LEKE), grade_band="5-7")
    assert model.municipality == "0301"
    assert model.grade_group == "5–7"
    assert model.captured_on == date(2026, 10, 31)
    # from the middle to a corner of a hexagon whose opposite sides are 250 m apart: 250 / √3 = 144.34 m
    assert model.accuracy_cm == 14434
    assert told(theme("play", LEKE), grade_band=None).grade_group == ""
    assert told(theme("play", LEKE), built_on=date(2026, 10, 2)).captured_on == date(2026, 10, 2)


def test_an_objects_name_is_the_same_in_the_next_release_and_its_version_is_not() -> None:
    themes = (theme("play", LEKE), theme("bad", FARLIG))
    first = national_model(payload(*themes), sha256="a" * 64, built_on=date(2026, 9, 1))
    second = national_model(payload(*themes), sha256="b" * 64, built_on=date(2026, 10, 1))
    assert [row.local_id for row in first.objects] == [row.local_id for row in second.objects]
    assert len({row.local_id for row in first.objects}) == 4
    assert (first.namespace, first.version != second.version) == (second.namespace, True)


def test_a_release_without_cells_has_no_objects_and_no_bounds() -> None:
    model = national_model(payload(theme("play", LEKE)) | {"cells": []}, sha256="", built_on=date(2026, 9, 1))
    assert (model.objects, model.bounds, corners_of(()).shape) == ((), None, (0, 7, 2))


def test_a_release_built_before_codes_were_kept_is_not_told() -> None:
    old = payload({"code": "play", "words": {}, "categories": [{"code": "leke", "words": {}}]})
    assert not is_told(old["themes"])
    with pytest.raises(ValueError, match="before official codes"):
        national_model(old, sha256="", built_on=date(2026, 9, 1))


def test_the_models_types_are_those_of_the_table() -> None:
    assert official_codes().object_types == CODE_LISTS
