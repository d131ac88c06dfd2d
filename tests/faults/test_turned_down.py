"""Rows 7, 9 and 15 of the fault suite in a real browser: what somebody on the way turns down, what is sent twice, what comes too late."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from surveys.seats import seat
from tests.browser.accounts import fill_in, log_in
from tests.browser.fixtures import DESK, Site
from tests.browser.pupil import Pupil
from tests.faults.chromium import ON_TABLET, begun, is_hit_again_and_again, knock, note_with_words, returns
from tests.faults.proxy import Fault, FaultProxy, all_gets_through, nothing_gets_through, reply
from tests.faults.tally import Tally
from tests.patience import until

TOO_LARGE = Fault("replace", reply=reply(413, "<h1>413 Request Entity Too Large</h1>"))


@pytest.fixture
def desk(chromium: Browser, site: Site) -> Iterator[Page]:
    """The teacher's screen."""
    context = chromium.new_context(viewport=DESK, locale="nb-NO", timezone_id="Europe/Oslo", reduced_motion="reduce")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.mark.fault(7)
def test_what_a_proxy_finds_too_large_is_kept_and_the_teacher_sees_it(
    ada: Pupil, site: Site, network: FaultProxy, desk: Page, tally: Tally
) -> None:
    """It cannot be told from a proxy's whim, so that it is tried again, ever more seldom; the others do not wait for it.

    The child's page says what is true, and the adult is told by the board, where the count stays and ending the lesson warns.
    """
    diary = begun(ada, network)
    x, y = ada.school()
    large: list[str] = []

    def too_large(method: str, path: str) -> Fault | None:
        if method == "PUT" and "/marks/" in path and not large:
            large.append(path)
        return TOO_LARGE if path in large else None

    network.plan = too_large
    note_with_words(ada, diary)
    is_hit_again_and_again(ada, network)
    ada.place("Natur", (x + 90, y - 120))
    diary.note("natur")

    def is_natur_there() -> bool:
        knock(ada)
        return [mark["category"] for mark in ada.stored()] == ["natur"]

    until(is_natur_there, "the other one to get through")
    expect(ada.save_state()).to_have_text(ON_TABLET)
    lesson, number = site.rows("SELECT lesson_id, seat FROM surveys_response WHERE id = %s", diary.response)[0]
    log_in(desk, site, "teacher", then=f"/skole/okt/{lesson}/")
    name = seat(number).words["nb"]
    expect(desk.locator(".seats__seat", has=desk.get_by_text(name, exact=True))).to_contain_text("1 usendt")
    desk.get_by_role("button", name="Avslutt økta").click()
    expect(desk.locator(".alert")).to_contain_text(f"{name} (1 usendt)")
    returns(ada, network)
    ada.is_safe()
    tally.count(diary.compare(hands_in=False), hits=network.hits.total())


@pytest.mark.fault(9)
def test_a_double_tap_on_send_hands_in_once(ada: Pupil, site: Site, network: FaultProxy, tally: Tally) -> None:
    """And again and again, since no reply comes: it is one handing in with one receipt."""
    diary = begun(ada, network)
    note_with_words(ada, diary)
    ada.is_safe()
    ada.step("Kartet mitt")
    send = ada.button("Jeg er ferdig")
    ada.answer_on_until(send)
    network.plan = lambda _method, path: Fault("drop") if path.endswith("/finish") else None
    box = send.bounding_box()
    assert box is not None
    ada.hand.tap_twice((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    is_hit_again_and_again(ada, network)
    finished = site.rows("SELECT finished_at, receipt_hash FROM surveys_response WHERE id = %s", diary.response)
    returns(ada, network)
    expect(ada.page.locator(".receipt-code")).to_be_visible()
    assert site.rows("SELECT finished_at, receipt_hash FROM surveys_response WHERE id = %s", diary.response) == finished
    assert sum(path.endswith("/finish") for _, path, _ in network.sent) > 10
    tally.count(diary.compare(), hits=network.hits.total())


@pytest.mark.fault(15)
def test_what_comes_too_late_stays_on_the_tablet_and_becomes_a_file(
    ada: Pupil, site: Site, network: FaultProxy, desk: Page, tmp_path: Path, tally: Tally
) -> None:
    """The class is over and the week after it, too, when a tablet finds its network again: refused clearly, and nothing thrown away."""
    diary = begun(ada, network)
    network.plan = nothing_gets_through
    note_with_words(ada, diary)
    is_hit_again_and_again(ada, network)
    set_until = "UPDATE surveys_response SET writable_until = now() + %s * interval '1 day' WHERE id = %s RETURNING lesson_id"
    [(lesson,)] = site.rows(set_until, -1, diary.response)
    network.plan = all_gets_through
    knock(ada)
    expect(ada.page.locator(".pin.is-troubled")).to_be_visible()
    expect(ada.save_state()).to_have_text(ON_TABLET)
    assert ada.unsent() == 1
    assert ada.stored() == []
    ada.button("Åpne menyen").tap()
    with ada.page.expect_download() as download:
        ada.button("Lag fil til læreren").tap()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    site.rows(set_until, 1, diary.response)  # as the municipality has agreed to
    desk.goto(f"{site.base}/skole/okt/{lesson}/last-opp/")
    fill_in(desk, site, "teacher")
    desk.get_by_label("Fil fra nettbrettet").set_input_files(file)
    desk.get_by_role("button", name="Last opp").click()
    expect(desk.get_by_role("status")).to_contain_text("én ting er trygt lagret")
    ada.page.reload()
    ada.button("Ja, fortsett").tap()
    ada.is_safe()
    tally.count(diary.compare(hands_in=False), hits=network.hits.total())
