"""Words with what was found in them: all of the text in the pieces, and nothing that tells who somebody is when it is taken out."""

import pytest
from faker import Faker

from mapping.flags import Flag, flags_of
from mapping.found_words import REMOVED, SHORT_REMOVED, Piece, kinds_of, pieces_of, redacted

MOST = 280
TEXTS = (
    "",
    "Fint her",
    "Ring Kari på 412 34 567!",
    "kari",
    "jeg bor i Storgata 4 med ola, 412 34 567",
    "<b>kari</b> & co\nny linje",
)


@pytest.mark.parametrize("text", TEXTS)
def test_the_pieces_are_all_of_the_text_in_its_order(text: str) -> None:
    pieces = pieces_of(text, flags_of(text))
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)


def test_each_piece_says_what_kind_of_thing_it_is() -> None:
    text = "Ring kari på 412 34 567!"
    assert pieces_of(text, flags_of(text)) == [
        Piece("Ring "),
        Piece("kari", (Flag.NAME,)),
        Piece(" på "),
        Piece("412 34 567", (Flag.PHONE,)),
        Piece("!"),
    ]


def test_things_that_overlap_are_one_piece_of_several_kinds() -> None:
    text = "jeg bor i Storgata 4"
    (piece,) = pieces_of(text, flags_of(text))
    assert piece == Piece(text, (Flag.ADDRESS, Flag.HOME))
    assert piece.words == "adresse, hvor noen bor"
    assert kinds_of(flags_of(text)) == (Flag.ADDRESS, Flag.HOME)


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Ring kari på 412 34 567!", f"Ring {REMOVED} på {REMOVED}!"),
        ("her går jeg med Ingrid Kari til skolen", f"her går jeg med {REMOVED} til skolen"),
        ("jeg heter kimberly", f"jeg heter {REMOVED}"),
        ("Fint her", "Fint her"),
        ("kari", REMOVED),
    ],
)
def test_a_neutral_mark_stands_where_something_was_found(text: str, without: str) -> None:
    assert redacted(text, max_length=MOST) == without


def test_a_worry_is_never_taken_out() -> None:
    assert redacted("kari slo meg her", max_length=MOST) == f"{REMOVED} slo meg her"


def test_what_is_taken_out_never_makes_the_words_too_long() -> None:
    text = ", ".join(["ola"] * 50)
    assert len(text) <= MOST < len(text.replace("ola", REMOVED))
    assert redacted(text, max_length=MOST) == ", ".join([SHORT_REMOVED] * 50)


def test_nothing_is_found_any_more_in_what_is_left() -> None:
    Faker.seed(7)
    nb = Faker("no_NO")
    for _ in range(150):
        text = f"Her går {nb.first_name()} fra {nb.street_address()}, tlf {nb.phone_number()} og {nb.email()}. jeg heter {nb.first_name()}."
        left = redacted(text, max_length=1_000)
        assert [one for one in flags_of(left) if one.flag is not Flag.WORRY] == [], (text, left)
        assert redacted(left, max_length=1_000) == left
