"""Row 10 of the fault suite: two tabs of one browser, two tablets with one code, two tablets at one seat; both draw."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.fixtures import TABLET, Site
from tests.browser.pupil import Pupil
from tests.browser.tablet_store import HELD_BY_ANOTHER
from tests.faults.chromium import begun, is_hit_again_and_again, knock, note_with_words, place_with_words, returns
from tests.faults.diary import Diary
from tests.faults.proxy import FaultProxy, nothing_gets_through
from tests.faults.recorder import MOST_LESSONS, compare, join, live_until_hit
from tests.faults.tally import Tally
from tests.faults.weather import all_at_once, now_and_then

pytestmark = pytest.mark.fault(10)

SEATS = 3 * MOST_LESSONS


def test_two_tabs_draw_one_after_the_other_on_one_response(ada: Pupil, behind: Site, network: FaultProxy, tally: Tally) -> None:
    """The second takes over while the first has things on their way, and another that somebody was just writing; then it draws itself."""
    diary = begun(ada, network)
    network.plan = nothing_gets_through
    note_with_words(ada, diary)
    is_hit_again_and_again(ada, network)
    x, y = ada.school()
    ada.tile("Natur").tap()
    ada.hand.tap((x + 90, y - 120))
    diary.note("natur", "Under tr")
    ada.page.get_by_placeholder("Eller skriv med egne ord").press_sequentially("Under tr")
    second = Pupil(ada.page.context.new_page(), behind)
    second.page.goto(f"{behind.base}/tegn/")
    expect(second.page.get_by_role("heading", name="Tråkk er åpen et annet sted")).to_be_visible()
    second.button("Fortsett her").tap()
    second.button("Ja, fortsett").tap()
    expect(ada.page.get_by_role("heading", name="Du fortsatte et annet sted")).to_be_visible()
    expect(ada.page.locator(".work")).to_have_count(0)
    expect(second.mark("Fint")).to_be_visible()
    expect(second.mark("Natur")).to_be_visible()
    diary.ada = second
    second.step("Bra steder")
    second.place("Utsikt", (x - 60, y + 60))
    diary.note("utsikt")
    returns(second, network)
    knock(ada)  # the first has the same in its memory, and keeps out of it
    second.is_safe()
    tally.count(diary.compare(hands_in=False), hits=network.hits.total())
    second.page.close()


def test_a_second_tab_waits_for_what_the_first_is_just_writing(ada: Pupil, behind: Site, network: FaultProxy, tally: Tally) -> None:
    """A slow disk has the first letter; the others wait in the first tab's memory when the second is told to go on."""
    diary = begun(ada, network)
    network.plan = nothing_gets_through
    x, y = ada.school()
    ada.place("Fint", (x - 120, y - 90))
    ada.mark("Fint").tap()
    is_hit_again_and_again(ada, network)
    second, disk = Pupil(ada.page.context.new_page(), behind), ada.page.context.new_page()
    second.page.goto(f"{behind.base}/tegn/")
    expect(second.page.get_by_role("heading", name="Tråkk er åpen et annet sted")).to_be_visible()
    disk.goto(f"{behind.base}/mine-svar/")
    disk.evaluate(HELD_BY_ANOTHER)
    ada.page.get_by_placeholder("Eller skriv med egne ord").press_sequentially("Under treet")
    second.button("Fortsett her").tap()
    expect(ada.page.get_by_role("heading", name="Du fortsatte et annet sted")).to_be_visible()
    disk.evaluate("() => { window.letsGo = true; }")
    second.button("Ja, fortsett").tap()
    second.mark("Fint").tap()
    expect(second.page.get_by_placeholder("Eller skriv med egne ord")).to_have_value("Under treet")
    diary.ada = second
    diary.note("fint", "Under treet")
    returns(second, network)
    second.is_safe()
    tally.count(diary.compare(hands_in=False), hits=network.hits.total())
    for page in (second.page, disk):
        page.close()


def test_two_tablets_with_one_code_are_two_children(ada: Pupil, behind: Site, network: FaultProxy, chromium: Browser, tally: Tally) -> None:
    """Both draw at once; each has its own, and sees nothing of the other's."""
    other = chromium.new_context(viewport=TABLET, has_touch=True, locale="nb-NO", timezone_id="Europe/Oslo", reduced_motion="reduce")
    bo = Pupil(other.new_page(), behind)
    pupils = {"Bak gjerdet": ada, "Ved bekken": bo}
    diaries = [begun(ada, network, says="Flere trær"), begun(bo, network, says="En lengre sykkelveg")]
    network.plan = nothing_gets_through
    for (words, pupil), diary in zip(pupils.items(), diaries, strict=True):
        place_with_words(pupil, words)
        diary.note("fint", words)
    for pupil in pupils.values():
        is_hit_again_and_again(pupil, network)
    for pupil in pupils.values():
        returns(pupil, network)
        pupil.is_safe()
    ours, theirs = diaries
    assert ours.response != theirs.response
    _sees_nothing_of(ours, bo)
    _sees_nothing_of(theirs, ada)
    verdict = compare(behind, [diary.tell(hands_in=False) for diary in diaries])
    verdict.anothers += ours.seen + theirs.seen
    tally.count(verdict, hits=network.hits.total())
    other.close()


def _sees_nothing_of(diary: Diary, another: Pupil) -> None:
    diary.shown_to_another(another.page.content(), str(another.kept()))


def test_two_tablets_at_one_seat_keep_what_both_draw(site: Site, network: FaultProxy, tally: Tally) -> None:
    """As when answers are taken up on another tablet by their receipt, and the first goes on, too; in all weathers at once."""
    seats = join(site, network.base, SEATS)
    network.plan = now_and_then(all_at_once, 10, share=0.4)
    # both of a seat in the same lesson: live_until_hit deals them out one by one
    dealt = [seat for lesson in range(0, SEATS, MOST_LESSONS) for seat in [*seats[lesson : lesson + MOST_LESSONS]] * 2]
    told = live_until_hit(network.base, dealt, network.hits.total, seed=10)
    assert len({child["response"] for child in told}) < len(told)
    tally.count(compare(site, told), hits=network.hits.total())
