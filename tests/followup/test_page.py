"""The page's words and numbers, from a payload as analysis/privacy/release.py describes it."""

from datetime import date
from typing import Any

import pytest

from followup import page as page_module
from followup.page import MOST_SAID, ReleasePage, default_choice, read_card, theme_labels


def words(label: str) -> dict[str, Any]:
    return {"nb": {"label": label}, "en": {"label": f"{label} (en)"}}


def category(code: str, children: int | None, kind: str = "place") -> dict[str, Any]:
    return {"code": code, "words": words(code.title()), "kind": kind, "icon": code, "colour": "#111111", "children": children}


PAYLOAD: dict[str, Any] = {
    "format": "trakk-release/1",
    "survey": {
        "id": "00000000-0000-4000-8000-000000000001",
        "title": {"nb": "Barnetråkk 2026", "en": "Children's tracks 2026"},
        "municipality": {"number": "4601", "name": "Bergen"},
        "opens_on": "2026-09-07",
        "closes_on": "2026-10-16",
        "languages": ["nb", "en"],
        "default_language": "nb",
    },
    "rules": {"k": 5, "k_second_dimension": 10, "min_slice": 20, "rounding": 5, "cell_size_m": 250, "way_cut_m": 100.0},
    "n_responses": 280,
    "not_answered": 70,
    "numbers": {"responses": 280, "marks": 3045, "schools": 2},
    "themes": [
        {"code": "way", "words": words("Veger"), "icon": "way", "colour": "#1d4ed8", "children": 250, "marks": 400,
         "categories": [category("skoleveg", 245, "route")]},
        {"code": "positive", "words": words("Bra steder"), "icon": "positive", "colour": "#15803d", "children": 200, "marks": 900,
         "categories": [category(f"fint{i}", 100 - 5 * i) for i in range(7)]},
        {"code": "negative", "words": words("Dårlige steder"), "icon": "negative", "colour": "#b91c1c", "children": 90, "marks": 200,
         "categories": [category("farlig", 95), category("stoy", None), category("morkt", 5)]},
    ],
    "modes": [
        {"code": "ga", "words": {"nb": "Går"}, "children": 180},
        {"code": "bil", "words": {"nb": "Bil"}, "children": 60},
        {"code": "ski", "words": {"nb": "Ski"}, "children": None},
    ],
    "grade_bands": [{"band": "1-4", "responses": 120, "themes": []}, {"band": "5-7", "responses": 160, "themes": []}],
    "cells": [
        {"id": "h250_-150_27006", "size_m": 250, "theme": None, "children_rounded": 40},
        {"id": "h250_-150_27006", "size_m": 250, "theme": "way", "children_rounded": 25},
        {"id": "h250_-150_27007", "size_m": 250, "theme": "way", "children_rounded": 5},
    ],
    "bbox": [5.327, 60.380, 5.337, 60.385],
}  # fmt: skip


def read_page(payload: dict[str, Any], built_on: date = date(2026, 11, 2), **more: str) -> ReleasePage:
    return page_module.read_page(payload, built_on=built_on, **more)


def answer(question: str, payload: dict[str, Any] = PAYLOAD) -> str:
    return next(fact.answer for fact in read_page(payload).facts if fact.question.startswith(question))


def test_the_three_numbers_are_children_marks_and_the_share_who_took_part() -> None:
    assert [(number.value, number.label.split()[0]) for number in read_page(PAYLOAD).numbers] == [
        ("280", "barn"),
        ("3\u00a0045", "veger,"),
        ("80\u00a0%", "av"),
    ]


@pytest.mark.parametrize(("schools", "label"), [(2, "skoler var med"), (1, "skole var med")])
def test_where_nobody_counted_the_pupils_the_third_number_is_schools(schools: int, label: str) -> None:
    payload = PAYLOAD | {"not_answered": None, "numbers": PAYLOAD["numbers"] | {"schools": schools}}
    assert (read_page(payload).numbers[2].value, read_page(payload).numbers[2].label) == (str(schools), label)
    assert "Vi vet ikke hvor mange elever" in answer("Hvem har ikke svart", payload)


