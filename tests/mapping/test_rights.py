"""Rights without identity: the receipt reads, changes and withdraws for thirty days, and wrong receipts are counted."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import orjson
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from analysis.filters import MarkFilter
from analysis.services import build_release
from analysis.summary import summarise
from mapping.models import Mark
from mapping.services import delete_expired
from surveys import services
from surveys.catalog import own_answers_texts
from surveys.errors import CodeRefused, NotAllowed
from surveys.languages import drafts, known_languages
from surveys.models import Lesson, Response, Survey
from tests.conftest import Tablet, a_place, a_way
from tests.factories import MarkFactory, ResponseFactory

pytestmark = pytest.mark.django_db

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

PAGE = "/mine-svar/"


@pytest.fixture
def receipt(ada: Tablet) -> str:
    """Ada has drawn, answered and finished; this is what she wrote down."""
    ada.put(a_place(comment="Her er det <b>gøy</b>"))
    ada.put(a_way())
    ada.put_answers(1, {"dager_ute": 4, "hvor_ofte": {"skogen": "ofte"}})
    code: str = ada.finish().json()["receipt"]
    return code


def _open(code: str, **more: str) -> "Answer":
    answer: Answer = Client().post(PAGE, {"code": code, **more})
    return answer


def _take_up(code: str) -> "Answer":
    answer: Answer = Client().post("/api/v1/receipt", orjson.dumps({"code": code}), content_type="application/json")
    return answer


def test_the_receipt_opens_ones_own_answers_in_words(receipt: str) -> None:
    answer = _open(receipt.lower().replace("-", " "))
    page = re.sub(r"\s+", " ", answer.content.decode())
    assert answer.status_code == 200
    assert "Leke" in page
    assert "«<bdi>Her er det &lt;b&gt;gøy&lt;/b&gt;</bdi>»" in page
    assert "Skoleveg" in page
    assert "<dd>4</dd>" in page
    assert "<dd>I skogen: Ofte</dd>" in page
    assert "no-store" in answer["Cache-Control"]


def test_asking_needs_no_account_and_leaves_no_trace_in_the_address(receipt: str) -> None:
    client = Client()
    page = client.get(PAGE).content.decode()
    assert 'method="post"' in page
    assert receipt not in client.get(PAGE, {"code": receipt}).content.decode()
    client.post(PAGE, {"code": receipt})
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize("code", ["", "ABCD-EFGH-JKMN-PQRS", "x" * 5000])
def test_a_wrong_receipt_opens_nothing(receipt: str, code: str) -> None:
    answer = _open(code)
    assert answer.status_code == 404
    assert "Koden passer ikke" in answer.content.decode()
    assert _take_up(code[:40]).status_code == 404


def test_wrong_receipts_are_limited_and_a_right_one_never_is(receipt: str) -> None:
    statuses = [_open("wrong").status_code for _ in range(settings.WRONG_CODES_PER_ADDRESS + 1)]
    assert statuses == [404] * settings.WRONG_CODES_PER_ADDRESS + [429]
    assert _take_up("wrong").status_code == 429, "the two doors have one budget"
    assert _open(receipt).status_code == 200
    assert _take_up(receipt).status_code == 200


def test_after_thirty_days_the_receipt_opens_nothing(receipt: str) -> None:
    Response.objects.update(finished_at=timezone.now() - timedelta(days=29, hours=23))
    assert _open(receipt).status_code == 200
    Response.objects.update(finished_at=timezone.now() - timedelta(days=31, seconds=1))
    assert _open(receipt).status_code == 404
    assert _take_up(receipt).status_code == 404


def test_the_thirtieth_day_counts_to_its_end_though_the_hour_is_forgotten(receipt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page names the last day; and who takes it up on that day may write."""
    Response.objects.update(finished_at=datetime(2026, 9, 7, 12, tzinfo=UTC), lesson=None)
    delete_expired(now=datetime(2026, 9, 20, tzinfo=UTC))
    clock = "django.utils.timezone.now"
    monkeypatch.setattr(clock, lambda: datetime(2026, 10, 7, 21, 59, tzinfo=UTC))
    page = _open(receipt)
    assert "til og med 7. oktober 2026" in page.content.decode()
    services.take_up(response=services.find_by_receipt(receipt))
    assert Response.objects.get().writable_until > timezone.now()
    monkeypatch.setattr(clock, lambda: datetime(2026, 10, 8, 0, 1, tzinfo=UTC))
    with pytest.raises(CodeRefused):
        services.find_by_receipt(receipt)


