"""Decisions on children's words: what becomes of the words, what is written down, what is refused, and how it is taken back."""

import threading
import time
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mapping.models import Judgement, Mark
from mapping.services import drop_comment, release_comment, state_of, undo_judgement
from surveys.errors import AlreadyJudged, DomainError, InvalidAnswer, NotAllowed, NotFound
from surveys.models import Response, Survey, User
from tests.conftest import Tablet, a_place

PATIENCE_S = 60
"""How long another thread may take on a machine that does many things at once."""


@pytest.fixture
def mark(ada: Tablet) -> Mark:
    """Ada's words, held."""
    ada.put(a_place(comment="Fint å leke her med ingrid"))
    return Mark.objects.get()


def words_of(mark: Mark) -> tuple[str, str, str, object]:
    """All that a decision may change."""
    now = Mark.objects.get(pk=mark.pk)
    return now.comment, now.comment_state, now.published_comment, now.moderated_on


def log_of(mark: Mark) -> list[tuple[str, str]]:
    """Decisions on a mark's words, oldest first, and from which state each was."""
    return list(Judgement.objects.filter(mark=mark).order_by("pk").values_list("decision", "from_state"))


@pytest.mark.django_db
def test_each_decision_is_written_down_with_who_and_when_and_never_the_words(mark: Mark, pia: User, survey: Survey) -> None:
    before = timezone.now()
    release_comment(mark=mark, by=pia, confirmed=True)
    judgement = Judgement.objects.get()
    assert (judgement.mark, judgement.survey, judgement.by) == (mark, survey, pia)
    assert before <= judgement.at <= timezone.now()
    assert log_of(mark) == [("released", "held")]
    assert words_of(mark)[1:] == ("released", mark.comment, timezone.localdate())
    row = Judgement.objects.filter(pk=judgement.pk).values().get()
    assert not [value for value in row.values() if isinstance(value, str) and "ingrid" in value]


@pytest.mark.django_db
def test_words_that_were_changed_are_written_down_as_edited(mark: Mark, pia: User) -> None:
    release_comment(mark=mark, text=f"  {mark.comment} ", by=pia, confirmed=True)
    assert log_of(mark) == [("released", "held")], "spaces are no change"
    undo_judgement(judgement=Judgement.objects.get())
    release_comment(mark=Mark.objects.get(), text="Fint å leke her", by=pia)
    assert log_of(mark)[-1] == ("edited", "held")
    assert words_of(mark)[2] == "Fint å leke her"


@pytest.mark.django_db
def test_what_the_rules_find_is_released_only_by_who_has_confirmed_it(mark: Mark, pia: User) -> None:
    with pytest.raises(InvalidAnswer, match="navn") as refusal:
        release_comment(mark=mark, by=pia)
    assert refusal.value.code == "flags-left"
    with pytest.raises(InvalidAnswer, match="telefonnummer"):
        release_comment(mark=mark, text="ring 412 34 567", by=pia)
    assert words_of(mark)[1:] == ("held", "", None)
    assert log_of(mark) == []
    release_comment(mark=mark, text="Fint å leke her med en venn", by=pia)
    assert words_of(mark)[1] == "released"


@pytest.mark.django_db
@pytest.mark.parametrize("decision", ["released", "edited", "dropped"])
def test_undoing_brings_everything_back_as_it_was(mark: Mark, pia: User, decision: str) -> None:
    before, state = words_of(mark), state_of(mark)
    if decision == "dropped":
        judgement = drop_comment(mark=mark, by=pia)
    else:
        judgement = release_comment(mark=mark, text="Fint" if decision == "edited" else None, by=pia, confirmed=True)
    left = words_of(mark)[1]
    assert left != "held"
    undo_judgement(judgement=judgement, by=pia)
    assert words_of(mark) == before
    assert state_of(Mark.objects.get()) == state
    assert log_of(mark) == [(decision, "held"), ("undone", left)]


@pytest.mark.django_db
def test_a_judgement_is_undone_once_and_only_while_it_stands(mark: Mark, pia: User) -> None:
    first = release_comment(mark=mark, by=pia, confirmed=True)
    undone = undo_judgement(judgement=first, by=pia)
    for judgement in (first, undone):
        with pytest.raises(AlreadyJudged, match="angret"):
            undo_judgement(judgement=judgement, by=pia)
    second = drop_comment(mark=Mark.objects.get(), by=pia)
    with pytest.raises(AlreadyJudged):
        undo_judgement(judgement=first, by=pia)
    assert list(Judgement.objects.standing()) == [second]
    assert words_of(mark)[1] == "dropped"


@pytest.mark.django_db
def test_earlier_decisions_are_undone_in_any_order(ada: Tablet, pia: User) -> None:
    for number in range(4):
        ada.put(a_place(comment=f"Ord {number}"))
    marks = list(Mark.objects.order_by("comment"))
    judgements = [release_comment(mark=mark, by=pia) for mark in marks]
    undo_judgement(judgement=judgements[1], by=pia)
    undo_judgement(judgement=judgements[3], by=pia)
    assert [words_of(mark)[1] for mark in marks] == ["released", "held", "released", "held"]
    assert set(Judgement.objects.standing()) == {judgements[0], judgements[2]}


@pytest.mark.django_db
def test_the_second_decision_is_told_of_the_first_and_by_whom(mark: Mark, pia: User) -> None:
    pia.first_name, pia.last_name = "Pia", "Plan"
    pia.save()
    seen = state_of(mark)
    drop_comment(mark=mark, by=pia, seen=seen)
    with pytest.raises(AlreadyJudged, match="holdt tilbake av Pia Plan"):
        release_comment(mark=mark, by=pia, seen=seen, confirmed=True)
    assert words_of(mark)[1] == "dropped"
    assert log_of(mark) == [("dropped", "held")]


