"""A tablet that keeps nothing: the child is told, all is sent at once, and the last resort is a file that the teacher uploads."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.accounts import fill_in
from tests.browser.conftest import DESK, Site
from tests.browser.pupil import Pupil

WARNING = "Nettbrettet får ikke tatt vare på det du gjør."

REFUSED = "indexedDB.open = () => { throw new DOMException('refused', 'SecurityError'); };"
FULL = """() => {
    window.kept = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
}"""
ROOM_AGAIN = "() => { IDBObjectStore.prototype.put = window.kept; }"


def test_storage_refused_is_said_and_all_is_sent_at_once(page: Page, site: Site) -> None:
    page.add_init_script(REFUSED)
    ada = Pupil(page, site)
    ada.begin()
    expect(page.locator(".banner")).to_contain_text(WARNING)
    ada.step("Bra steder")
    x, y = ada.school()
    ada.place("Fint", (x - 120, y - 90))
    ada.is_safe()
    [path] = [path for method, path, _ in ada.bodies if method == "PUT"]
    assert site.rows("SELECT count(*) FROM mapping_mark WHERE id = %s", path.rpartition("/")[2]) == [(1,)]


def test_a_tablet_that_gets_full_says_so_and_keeps_again_when_there_is_room(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    x, y = ada.school()
    with ada.offline():
        page.evaluate(FULL)
        ada.place("Fint", (x - 120, y - 90))
        expect(page.locator(".banner")).to_contain_text(WARNING)
        expect(ada.save_state()).to_have_text("Venter på nett")
        page.evaluate(ROOM_AGAIN)
        ada.place("Natur", (x + 90, y - 120))
        expect(ada.save_state()).to_have_text("Trygt på nettbrettet")
        assert ada.unsent() == 2, "what found no room before is kept now, too"
    ada.is_safe()
    assert [mark["category"] for mark in ada.stored()] == ["fint", "natur"]


def test_the_teacher_uploads_what_the_tablet_cannot_send(page: Page, site: Site, chromium: Browser, tmp_path: Path) -> None:
    page.add_init_script(REFUSED)
    ada = Pupil(page, site)
    ada.begin()
    ada.step("Bra steder")
    x, y = ada.school()
    with ada.offline():
        ada.place("Fint", (x - 120, y - 90))
        expect(ada.save_state()).to_have_text("Venter på nett")
        ada.button("Åpne menyen").tap()
        expect(ada.button("Neste elev")).to_have_count(0)
        with page.expect_download() as download:
            ada.button("Lag fil til læreren").tap()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        assert file.name.startswith("trakk-")
        response = file.read_text().partition('"response":"')[2][:36]
        assert site.rows("SELECT count(*) FROM mapping_mark WHERE response_id = %s", response) == [(0,)]
        said = _upload_as_teacher(chromium, site, response, file)
        assert "én ting er trygt lagret" in said
        assert site.rows("SELECT count(*) FROM mapping_mark WHERE response_id = %s", response) == [(1,)]
    ada.button("Lukk").tap()
    ada.is_safe()
    assert site.rows("SELECT count(*), max(rev) FROM mapping_mark WHERE response_id = %s", response) == [(1, 1)], "and not twice"


def _upload_as_teacher(chromium: Browser, site: Site, response: str, file: Path) -> str:
    lesson = site.rows("SELECT lesson_id FROM surveys_response WHERE id = %s", response)[0][0]
    desk = chromium.new_context(viewport=DESK, locale="nb-NO")
    teacher = desk.new_page()
    # who is not logged in is asked to, and comes back here
    teacher.goto(f"{site.base}/skole/okt/{lesson}/last-opp/")
    fill_in(teacher, site, "teacher")
    teacher.get_by_label("Fil fra nettbrettet").set_input_files(file)
    teacher.get_by_role("button", name="Last opp").click()
    said = teacher.get_by_role("status").inner_text()
    desk.close()
    return said
