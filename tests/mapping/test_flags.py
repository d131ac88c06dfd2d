"""What the rules find in children's words, against numbers, names and addresses that another library makes up (Faker)."""

import random
from itertools import pairwise

import pytest
from faker import Faker

from mapping.flags import Flag, flags_of, is_birth_number

NB, UK, AR = (Faker(locale) for locale in ("no_NO", "uk_UA", "ar_AA"))
SAYINGS = (
    "Her er det skummelt når det er mørkt. {} Bilene kjører fort.",
    "Fint å leke her med {}",
    "{} er best! 3 benker og 2 disser, klokka 8 hver dag",
    "eg går her kvar dag, {} og så til skulen",
)
HARMLESS = (
    "Det er 30-sone her, men bilene kjører i 60. Klokka 08.15 er det verst!",
    "Vi pleier å leke boksen går her, det er 4 gutter og 12 jenter.",
    "Skogen er fin om våren, og det er en stor stein vi klatrer på.",
    "Fotgjengerfeltet mangler. Bussen stopper ikke. Veien er smal.",
    "Bjørn er et dyr. Sol og sommer. Dag og natt. Live musikk.",
    "Her trengs det lys, 2 stk. lyktestolper og 1 søppelkasse.",
    "I 2019 var det en ulykke her, og i 2023.",
    "jeg liker å sykle over broa",
    "Тут дуже гарно гратися влітку.",
    "هنا مكان جميل للعب",
)


def kinds(text: str) -> set[Flag]:
    return {found.flag for found in flags_of(text)}


@pytest.mark.parametrize(
    ("text", "flag", "piece"),
    [
        ("ring meg på 412 34 567!", Flag.PHONE, "412 34 567"),
        ("tlf er +47 41234567", Flag.PHONE, "+47 41234567"),
        ("fire en to tre fire fem seks sju ring meg", Flag.PHONE, "fire en to tre fire fem seks sju"),
        ("رقمي ٤١٢٣٤٥٦٧", Flag.PHONE, "٤١٢٣٤٥٦٧"),
        ("skriv til ola.nordmann@skole.no da", Flag.EMAIL, "ola.nordmann@skole.no"),
        ("se www.eksempel.no/bilde", Flag.LINK, "www.eksempel.no/bilde"),
        ("følg @ola.kul", Flag.HANDLE, "@ola.kul"),
        ("snap: olakul12", Flag.HANDLE, "snap: olakul12"),
        ("Bakkevegen 12 b er skummelt", Flag.ADDRESS, "Bakkevegen 12 b"),
        ("i Storgata 4", Flag.ADDRESS, "Storgata 4"),
        ("jeg heter kimberly og er 8 år", Flag.NAME, "kimberly"),
        ("Navnet mitt er Xaver Tveiten", Flag.NAME, "Xaver Tveiten"),
        ("my name is bob", Flag.NAME, "bob"),
        ("мене звати Устим", Flag.NAME, "Устим"),
        ("her går jeg med ingrid", Flag.NAME, "ingrid"),
        ("Her bor Stein", Flag.NAME, "Stein"),
        ("jeg bor i det røde huset", Flag.HOME, "jeg bor i det røde huset"),
        ("han slo meg her", Flag.WORRY, "slo"),
        ("redd hjemme", Flag.WORRY, "redd hjemme"),
    ],
)
def test_a_flag_says_which_piece_it_means(text: str, flag: Flag, piece: str) -> None:
    assert piece in [text[found.start : found.end] for found in flags_of(text) if found.flag is flag]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_children_mostly_write_has_no_flag(text: str) -> None:
    assert [(text[found.start : found.end], found.flag) for found in flags_of(text)] == []


def test_control_digits_are_those_of_numbers_made_by_others() -> None:
    Faker.seed(11)
    numbers = [NB.ssn() for _ in range(300)]
    assert all(is_birth_number(number) for number in numbers)
    wrong = [number[:10] + str((int(number[10]) + 1) % 10) for number in numbers]
    assert not any(is_birth_number(number) for number in wrong)
    assert kinds(f"nr {numbers[0][:6]} {numbers[0][6:]}") == {Flag.BIRTH_NUMBER}
    assert Flag.PHONE in kinds(f"nr {wrong[0]}"), "eleven digits that are no birth number may be a telephone number"


def _recall(make: list[str], flag: Flag) -> float:
    """In what share of the texts each thing, put into a saying, is found whole."""
    chance = random.Random(4)  # noqa: S311  # the same sayings every time
    hits = 0
    for thing in make:
        text = chance.choice(SAYINGS).format(thing)
        start = text.index(thing)
        hits += any(found.flag is flag and found.start < start + len(thing) and found.end > start for found in flags_of(text))
    return hits / len(make)


def test_of_two_thousand_texts_the_rules_find_what_the_privacy_rules_ask_for() -> None:
    """At least 95 % of what has a form; of names 80 %, where a list or a large letter can find them."""
    Faker.seed(2026)
    phones = [NB.phone_number() for _ in range(200)] + [UK.phone_number() for _ in range(100)] + [AR.phone_number() for _ in range(100)]
    mails = [fake.email() for fake in (NB, UK, AR) for _ in range(70)]
    numbers = [NB.ssn() for _ in range(200)]
    addresses = [NB.street_address() for _ in range(300)] + [UK.street_address() for _ in range(100)]
    names = [NB.first_name() for _ in range(500)] + [UK.first_name() for _ in range(200)] + [AR.first_name() for _ in range(200)]
    found = {
        "phone": _recall(phones, Flag.PHONE),
        "email": _recall(mails, Flag.EMAIL),
        "birth number": _recall(numbers, Flag.BIRTH_NUMBER),
        "address": _recall(addresses, Flag.ADDRESS),
    }
    assert all(share >= 0.95 for share in found.values()), found
    by_language = {"nb": _recall(names[:500], Flag.NAME), "uk": _recall(names[500:700], Flag.NAME), "ar": _recall(names[700:], Flag.NAME)}
    # Faker's names there are mostly rare ones, at the beginning of a sentence every word has a large letter, and Arabic has none
    assert by_language["nb"] >= 0.9, by_language
    assert by_language["uk"] >= 0.65, by_language
    assert by_language["ar"] >= 0.25, by_language


def test_pieces_of_one_kind_never_overlap_and_any_text_is_read() -> None:
    chance = random.Random(1)  # noqa: S311  # the same texts every time
    signs = "aå @+47 0123456789.- Olaveien نور٤ Оля\n\x00🙂" * 3
    for _ in range(300):
        text = "".join(chance.choices(signs, k=60))
        found = flags_of(text)
        assert all(0 <= one.start < one.end <= len(text) for one in found)
        for flag in Flag:
            mine = [one for one in found if one.flag is flag]
            assert all(a.end <= b.start for a, b in pairwise(mine))
