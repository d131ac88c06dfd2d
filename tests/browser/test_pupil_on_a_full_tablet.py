"""A tablet that keeps nothing: the last resort is a file that the teacher uploads. More: tests/faults/test_tablet_store.py."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.accounts import fill_in
from tests.browser.barriers import wrong_at
from tests.browser.conftest import DESK, PHONE, Site
from tests.browser.pupil import Pupil

REFUSED = "indexedDB.open = () => { throw new DOMException('refused', 'SecurityError'); };"


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
    assert wrong_at(teacher, DESK, PHONE) == []
    torn = file.with_name("torn.json")
    torn.write_text(file.read_text()[:-20])
    _choose(teacher, torn)
    expect(teacher.get_by_role("alert")).to_be_visible()
    assert wrong_at(teacher, DESK, PHONE) == []
    _choose(teacher, file)
    said = teacher.get_by_role("status").inner_text()
    assert wrong_at(teacher, DESK, PHONE) == []
    desk.close()
    return said


def _choose(teacher: Page, file: Path) -> None:
    teacher.get_by_label("Fil fra nettbrettet").set_input_files(file)
    teacher.get_by_role("button", name="Last opp").click()