@pytest.mark.django_db
def test_words_that_their_child_changed_are_not_released_unread(ada: Tablet, mark: Mark, pia: User) -> None:
    seen = state_of(mark)
    assert ada.put(a_place(comment="Noe ganske annet", rev=2), mark.pk).status_code == 200
    for decide in (release_comment, drop_comment):
        with pytest.raises(AlreadyJudged, match="Eleven har endret"):
            decide(mark=mark, by=pia, seen=seen)
    assert words_of(mark)[:2] == ("Noe ganske annet", "held")


@pytest.mark.django_db
def test_new_words_after_a_decision_are_held_and_the_old_decision_cannot_be_undone(ada: Tablet, mark: Mark, pia: User) -> None:
    judgement = release_comment(mark=mark, by=pia, confirmed=True)
    ada.put(a_place(comment="Nye ord", rev=2), mark.pk)
    assert words_of(mark)[:3] == ("Nye ord", "held", "")
    assert not Judgement.objects.standing().exists()
    with pytest.raises(AlreadyJudged):
        undo_judgement(judgement=judgement, by=pia)


@pytest.mark.django_db
def test_after_the_childs_own_words_are_gone_nothing_is_undone(mark: Mark, pia: User) -> None:
    judgement = release_comment(mark=mark, by=pia, confirmed=True)
    Mark.objects.update(comment="")
    with pytest.raises(NotAllowed, match="90 dager"):
        undo_judgement(judgement=judgement, by=pia)
    assert words_of(mark)[1] == "released"
    assert not Judgement.objects.standing().exists()


@pytest.mark.django_db
def test_a_mark_without_words_or_withdrawn_is_not_judged(ada: Tablet, mark: Mark, pia: User) -> None:
    ada.put(a_place())
    with pytest.raises(NotAllowed, match="ingen ord"):
        release_comment(mark=Mark.objects.get(comment=""), by=pia)
    ada.delete(mark.pk, 2)
    with pytest.raises(NotFound, match="trukket"):
        drop_comment(mark=mark, by=pia)
    assert not Judgement.objects.exists()


@pytest.mark.django_db
def test_a_decision_that_cannot_be_written_down_is_not_made(mark: Mark, pia: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Judgement, **_: Any) -> None:
        raise IntegrityError("no room")

    monkeypatch.setattr(Judgement, "save", fail)
    with pytest.raises(IntegrityError):
        release_comment(mark=mark, by=pia, confirmed=True)
    assert words_of(mark)[1:] == ("held", "", None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["deleted by its child", "withdrawn", "answers deleted", "survey deleted"])
def test_the_log_of_a_mark_goes_with_it(ada: Tablet, mark: Mark, pia: User, way: str) -> None:
    ada.put(a_place("bade", comment="Kaldt"))
    kept = Mark.objects.get(comment="Kaldt")
    for judged in (mark, kept):
        release_comment(mark=judged, by=pia, confirmed=True)
    if way == "deleted by its child":
        assert ada.delete(mark.pk, 2).status_code == 204
        assert list(Judgement.objects.values_list("mark", flat=True)) == [kept.pk]
        return
    if way == "withdrawn":
        assert ada.withdraw().status_code == 204
    elif way == "answers deleted":
        Response.objects.all().delete()
    else:
        Survey.objects.all().delete()
    assert not Mark.objects.exists()
    assert not Judgement.objects.exists()


@pytest.mark.django_db
def test_a_planner_who_leaves_leaves_the_log_without_a_name(mark: Mark, pia: User) -> None:
    drop_comment(mark=mark, by=pia)
    pia.delete()
    assert Judgement.objects.get().by is None


@pytest.mark.django_db
@pytest.mark.parametrize(("decision", "from_state"), [("released", "released"), ("undone", "held")])
def test_the_database_takes_no_line_that_cannot_be(mark: Mark, survey: Survey, decision: str, from_state: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Judgement.objects.create(mark=mark, survey=survey, decision=decision, from_state=from_state)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", ["decides too", "undoes too"])
def test_of_two_planners_at_once_the_second_is_refused(mark: Mark, pia: User, second: str) -> None:
    """Pia's transaction is open, with her decision in it, when her colleague's begins on a connection of its own."""
    seen = state_of(mark)
    earlier = drop_comment(mark=mark, by=pia) if second == "undoes too" else None
    outcome: list[object] = []

    def decide() -> None:
        try:
            outcome.append(undo_judgement(judgement=earlier) if earlier else drop_comment(mark=mark, seen=seen))
        except DomainError as refusal:
            outcome.append(type(refusal))
        finally:
            connection.close()

    colleague = threading.Thread(target=decide)
    try:
        with transaction.atomic():
            if earlier:
                undo_judgement(judgement=earlier, by=pia)
            else:
                release_comment(mark=mark, by=pia, seen=seen, confirmed=True)
            colleague.start()
            _until_somebody_waits_for_a_row()
            assert outcome == []
    finally:
        colleague.join(PATIENCE_S)
    assert outcome == [AlreadyJudged]
    assert words_of(mark)[1] == ("held" if earlier else "released")
    assert len(log_of(mark)) == (2 if earlier else 1)


def _until_somebody_waits_for_a_row() -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05), count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[1]:
                return
    pytest.fail("the colleague never came to the row")
