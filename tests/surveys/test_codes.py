"""Class codes, tokens and receipts; and the budget for wrong tries, which never stops a right code."""

import math
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from surveys import codes, services
from surveys.codes import ALPHABET, CODE_LENGTH
from surveys.models import ClassGroup, Lesson, WrongTry
from tests.factories import ClassGroupFactory

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

SOMEONE = UUID(int=1)
OTHER = UUID(int=2)
JOIN = "/api/v1/join"
WRONG = "2222-2222"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """The limiter's clock stands still, so that no test straddles a minute; move it by `clock.time`."""
    clock = SimpleNamespace(time=datetime(2026, 9, 7, 9, 15, 30, tzinfo=UTC))
    clock.now = lambda: clock.time
    monkeypatch.setattr(codes, "timezone", clock)
    return clock


def test_a_code_has_8_of_31_signs_that_nobody_mistakes_for_another() -> None:
    assert not set("01OIL") & set(ALPHABET)
    assert (len(ALPHABET), len(set(ALPHABET)), CODE_LENGTH) == (31, 31, 8)
    assert round(math.log2(len(ALPHABET) ** CODE_LENGTH), 1) == 39.6
    code = codes.class_code(SOMEONE, 0)
    assert (len(code), code[4]) == (9, "-")
    assert set(codes.normalise(code)) <= set(ALPHABET)


def test_ten_thousand_classes_have_as_many_codes_links_and_receipts() -> None:
    groups = [UUID(int=number) for number in range(10_000)]
    for make in (
        lambda group: codes.class_code(group, 0),
        lambda group: codes.class_token(group, 0),
        codes.write_token,
        lambda group: codes.receipts(group)[0],
    ):
        assert len({make(group) for group in groups}) == 10_000


def test_every_sign_is_as_likely_as_every_other() -> None:
    letters = Counter("".join(codes.normalise(codes.class_code(UUID(int=number), 0)) for number in range(10_000)))
    expected = 10_000 * CODE_LENGTH / len(ALPHABET)
    assert all(0.9 * expected < letters[sign] < 1.1 * expected for sign in ALPHABET), letters


def test_a_code_depends_on_the_class_its_serial_and_the_secret_key(settings: Settings) -> None:
    code = codes.class_code(SOMEONE, 0)
    assert codes.class_code(SOMEONE, 0) == code
    assert codes.class_code(SOMEONE, 1) != code
    assert codes.class_code(OTHER, 0) != code
    settings.SECRET_KEY = "another-key-" + "y" * 32
    assert codes.class_code(SOMEONE, 0) != code


@pytest.mark.parametrize("typed", ["abcd-efgh", "ABCDEFGH", " abcd efgh ", "ABCD–EFGH", "a.b.c.d e/f\tg\nh"])
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert codes.normalise(typed) == "ABCDEFGH"


def test_a_look_alike_is_not_guessed() -> None:
    assert codes.normalise("O0I1") == "O0I1"


def test_what_is_stored_of_a_code_is_worthless_without_the_key(settings: Settings) -> None:
    stored = codes.lookup_hash("ABCDEFGH")
    assert len(stored) == 64
    assert stored == codes.lookup_hash("ABCDEFGH")
    settings.SECRET_KEY = "another-key-" + "y" * 32
    assert codes.lookup_hash("ABCDEFGH") != stored


def test_a_write_token_has_128_bits_and_opens_one_response_only() -> None:
    token = codes.write_token(SOMEONE)
    assert len(token) == 22
    assert codes.is_write_token(token, SOMEONE)
    assert not codes.is_write_token(token, OTHER)
    assert not codes.is_write_token(token[:-1], SOMEONE)
    assert not codes.is_write_token("", SOMEONE)
    assert not codes.is_write_token("blåbærsyltetøy", SOMEONE)


def test_a_changed_secret_key_stops_no_tablet_while_the_old_one_is_still_accepted(settings: Settings) -> None:
    token, old = codes.write_token(SOMEONE), settings.SECRET_KEY
    settings.SECRET_KEY = "another-key-" + "y" * 32
    assert not codes.is_write_token(token, SOMEONE)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert codes.is_write_token(token, SOMEONE)


def test_a_receipt_can_be_copied_by_hand() -> None:
    [receipt] = codes.receipts(SOMEONE)
    assert [len(part) for part in receipt.split("-")] == [4, 4, 4, 4]
    assert codes.receipt_hash(receipt.lower().replace("-", " ")) == codes.receipt_hash(receipt)
    assert codes.receipt_hash(receipt) != codes.receipt_hash(codes.receipts(OTHER)[0])


@pytest.mark.django_db
def test_two_classes_whose_codes_clash_get_different_ones(class_group: ClassGroup) -> None:
    clashing = codes.lookup_hash(codes.normalise(codes.class_code(class_group.pk, 0)))
    ClassGroupFactory.create(survey=class_group.survey, school=class_group.school, code_hash=clashing)
    services.open_lesson(class_group=class_group, opened_by=None)
    assert class_group.code_serial == 1
    assert class_group.code_hash == codes.lookup_hash(codes.normalise(codes.class_code(class_group.pk, 1)))


def _try(code: str, address: str = "192.0.2.1") -> "Answer":
    answer: Answer = Client().post(JOIN, {"code": code}, content_type="application/json", REMOTE_ADDR=address)
    return answer


@pytest.mark.django_db
def test_the_21st_wrong_code_of_a_minute_is_told_to_wait(clock: SimpleNamespace) -> None:
    assert {_try(WRONG).status_code for _ in range(20)} == {404}
    refused = _try(WRONG)
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert refused.json()["code"] == "too-many-tries"
    clock.time += timedelta(minutes=1)
    assert _try(WRONG).status_code == 404, "the next minute is a new one"


@pytest.mark.django_db
def test_a_right_code_is_never_stopped_by_others_wrong_ones(clock: SimpleNamespace, lesson: Lesson) -> None:
    while _try(WRONG).status_code != 429:
        pass
    group = lesson.class_group
    assert _try(codes.class_code(group.pk, group.code_serial)).status_code == 201


@pytest.mark.django_db
def test_one_address_cannot_use_up_the_budget_of_another(clock: SimpleNamespace, settings: Settings) -> None:
    settings.WRONG_CODES_TOTAL = 25
    assert [_try(WRONG, "192.0.2.1").status_code for _ in range(40)][-1] == 429
    assert [_try(WRONG, "192.0.2.2").status_code for _ in range(6)] == [404] * 5 + [429], "the whole site's budget"


@pytest.mark.django_db
def test_no_address_is_stored_and_an_old_minute_is_forgotten(clock: SimpleNamespace) -> None:
    _try(WRONG, "192.0.2.77")
    assert WrongTry.objects.count() == 2
    assert not WrongTry.objects.filter(address_hash__contains="192").exists()
    clock.time += timedelta(minutes=61)
    _try(WRONG, "192.0.2.77")
    assert set(WrongTry.objects.values_list("minute", flat=True)) == {clock.time.replace(second=0)}


@pytest.mark.django_db(transaction=True)
def test_forty_wrong_codes_at_the_same_moment_are_counted_as_forty(clock: SimpleNamespace) -> None:
    def try_once(_: int) -> int:
        try:
            return _try(WRONG).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        statuses = Counter(pool.map(try_once, range(40)))
    assert statuses == {404: 20, 429: 20}
