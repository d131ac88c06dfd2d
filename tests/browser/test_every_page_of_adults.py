"""Every page that an adult can reach by a link, on a desk and a phone: nothing that axe objects to, and no word missing or cut off."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page, expect

from tests.browser.accounts import log_in
from tests.browser.barriers import barriers, flaws
from tests.browser.conftest import DESK, PHONE, Site

REACHED: dict[str, set[str]] = {
    "nobody": {"home", "login", "mapping:own-answers", "followup:releases", "followup:release"},
    "teacher": {
        "surveys:teacher", "surveys:class-group", "surveys:lesson", "surveys:lesson-plan", "surveys:code-sheet",
        "surveys:sheet", "surveys:draw-for", "followup:class-map", "followup:paper-sheet", "mapping:rescue",
    },
    "planner": {
        "home", "analysis:surveys", "analysis:workbench", "analysis:plan", "surveys:setup", "surveys:new-survey", "surveys:edit-sheets",
        "surveys:access-tokens", "analysis:layers", "analysis:layer", "analysis:delete-layer",
        "mapping:words", "mapping:judgements", "analysis:turnout", "analysis:publishing", "analysis:withdraw", "surveys:draw-for",
        "editor:content", "editor:category", "editor:question", "editor:theme", "editor:new-category", "editor:new-question",
        "editor:new-theme", "editor:area", "editor:rules", "editor:schools",
        "analysis:crosstab", "analysis:spoken-words", "analysis:school-ways",
    },
    "politician": {"home", "followup:releases", "followup:release"},
    "operator": {
        "admin:index", "admin:mapping_basemap_add", "admin:surveys_user_change", "admin:surveys_school_change",
        "admin:surveys_municipality_change", "admin:surveys_category_change", "admin:surveys_accesstoken_delete",
    },
}  # fmt: skip
"""Some of what each role must have come to, lest nobody notice that links are gone."""
PER_VIEW = 2
"""So many pages of one kind: the second class's page is the first one's with other words."""
# What answers a GET with something else than a page of its own, or is a page only after a form: those are in other tests.
NO_PAGES = {
    "surveys:lesson-seats", "surveys:start-lesson", "surveys:pause-lesson", "surveys:restore-seat", "surveys:set-languages",
    "surveys:change-state", "surveys:revoke-token", "mapping:worker", "mapping:manifest", "mapping:basemap", "mapping:survey-map",
    "mapping:admin-ground", "mapping:recording", "mapping:judge", "mapping:undo", "followup:cells", "followup:national",
    "followup:ground", "followup:class-ground", "followup:paper-ground", "analysis:make-draft", "analysis:summary", "analysis:marks",
    "analysis:hexagons", "analysis:heat", "analysis:spots", "analysis:streets", "analysis:difference", "analysis:within",
    "analysis:plans", "analysis:plan-marks", "analysis:export", "analysis:turnout-csv", "logout", "favicon", "health", "mapping:draw",
    "editor:change-part", "editor:copy", "editor:preview", "analysis:crosstab-csv", "analysis:layers-home", "analysis:replace-layer",
    "analysis:layer-things", "analysis:tile", "analysis:save-view", "analysis:saved-view", "analysis:rename-view",
    "analysis:delete-view", "analysis:area-choices", "analysis:area-outline",
}  # fmt: skip


class Visitor:
    """Somebody who follows every link, and what is wrong with what they find."""

    def __init__(self, page: Page, site: Site, role: str) -> None:
        self.page, self.site, self.role = page, site, role
        self.seen: Counter[str] = Counter()
        self.wrong: dict[str, list[str]] = {}

    def enter(self) -> None:
        """Log in, as whoever it is."""
        if self.role == "nobody":
            self.page.goto(f"{self.site.base}/logg-inn/")
            return
        log_in(self.page, self.site, self.role)
        expect(self.page.get_by_role("button", name="Logg ut")).to_be_visible()

    def visit_all(self) -> None:
        """From the front page on."""
        waiting, known = ["/"], {"/"}
        while waiting:
            path = waiting.pop(0)
            view = _view_of(path)
            if view is None or self.seen[view] >= (1 if view.startswith("admin:") else PER_VIEW):
                continue
            self.seen[view] += 1
            for link in self._look_at(path):
                if link not in known:
                    known.add(link)
                    waiting.append(link)

    def _look_at(self, path: str) -> Iterator[str]:
        answer = self.page.goto(self.site.base + path)
        assert answer is not None
        assert answer.status == 200, path
        is_admin = path.startswith("/admin/")
        for screen in (DESK, PHONE):
            self.page.set_viewport_size(screen)
            expect(self.page.locator("[aria-busy=true]")).to_have_count(0)
            found = flaws(self.page, codes_are_shown=is_admin)
            if screen is DESK or not is_admin:
                found += barriers(self.page)
            if found:
                self.wrong[f"{path} {screen['width']}"] = found
        links = self.page.evaluate("() => [...document.querySelectorAll('a[href]:not([download])')].map((link) => link.href)")
        yield from (urlsplit(link).path for link in links if link.startswith(self.site.base + "/"))


def _view_of(path: str) -> str | None:
    """The name of what answers a path; None when that is no page of ours."""
    try:
        view = resolve(path).view_name
    except Resolver404:
        return None
    return None if view in NO_PAGES or view.startswith("api-") or view == "" else view


@pytest.mark.parametrize("role", REACHED)
def test_no_page_that_a_role_reaches_has_a_barrier_or_a_flaw(page: Page, site: Site, role: str) -> None:
    visitor = Visitor(page, site, role)
    visitor.enter()
    visitor.visit_all()
    assert visitor.wrong == {}
    assert REACHED[role] - set(visitor.seen) == set()