@pytest.mark.parametrize(
    ("opens_on", "closes_on", "said"),
    [
        ("2026-09-07", "2026-10-16", "7. september – 16. oktober 2026"),
        ("2026-09-07", "2026-09-18", "7.–18. september 2026"),
        ("2026-09-07", "2026-09-07", "7. september 2026"),
        ("2025-11-24", "2026-01-16", "24. november 2025 – 16. januar 2026"),
    ],
)
def test_the_time_is_told_as_people_say_it(opens_on: str, closes_on: str, said: str) -> None:
    survey = PAYLOAD["survey"] | {"opens_on": opens_on, "closes_on": closes_on}
    assert read_page(PAYLOAD | {"survey": survey}).period == said


def test_a_survey_that_goes_on_was_answered_until_the_day_it_was_counted() -> None:
    assert read_page(PAYLOAD, built_on=date(2026, 9, 18)).period == "7.–18. september 2026"


def test_what_most_children_say_stands_first_and_ways_and_hidden_numbers_are_left_out() -> None:
    chart = read_page(PAYLOAD).said
    labels = [bar.row.label for bar in chart.bars]
    assert len(labels) == MOST_SAID
    assert labels[:3] == ["Fint0", "Farlig", "Fint1"]
    assert not {"Skoleveg", "Stoy"} & set(labels)
    assert chart.bars[1].row.cells == ("Dårlige steder", "95")
    assert [key.label for key in read_page(PAYLOAD).said_themes] == ["Bra steder", "Dårlige steder"]


def test_ways_of_travelling_that_are_hidden_are_told_to_be_missing() -> None:
    page = read_page(PAYLOAD)
    assert [(bar.row.label, bar.row.text) for bar in page.travel.bars] == [("Går", "180"), ("Bil", "60")]
    assert "færre enn 5 barn" in page.travel_sentence
    assert "færre enn 5" not in read_page(PAYLOAD | {"modes": PAYLOAD["modes"][:2]}).travel_sentence
    assert "For få" in read_page(PAYLOAD | {"modes": PAYLOAD["modes"][2:]}).travel_sentence


def test_how_we_know_names_the_rules_of_this_very_release() -> None:
    strict = PAYLOAD | {"rules": PAYLOAD["rules"] | {"k": 10, "cell_size_m": 500, "way_cut_m": 200.0}}
    assert "minst 10 barn" in answer("Hvorfor kan ingen", strict)
    assert "500 meter" in answer("Hvorfor kan ingen", strict)
    assert "minst 300 meter" in answer("Hva er utelatt", strict)
    assert "120 på 1.–4. trinn og 160 på 5.–7. trinn" in answer("Hvem har svart", strict)
    assert "Om lag 70" in answer("Hvem har ikke svart", strict)
    assert "Så godt som alle" in answer("Hvem har ikke svart", PAYLOAD | {"not_answered": 0})


def test_the_map_begins_with_everything_unless_only_themes_have_cells() -> None:
    page = read_page(PAYLOAD)
    assert [(choice.code, choice.label, choice.cells) for choice in page.choices] == [
        ("", "Alt samlet", 1),
        ("way", "Veger", 2),
        ("positive", "Bra steder", 0),
        ("negative", "Dårlige steder", 0),
    ]
    assert default_choice(page.choices) == ""
    assert default_choice(read_page(PAYLOAD | {"cells": PAYLOAD["cells"][1:]}).choices) == "way"
    assert default_choice(read_page(PAYLOAD | {"cells": []}).choices) == ""


def test_texts_come_in_the_language_asked_for_or_the_surveys_own() -> None:
    page = read_page(PAYLOAD, language="en")
    assert page.title == "Children's tracks 2026"
    assert theme_labels(PAYLOAD, language="se")["way"] == "Veger"
    assert read_card(PAYLOAD["survey"], 280) == {"title": "Barnetråkk 2026", "municipality": "Bergen", "children": "280\u00a0barn"}
