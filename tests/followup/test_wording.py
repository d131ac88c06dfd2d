"""Words and numbers of the public page."""

import pytest

from followup.wording import children, listed, number, share, traces_in


@pytest.mark.parametrize(
    "text",
    ["Krysset ved 60.3825, 5.3350 er farlig", "Ved 60,38251 nord", "Øst 297412 nord 6700123", "(297412.5, 6700123)"],
)
def test_coordinates_are_found_in_a_text(text: str) -> None:
    assert traces_in(text, class_names=[]) == ["koordinater"]


@pytest.mark.parametrize(
    "text", ["120 barn på 250 m", "Vedtak 2026/1234", "1 200 000 kroner", "E39 og fylkesveg 555", "Ring 55 12 34 56", "45,5 prosent"]
)
def test_ordinary_numbers_are_no_coordinates(text: str) -> None:
    assert traces_in(text, class_names=[]) == []


@pytest.mark.parametrize("text", ["Elevene i 5A er redde", "elevene i 5a", "klasse 5 A.", "(5A)"])
def test_a_class_is_found_however_it_is_written(text: str) -> None:
    assert traces_in(text, class_names=["5A", "10B"]) == ["navnet på en klasse (5A)"]


@pytest.mark.parametrize("text", ["15 A4-ark", "5 Aker", "5. trinn", "gate 15A", "10BB"])
def test_what_only_resembles_a_class_is_let_through(text: str) -> None:
    assert traces_in(text, class_names=["5A", "10B"]) == []


def test_numbers_have_a_hard_space_between_thousands() -> None:
    assert [number(5), number(3045), children(1205)] == ["5", "3\u00a0045", "1\u00a0205\u00a0barn"]


@pytest.mark.parametrize(("part", "rest", "said"), [(280, 70, "80\u00a0%"), (20, 0, "100\u00a0%"), (285, 75, "80\u00a0%"), (0, 0, None)])
def test_a_share_of_rounded_numbers_is_told_in_whole_five_per_cent(part: int, rest: int, said: str | None) -> None:
    assert share(part, rest) == said


def test_a_list_of_words_is_joined_as_in_speech() -> None:
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["", "a", "a og b", "a, b og c"]