def test_taking_up_gives_the_right_to_write_again_after_the_lesson_s_seven_days(ada: Tablet, receipt: str, lesson: Lesson) -> None:
    services.close_lesson(lesson=lesson)
    Response.objects.update(writable_until=timezone.now() - timedelta(days=1), finished_at=timezone.now() - timedelta(days=9))
    assert ada.put(a_place()).status_code == 403
    joined = _take_up(receipt)
    body = orjson.loads(joined.content)
    assert joined.status_code == 200
    assert (body["response"], body["write_token"], body["finished"]) == (str(ada.response), ada.token, True)
    assert ada.put(a_place()).status_code == 201
    response = Response.objects.get()
    assert response.finished_at is not None
    last_day = (response.finished_at + timedelta(days=30)).astimezone(UTC).date()
    assert response.writable_until == datetime.combine(last_day + timedelta(days=1), time(), UTC)


@pytest.fixture
def never_handed_in(ada: Tablet) -> str:
    """Ada has drawn and left; the receipt stood on her tablet all the while."""
    ada.put(a_place(comment="Her er det gøy"))
    return services.receipt_of(Response.objects.get(pk=ada.response))


def test_who_never_pressed_the_button_may_read_change_and_withdraw(
    ada: Tablet, lesson: Lesson, never_handed_in: str, survey: Survey
) -> None:
    assert "gøy" in _open(never_handed_in).content.decode(), "in the lesson, too: the tablet may have died"
    services.close_lesson(lesson=lesson)
    Response.objects.update(writable_until=timezone.now() - timedelta(days=20))
    assert summarise(survey, MarkFilter()).marks == 1
    assert ada.put(a_place()).status_code == 403
    assert orjson.loads(_take_up(never_handed_in).content)["finished"] is False
    assert ada.put(a_place()).status_code == 201
    url, headers = f"/api/v1/responses/{ada.response}", {"Authorization": f"Receipt {never_handed_in}"}
    assert Client().get(url, headers=headers).status_code == 200
    assert Client().delete(url, headers=headers).status_code == 204
    assert summarise(survey, MarkFilter()).marks == 0


