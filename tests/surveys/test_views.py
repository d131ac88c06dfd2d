"""The teacher's pages: classes, the lesson with its code and seats; and nothing that tells who wrote what."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from surveys import codes, services
from surveys.models import ClassGroup, Lesson, Presence, School, Survey, User
from tests.conftest import Tablet, a_place
from tests.factories import ClassGroupFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tors(client: Client, tor: User) -> Client:
    """Tor's browser."""
    client.force_login(tor)
    return client


def _page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"surveys:{name}", args=args))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_teacher_finds_the_classes_of_the_own_school(tors: Client, class_group: ClassGroup, bo: Tablet) -> None:
    page = _page(tors, "teacher")
    assert "5A – Fjellheim skole" in page
    assert "6B – Bekkevik skole" not in page, "Bo's class is at another school"
    assert "Økta er i gang" not in page


def test_a_teacher_without_classes_is_told_whom_to_ask(tors: Client) -> None:
    assert "Ingen klasser ennå" in _page(tors, "teacher")


def test_a_draft_shows_no_class_yet(tors: Client, class_group: ClassGroup) -> None:
    Survey.objects.update(status=Survey.Status.DRAFT)
    assert "Ingen klasser ennå" in _page(tors, "teacher")


def test_the_class_with_an_open_lesson_comes_first(tors: Client, class_group: ClassGroup) -> None:
    other = ClassGroupFactory.create(survey=class_group.survey, school=class_group.school, grade=7, letter="C")
    services.open_lesson(class_group=other, opened_by=None)
    page = _page(tors, "teacher")
    assert page.index("7C – ") < page.index("5A – ")
    assert page.count("Økta er i gang") == 1


def test_starting_a_lesson_shows_a_code_that_works(tors: Client, tor: User, class_group: ClassGroup) -> None:
    started = tors.post(reverse("surveys:start-lesson", args=[class_group.pk]))
    lesson = Lesson.objects.get()
    assert started["Location"] == reverse("surveys:lesson", args=[lesson.pk])
    assert lesson.opened_by == tor
    page = _page(tors, "lesson", lesson.pk)
    code = re.search(r'board__letters">([2-9A-Z]{4}-[2-9A-Z]{4})<', page)
    assert code
    assert Client().post("/api/v1/join", {"code": code[1]}, content_type="application/json").status_code == 201
    assert "127.0.0.1:8000/tegn/" in page
    assert "<svg" in page


def test_starting_twice_is_one_lesson(tors: Client, class_group: ClassGroup) -> None:
    url = reverse("surveys:start-lesson", args=[class_group.pk])
    assert tors.post(url)["Location"] == tors.post(url)["Location"]
    assert Lesson.objects.count() == 1
    assert "Vis koden på tavla" in _page(tors, "class-group", class_group.pk)


def test_a_lesson_outside_the_survey_s_dates_is_refused_in_words(tors: Client, class_group: ClassGroup) -> None:
    Survey.objects.update(status=Survey.Status.CLOSED)
    answer = tors.post(reverse("surveys:start-lesson", args=[class_group.pk]), headers={"Accept": "text/html"})
    assert answer.status_code == 403
    assert "Undersøkelsen er ikke åpen i dag." in answer.content.decode()


def test_the_board_shows_seats_and_who_is_done_and_nothing_they_wrote(tors: Client, ada: Tablet, lesson: Lesson) -> None:
    services.join(code=codes.class_code(lesson.class_group.pk, lesson.class_group.code_serial))
    ada.put(a_place(comment="Her bor mormor"))
    ada.finish()
    for name in ("lesson", "lesson-seats"):
        page = _page(tors, name, lesson.pk)
        assert re.search(r"<strong>2</strong> er med: 1 i gang, <strong>1</strong> er ferdig\.", page)
        assert page.index("blå rev") < page.index("rød bjørn")
        assert page.count("seats__seat--done") == 1
        assert page.count("seats__seat--joined") == 1
        assert "mormor" not in page
        assert str(ada.response) not in page
    picture = re.search(r'src="/static/(img/seats/[a-z_]+\.svg)"', page)
    assert picture
    assert (settings.BASE_DIR / "static" / picture[1]).is_file()


def test_the_board_is_never_kept_in_a_cache(tors: Client, lesson: Lesson) -> None:
    for name in ("lesson", "lesson-seats"):
        assert "no-store" in tors.get(reverse(f"surveys:{name}", args=[lesson.pk]))["Cache-Control"]


def test_pausing_and_going_on(tors: Client, lesson: Lesson) -> None:
    url = reverse("surveys:pause-lesson", args=[lesson.pk])
    tors.post(url, {"paused": "1"})
    assert "Fortsett" in _page(tors, "lesson", lesson.pk)
    tors.post(url, {"paused": "0"})
    lesson.refresh_from_db()
    assert not lesson.is_paused


def test_ending_a_lesson_takes_the_code_off_the_board(tors: Client, lesson: Lesson) -> None:
    answer = tors.post(reverse("surveys:end-lesson", args=[lesson.pk]))
    assert answer["Location"] == reverse("surveys:class-group", args=[lesson.class_group_id])
    page = _page(tors, "lesson", lesson.pk)
    assert "Økta er avsluttet" in page
    assert "board__letters" not in page
    answer = tors.post(reverse("surveys:pause-lesson", args=[lesson.pk]), {"paused": "1"})
    assert answer.status_code == 403, "what is over cannot be paused"


