"""What in a child's words may tell who somebody is: found by rule, shown to the moderator, decided by nobody but a person. Pure.

Rules flag and never release: a text without a flag is held like any other. Each rule is a pattern a Norwegian school meets: telephone
numbers and e-mail, the 11 digits of a birth number (with its two control digits), addresses, links and names on other sites, "jeg heter
…", names from a list (data/names.txt), "jeg bor i …"; and words that an adult at school should hear of. Digits of any script are digits.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Flag(StrEnum):
    """Why a piece of text is looked at twice."""

    PHONE = "phone"
    BIRTH_NUMBER = "birth_number"
    EMAIL = "email"
    LINK = "link"
    HANDLE = "handle"
    ADDRESS = "address"
    HOME = "home"
    NAME = "name"
    WORRY = "worry"

    @property
    def words(self) -> str:
        """As the moderator reads it."""
        return _WORDS[self]


_WORDS = {
    Flag.PHONE: "telefonnummer",
    Flag.BIRTH_NUMBER: "fødselsnummer",
    Flag.EMAIL: "e-post",
    Flag.LINK: "lenke",
    Flag.HANDLE: "brukernavn",
    Flag.ADDRESS: "adresse",
    Flag.HOME: "hvor noen bor",
    Flag.NAME: "navn",
    Flag.WORRY: "bekymring",
}


@dataclass(frozen=True, order=True)
class Found:
    """A piece of a text, text[start:end], and why it was found."""

    start: int
    end: int
    flag: Flag


_DIGIT_WORDS = "null|en|ein|to|tre|fire|fem|seks|sju|syv|åtte|ni|zero|one|two|three|four|five|six|seven|eight|nine"
_STREETS = (
    "veien|vegen|vei|veg|gata|gaten|gate|gt|plass|plassen|allé|alle|alléen|alleen|bakken|bakke|lia|lien|kroken|krok|stien|sti|svingen|sving|"
    "tunet|tun|haugen|haug|toppen|åsen|ås|torget|torg|brygga|bryggen|brygge|kaia|kaien|smauet|smau|stredet|løkka|løkken|hagen|jordet|"
    "marka|skogen|skog|myra|moen|mo|rinden|ringen|ring|terrasse|terrassen|kleiva|kleiven|grenda|høgda|høyden|bråten|lunden|gropa|dalen|"
    "sletta|neset|vika|viken|sundet|elva|geaidnu|luodda|gáhtta|street|road|avenue|lane"
)
_UPPER = "A-ZÆØÅÄÖÁČĐŊŠŦŽ"
_LETTER = "a-zæøåäöáčđŋšŧžéèêëüA-ZÆØÅÄÖÁČĐŊŠŦŽÉÈÊËÜ"
_NAME_AHEAD = rf"(?P<name>[^\W\d_]['’\w-]+(?:\s+[{_UPPER}А-ЯЄІЇҐ][\w'’-]+){{0,2}})"

_RULES: dict[Flag, tuple[re.Pattern[str], ...]] = {
    Flag.EMAIL: (re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\]|krøllalfa)\s?[\w-]+(?:\.[\w-]+)+", re.I),),
    Flag.LINK: (re.compile(r"\bhttps?://\S+|\bwww\.\S+|\b[\w-]{2,}\.(?:no|com|net|org|io|me|gg|tv|app|link|ua|eu)\b(?:/\S*)?", re.I),),
    Flag.HANDLE: (
        re.compile(r"(?<![\w.])@[\w.]{2,}"),
        re.compile(
            r"\b(?:snap(?:chat)?|insta(?:gram)?|tik\s?tok|discord|roblox|brukernavn(?:et)?)\s*(?:mi(?:tt|n)?\s*)?(?::|=|er|is)\s*\S+", re.I
        ),
    ),
    Flag.PHONE: (
        re.compile(r"(?<![\d.,])(?:(?:\+|00)\s?\d{1,3}[\s.-]?)?\(?\d(?:[\s.()/-]{0,2}\d){6,12}(?!\d)"),
        re.compile(rf"\b(?:(?:{_DIGIT_WORDS})[\s,.-]+){{5,}}(?:{_DIGIT_WORDS})\b", re.I),
    ),
    Flag.ADDRESS: (
        re.compile(rf"\b[{_LETTER}.'-]*(?:{_STREETS})\.?\s+(?:nr\.?\s*)?\d{{1,4}}\s?[a-zA-Z]?\b", re.I),
        # short words with a number are times and amounts ("Klokka 8"), long ones rarely
        re.compile(rf"\b[{_UPPER}][{_LETTER}'-]{{6,}}\s+\d{{1,3}}\s?[a-zA-Z]?\b(?![.:,]?\d)"),
        re.compile(rf"\b[{_UPPER}][{_LETTER}'-]{{2,}}\s+\d{{1,3}}\s?[A-Z]\b"),
        re.compile(r"(?:\b(?:набережна|площа|шосе|узвіз|парк|майдан)\s+[\w'’ʼ.\s-]{2,40}?,?\s*)?\bбуд(?:инок|\.)?\s*\d{1,4}", re.I),
        re.compile(r"\b(?:вул\.?|вулиця|провулок|проспект|бульвар)\s+[\w'’ʼ.\s-]{2,40}?,?\s*\d{1,4}", re.I),
        re.compile(r"(?:شارع|طريق|حي)\s+[\w\s]{2,30}?\d{1,4}"),
    ),
    Flag.HOME: (
        re.compile(r"\b(?:jeg|eg|vi|me|jæ|æ|han|hun|ho|hen)\s+bor\s+(?:i|på|ved|rett|bak|nær|like|oppi|nedi|der)\b[^.!?\n]{0,60}", re.I),
        re.compile(r"\b(?:huset|leiligheten|leilegheita)\s+(?:mitt|min|mi|vårt|vår)\b[^.!?\n]{0,60}", re.I),
        re.compile(r"\bI\s+live\s+(?:in|at|on|by|near|next)\b[^.!?\n]{0,60}", re.I),
    ),
    Flag.NAME: (
        re.compile(rf"\b(?i:(?:jeg|eg|æ|jæ)\s+(?:heter|heiter|hete|hæter)|(?:navnet|namnet)\s+mitt\s+er|mitt\s+na[vm]n\s+er)\s+{_NAME_AHEAD}"),
        re.compile(rf"\b(?i:my\s+name\s+is|i\s+am\s+called|i['’]m\s+called|mu\s+namma\s+lea)\s+{_NAME_AHEAD}"),
        re.compile(rf"(?i:мене\s+звати|звати\s+мене|моє\s+ім['’ʼ]я)\s+{_NAME_AHEAD}"),
        # a large letter within a sentence: in Ukrainian only names have one
        re.compile(r"(?<=[\w,]\s)[А-ЯЄІЇҐ][а-яєіїґ'’ʼ-]+"),
        re.compile(r"(?:اسمي|إسمي|أنا\s+اسمي)\s+(?P<name>\w+)"),
    ),
    Flag.WORRY: (
        re.compile(
            r"\b(?:slår|slo|sparker|sparket|klår|klådde|tafser|tafset|mobber|mobba|truer|trua|truet|kniv\w*|våpen|pistol\w*|drep\w*|"
            r"voldt\w*|selvmord\w*|sjølvmord\w*|ta(?:r)?\s+livet|misbruk\w*|kidnapp\w*|naken|pedo\w*|skade(?:r)?\s+meg|vil\s+(?:ikke|ikkje)\s+leve)\b",
            re.I,
        ),
        re.compile(r"\bredd\s+(?:hjemme|heime|for\s+(?:pappa|mamma|stefar\w*|onkel|læreren|broren))", re.I),
    ),
}  # fmt: skip

_WORD = re.compile(r"[^\W\d_](?:['’ʼ\w-]*\w)?")
_ELEVEN = re.compile(r"(?<!\d)\d{6}[\s.-]?\d{5}(?!\d)")


def flags_of(text: str) -> list[Found]:
    """What in a text calls for a second look, by place; pieces of different kinds may overlap, those of one kind never do."""
    plain = _with_digits(text)
    found = [Found(match.start(), match.end(), Flag.BIRTH_NUMBER) for match in _ELEVEN.finditer(plain) if is_birth_number(match.group())]
    taken = [range(one.start, one.end) for one in found]
    for flag, rules in _RULES.items():
        for rule in rules:
            for match in rule.finditer(plain):
                start, end = _piece(match)
                if flag is Flag.PHONE and any(start in span for span in taken):
                    continue
                found.append(Found(start, end, flag))
    found.extend(Found(match.start(), match.end(), Flag.NAME) for match in _WORD.finditer(plain) if _is_name(match, plain))
    return _without_overlaps(found)


def is_birth_number(digits: str) -> bool:
    """Whether eleven digits have the two control digits of a Norwegian birth number, D-number or one made for tests.

    Source: Skatteetaten's description of the number: weights 3 7 6 1 8 9 4 5 2 and 5 4 3 2 7 6 5 4 3 2, modulo 11.
    """
    numbers = [int(one) for one in digits if one.isdigit()]
    if len(numbers) != 11:
        return False
    first = -sum(weight * n for weight, n in zip((3, 7, 6, 1, 8, 9, 4, 5, 2), numbers, strict=False)) % 11
    second = -sum(weight * n for weight, n in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2), numbers, strict=False)) % 11
    return [first, second] == numbers[9:]


def _with_digits(text: str) -> str:
    """The text with digits of any script as 0 to 9, as long as before."""
    return "".join(str(unicodedata.digit(one)) if one.isdigit() and unicodedata.digit(one, -1) >= 0 else one for one in text)


def _piece(match: re.Match[str]) -> tuple[int, int]:
    """Of a match the name where it has one, else all of it."""
    for group, value in match.groupdict().items():
        if value:
            return match.span(group)
    return match.span()


def _is_name(match: re.Match[str], text: str) -> bool:
    """Whether a word is in the list; names that are words as well ("Sol", "Stein") only within a sentence and with a large letter."""
    known, doubtful = _names()
    word = _folded(match.group())
    # "Emmas hus"; and Arabic's article
    stem = word if word in known | doubtful else word.removesuffix("s").removeprefix("ال")
    if stem in known:
        return True
    if stem not in doubtful or not match.group()[0].isupper():
        return False
    before = text[: match.start()].rstrip()
    return bool(before) and before[-1] not in ".!?\n"


@cache
def _names() -> tuple[frozenset[str], frozenset[str]]:
    """Names that are nothing else, and those that are words as well (marked ~ in the list); folded."""
    lines = files("mapping").joinpath("data/names.txt").read_text(encoding="utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    doubtful = frozenset(_folded(word[1:]) for word in words if word.startswith("~"))
    return frozenset(_folded(word) for word in words if not word.startswith("~")), doubtful


def _folded(word: str) -> str:
    """Without case and without the vowel signs that Arabic may be written with."""
    decomposed = unicodedata.normalize("NFC", word).casefold().replace("ʼ", "'").replace("’", "'")
    return "".join(one for one in decomposed if not 0x064B <= ord(one) <= 0x0652)


def _without_overlaps(found: list[Found]) -> list[Found]:
    """Of pieces of one kind that overlap, the one that begins first, and of those the longest."""
    kept: list[Found] = []
    ends: dict[Flag, int] = {}
    for one in sorted(found, key=lambda piece: (piece.start, -piece.end)):
        if one.start >= ends.get(one.flag, 0):
            kept.append(one)
            ends[one.flag] = one.end
    return kept