def test_what_was_never_handed_in_is_opened_for_thirty_days_from_when_nothing_could_come_any_more(
    lesson: Lesson, never_handed_in: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the forgotten hour nor the use of the receipt moves its last day."""
    Response.objects.update(writable_until=datetime(2026, 9, 7, 12, tzinfo=UTC))
    Lesson.objects.update(opened_at=datetime(2026, 8, 31, 10, tzinfo=UTC), closes_at=datetime(2026, 8, 31, 12, tzinfo=UTC))
    clock = "django.utils.timezone.now"
    monkeypatch.setattr(clock, lambda: datetime(2026, 9, 20, tzinfo=UTC))
    for _ in range(2):
        delete_expired()
        assert "til og med 7. oktober 2026" in _open(never_handed_in).content.decode()
        assert _take_up(never_handed_in).status_code == 200
    assert Response.objects.get().writable_until == datetime(2026, 10, 8, tzinfo=UTC)
    monkeypatch.setattr(clock, lambda: datetime(2026, 10, 7, 21, 59, tzinfo=UTC))
    assert _open(never_handed_in).status_code == 200
    monkeypatch.setattr(clock, lambda: datetime(2026, 10, 8, 0, 1, tzinfo=UTC))
    assert _open(never_handed_in).status_code == 404


def test_handing_in_at_last_gives_thirty_days_from_then(ada: Tablet, never_handed_in: str) -> None:
    Response.objects.update(writable_until=timezone.now() - timedelta(days=20))
    _take_up(never_handed_in)
    assert ada.finish().json()["receipt"] == never_handed_in
    response = Response.objects.get()
    assert response.finished_at is not None
    assert services.rights.receipt_ends(response).date() == response.finished_at.astimezone(UTC).date() + timedelta(days=31)


def test_a_deleted_survey_is_not_taken_up_but_may_be_read_and_withdrawn(receipt: str) -> None:
    Survey.objects.update(status=Survey.Status.DELETED)
    assert _take_up(receipt).status_code == 403
    assert _open(receipt).status_code == 200
    _open(receipt, withdraw="1", sure="1")
    assert not Response.objects.exists()


def test_withdrawing_needs_a_tick_and_then_everything_is_gone(receipt: str, bo: Tablet) -> None:
    bo.put(a_place())
    assert "Slett svarene mine" in _open(receipt, withdraw="1").content.decode()
    assert Response.objects.count() == 2
    assert "Svarene dine er slettet" in _open(receipt, withdraw="1", sure="1").content.decode()
    assert list(Mark.objects.values_list("response_id", flat=True)) == [bo.response]
    assert _open(receipt).status_code == 404


def test_what_is_withdrawn_is_in_no_aggregate_built_afterwards(receipt: str, lesson: Lesson, survey: Survey) -> None:
    for seat in range(100, 120):
        response = ResponseFactory.create(class_group=lesson.class_group, seat=seat)
        MarkFactory.create(response=response, category=survey.categories.get(code="leke"))
    assert (build_release(survey=survey).response_count, summarise(survey, MarkFilter()).marks) == (21, 22)
    _open(receipt, withdraw="1", sure="1")
    assert (build_release(survey=survey).response_count, summarise(survey, MarkFilter()).marks) == (20, 20)
    assert summarise(survey, MarkFilter(category=("skoleveg",))).marks == 0
    services.withdraw(response=Response.objects.get(seat=100))
    with pytest.raises(NotAllowed):
        build_release(survey=survey)


# what was drawn, how long, and that it is gone
IN_WORDS = {
    "nb": ("Dette har du tegnet", "Koden virker til og med", "Svarene dine er slettet"),
    "nn": ("Dette har du teikna", "Koden verkar til og med", "Svara dine er sletta"),
    "en": ("This is what you have drawn", "The code works until the end of", "Your answers are deleted"),
    "se": ("Dan leat sárgon", "Koda doaibmá", "Du vástádusat leat sihkkojuvvon"),
    "uk": ("Ось що намальовано", "Код діє до кінця дня", "Твої відповіді видалено"),
    "ar": ("هذا ما رسمته", "يعمل الرمز حتى نهاية يوم", "حُذفت إجاباتك"),
}


@pytest.fixture
def in_all(survey: Survey) -> Survey:
    """The survey in every language there is, drafts turned on."""
    survey.municipality.draft_languages = drafts()
    survey.municipality.save()
    return services.set_survey_languages(survey=survey, languages=list(IN_WORDS))


@pytest.mark.parametrize("language", IN_WORDS)
def test_the_page_is_in_the_language_that_is_chosen_to_the_last_word(receipt: str, in_all: Survey, language: str) -> None:
    drawn, works, gone = IN_WORDS[language]
    direction = known_languages()[language].direction
    asked = Client().get(PAGE, {"sprak": language}).content.decode()
    assert f'<html lang="{language}" dir="{direction}">' in asked
    assert f'name="language" value="{language}"' in asked
    page = _open(receipt, language=language).content.decode()
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert drawn in page
    assert works in page
    leke = in_all.categories.get(code="leke")
    assert f"{leke.words[language]['label']}</strong>" in page
    wrong = _open("wrong", language=language)
    assert own_answers_texts()[language]["wrong"] in wrong.content.decode()
    assert gone in _open(receipt, language=language, withdraw="1", sure="1").content.decode()


def test_every_language_has_every_word_of_the_page() -> None:
    assert sorted(own_answers_texts()) == sorted(known_languages())
    for language, words in own_answers_texts().items():
        assert sorted(words) == sorted(own_answers_texts()["nb"]), language
        assert ("{survey}" in words["until"], "{day}" in words["until"]) == (True, True), language


def test_a_draft_is_offered_where_it_is_on_and_nowhere_else(receipt: str, survey: Survey) -> None:
    assert 'lang="ar"' not in Client().get(PAGE).content.decode()
    assert '<html lang="nb"' in Client().get(PAGE, {"sprak": "ar"}).content.decode()
    page = _open(receipt, language="ar").content.decode()
    assert '<html lang="nb"' in page
    assert 'value="ar"' not in page
    assert 'value="nn"' in page


def test_who_chooses_nothing_reads_what_the_browser_would_rather(receipt: str) -> None:
    """In which language a child has answered is stored nowhere."""
    client = Client(headers={"Accept-Language": "sv,nn-NO;q=0.9,en;q=0.5"})
    assert '<html lang="nn"' in client.get(PAGE).content.decode()
    assert '<html lang="nn"' in client.post(PAGE, {"code": receipt}).content.decode()
    assert '<html lang="en"' in client.post(PAGE, {"code": receipt, "language": "en"}).content.decode()
    assert '<html lang="nb"' in Client(headers={"Accept-Language": "no"}).post(PAGE, {"code": receipt}).content.decode()
    assert '<html lang="nb"' in Client(headers={"Accept-Language": ";;,=\x00"}).get(PAGE).content.decode()