def test_a_lesson_that_has_run_out_shows_no_code_that_does_not_work(tors: Client, lesson: Lesson) -> None:
    now = timezone.now()
    Lesson.objects.update(opened_at=now - timedelta(hours=2), closes_at=now - timedelta(minutes=1))
    page = _page(tors, "lesson", lesson.pk)
    assert "Økta er avsluttet" in page
    assert "board__letters" not in page


def _pulse(tablet: Tablet, unsent: int = 0, changes: int = 0) -> None:
    services.pulse(response_id=tablet.response, unsent=unsent, changes=changes)


def test_the_board_says_who_is_stuck_who_is_silent_and_what_is_unsent(tors: Client, ada: Tablet, lesson: Lesson) -> None:
    _pulse(ada, unsent=2, changes=3)
    page = _page(tors, "lesson-seats", lesson.pk)
    assert "2 usendt" in page
    assert "1 har usendt arbeid på nettbrettet" in page
    Presence.objects.update(active_at=timezone.now() - timedelta(minutes=3, seconds=1))
    assert "1 står kanskje fast" in _page(tors, "lesson-seats", lesson.pk)
    Presence.objects.update(seen_at=timezone.now() - timedelta(minutes=1))
    assert "1 uten kontakt" in _page(tors, "lesson-seats", lesson.pk)


def test_ending_names_the_tablets_that_hold_unsent_work_and_ends_all_the_same(tors: Client, ada: Tablet, lesson: Lesson) -> None:
    _pulse(ada, unsent=2, changes=3)
    url = reverse("surveys:end-lesson", args=[lesson.pk])
    warned = tors.post(url)
    page = re.sub(r"\s+", " ", warned.content.decode())
    assert warned.status_code == 200
    assert "1 nettbrett har arbeid som ikke er sendt ennå:</strong> blå rev (2 usendt)." in page
    assert Lesson.objects.open_at().exists()
    assert tors.post(url, {"confirmed": "1"}).status_code == 302
    assert not Lesson.objects.open_at().exists()
    assert "1 nettbrett har fortsatt arbeid fra forrige økt" in _page(tors, "class-group", lesson.class_group_id)
    assert ada.put(a_place()).status_code == 201, "late work is taken"
    _pulse(ada)
    assert "fra forrige økt" not in _page(tors, "class-group", lesson.class_group_id)


def test_ending_says_of_how_many_tablets_it_is_unknown_what_they_hold(tors: Client, ada: Tablet, lesson: Lesson) -> None:
    """Long before they count as without contact: what was drawn since they last told may lie on them."""
    _pulse(ada, changes=3)
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=21))
    page = re.sub(r"\s+", " ", tors.post(reverse("surveys:end-lesson", args=[lesson.pk])).content.decode())
    assert (
        "1 nettbrett har vi ikke hørt fra på mer enn 20 sekunder:</strong> blå rev. Vi vet ikke om de har arbeid som ikke er sendt." in page
    )
    assert Lesson.objects.open_at().exists()


def test_a_seat_is_reset_after_a_question_and_can_be_restored(tors: Client, ada: Tablet, lesson: Lesson) -> None:
    _pulse(ada, changes=3)
    seat = reverse("surveys:reset-seat", args=[lesson.pk, 0])
    assert seat in _page(tors, "lesson", lesson.pk)
    assert "Nullstille blå rev?" in _page(tors, "reset-seat", lesson.pk, 0)
    tors.post(seat)
    page = _page(tors, "lesson", lesson.pk)
    assert "<strong>0</strong> er med" in page
    assert "Disse svarene teller ikke med" in page
    ending = tors.post(reverse("surveys:end-lesson", args=[lesson.pk])).content.decode()
    assert "1 nullstilt plass</strong> blir slettet for godt" in ending
    tors.post(reverse("surveys:restore-seat", args=[lesson.pk, 0]))
    assert "<strong>1</strong> er med" in _page(tors, "lesson", lesson.pk)
    assert tors.get(reverse("surveys:reset-seat", args=[lesson.pk, 7])).status_code == 404


def test_only_a_post_changes_anything(tors: Client, lesson: Lesson, class_group: ClassGroup) -> None:
    for name, key in (("start-lesson", class_group.pk), ("pause-lesson", lesson.pk), ("end-lesson", lesson.pk)):
        assert tors.get(reverse(f"surveys:{name}", args=[key])).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = tors.cookies
    assert strict.post(reverse("surveys:end-lesson", args=[lesson.pk])).status_code == 403, "not without the page's own token"
    lesson.refresh_from_db()
    assert lesson.closed_at is None


def test_ten_classes_take_as_many_queries_as_one(tors: Client, class_group: ClassGroup, school: School) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            _page(tors, "teacher")
        return len(seen)

    with_one = queries()
    ClassGroupFactory.create_batch(9, survey=class_group.survey, school=school)
    assert queries() == with_one <= 5
