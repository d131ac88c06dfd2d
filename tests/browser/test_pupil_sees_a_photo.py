"""Grades 1–4 begin on the photo from the air; everybody can turn to the map and back; a photo that does not come gives way to the map."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PHONE, TABLET, Site
from tests.browser.pupil import Pixel, Pupil
from tests.browser.tablet_store import wait_until_kept
from tests.browser.targets import wrong_with
from tests.browser.tiles import GREEN, NIGHT, SNOW, TileProvider, class_in_grade, photo_of, tile_provider
from tests.browser.walk import Walk, asked_in

GONE = "Flyfotoet kommer ikke fram nå. Her er det tegnede kartet."


@pytest.fixture
def provider(site: Site, tmp_path: Path) -> Iterator[TileProvider]:
    """A photo of the demo's municipality, turned on."""
    with tile_provider(tmp_path) as tiles, photo_of(site, tiles):
        yield tiles


@pytest.fixture
def tablet(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A fresh tablet that takes the provider's certificate."""
    context = chromium.new_context(
        viewport=getattr(request, "param", TABLET),
        has_touch=True,
        locale="nb-NO",
        reduced_motion="reduce",
        ignore_https_errors=True,
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(tablet: BrowserContext, site: Site, provider: TileProvider) -> Iterator[Page]:
    """A page that may load from the site and from the one provider that is turned on; whatever else it wants fails the test."""
    page = tablet.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    known = (site.base, provider.base, "data:", "blob:")
    page.on("request", lambda sent: None if sent.url.startswith(known) else wrong.append(sent.url))
    yield page
    assert not wrong, "\n".join(wrong)


def test_the_second_grade_begins_on_the_photo(page: Page, site: Site, provider: TileProvider) -> None:
    with class_in_grade(site, 2):
        ada = Pupil(page, site)
        ada.join()
        expect(page.locator("img.leaflet-tile-loaded").nth(3)).to_be_attached()
        expect(page.locator(".map")).to_have_class(_has("is-photo"))
        expect(page.locator(".leaflet-control-attribution")).to_contain_text("© Prøve")
        expect(ada.button("Se tegnet kart")).to_be_visible()
        assert wrong_with(page) == []
        ada.button("Hopp over").tap()
        ada.tile("Skoleveg").tap()
        x, y = ada.school()
        ada.hand.draw((x - 330, y - 10), (x - 140, y - 60), (x, y))
        expect(page.get_by_role("radio", name="Buss", exact=True)).to_be_visible()
        assert wrong_with(page) == []
    assert all(path.startswith("/nib/") for path in provider.asked)


def test_the_photo_has_no_barrier_for_a_child_who_reads_arabic(page: Page, site: Site, provider: TileProvider) -> None:
    with class_in_grade(site, 2), asked_in(site, "ar"):
        ada = Walk(page, site, "ar")
        ada.come_in()
        expect(page.locator("img.leaflet-tile-loaded").nth(3)).to_be_attached()
        assert wrong_with(page) == []
        page.locator(".step-button").nth(2).tap()
        ada.category("fint").tap()
        x, y = ada.school()
        ada.hand.tap((x - 60, y - 40))
        expect(page.locator(".sheet-head")).to_be_visible()
        assert wrong_with(page) == []


def test_the_fifth_grade_begins_on_the_map_and_asks_the_provider_for_nothing(page: Page, site: Site, provider: TileProvider) -> None:
    with class_in_grade(site, 5):
        ada = Pupil(page, site)
        ada.join()
        expect(page.locator("canvas.leaflet-tile-loaded").nth(3)).to_be_attached()
        expect(ada.button("Se flyfoto")).to_be_visible()
    assert provider.asked == []


@pytest.mark.parametrize(("grade", "turn"), [(2, "Se tegnet kart"), (5, "Se flyfoto")])
def test_what_a_pupil_has_chosen_is_there_after_a_reload_and_gone_for_the_next(page: Page, site: Site, grade: int, turn: str) -> None:
    back = {"Se tegnet kart": "Se flyfoto", "Se flyfoto": "Se tegnet kart"}[turn]
    with class_in_grade(site, grade):
        ada = Pupil(page, site)
        ada.join()
        ada.button(turn).tap()
        expect(ada.button(back)).to_be_focused()
        page.reload()
        ada.button("Ja, fortsett").tap()
        expect(ada.button(back)).to_be_visible()
        ada.button("Åpne menyen").tap()
        ada.button("Neste elev").tap()
        ada.button("Start").tap()
        expect(ada.button(turn)).to_be_visible()


@pytest.mark.parametrize("tablet", [TABLET, PHONE], indirect=True, ids=["tablet", "phone"])
def test_the_switch_has_words_and_is_as_large_as_a_childs_finger(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.join()
    switch = ada.button("Se flyfoto")
    for _ in range(2):
        box = switch.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 56
        assert switch.locator("span").inner_text() == "Se flyfoto"
        ada.button("Hopp over").tap() if ada.button("Hopp over").is_visible() else ada.tile("Skoleveg").tap()
    expect(switch).to_be_visible()


@pytest.mark.parametrize("tablet", [TABLET, PHONE], indirect=True, ids=["tablet", "phone"])
def test_the_switch_can_be_hit_while_the_network_is_away(page: Page, site: Site) -> None:
    """The banner that says so lies beside it, not over it."""
    ada = Pupil(page, site)
    ada.join()
    with ada.offline():
        expect(page.locator(".banner")).to_be_visible()
        box = ada.button("Se flyfoto").bounding_box()
        assert box is not None
        corners = [(box["x"] + box["width"] * part, box["y"] + box["height"] * part) for part in (0.1, 0.5, 0.9)]
        hit = "([x, y]) => document.elementFromPoint(x, y)?.closest('.turn-map') !== null"
        assert [page.evaluate(hit, corner) for corner in corners] == [True] * 3


def test_a_photo_that_does_not_come_gives_way_to_the_map_and_comes_back(page: Page, site: Site, provider: TileProvider) -> None:
    provider.is_away = True
    with class_in_grade(site, 2):
        ada = Pupil(page, site)
        ada.join()
        expect(page.locator(".toast")).to_have_text(GONE)
        expect(page.locator("canvas.leaflet-tile-loaded").nth(3)).to_be_attached()
        expect(page.locator(".map")).not_to_have_class(_has("is-photo"))
        expect(ada.button("Se flyfoto")).to_be_visible()
        assert wrong_with(page) == []
        provider.is_away = False
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(page.locator(".toast")).to_have_text("Her er flyfotoet igjen.")
        expect(ada.button("Se tegnet kart")).to_be_visible()
        expect(page.locator("canvas.leaflet-tile")).to_have_count(0)


def test_without_a_network_the_map_on_the_tablet_stands_in_for_the_photo(page: Page, site: Site, provider: TileProvider) -> None:
    with class_in_grade(site, 2):
        ada = Pupil(page, site)
        ada.join()
        wait_until_kept(page)
        with ada.offline():
            page.reload()
            ada.button("Ja, fortsett").tap()
            expect(page.locator(".toast")).to_have_text(GONE)
            expect(page.locator("canvas.leaflet-tile-loaded").nth(3)).to_be_attached()
            ada.button("Hopp over").tap()
            ada.step("Bra steder")
            x, y = ada.school()
            ada.place("Fint", (x - 120, y - 60))
            expect(ada.mark("Fint")).to_be_visible()
        ada.is_safe()


@pytest.mark.parametrize("ground", [GREEN, SNOW, NIGHT], ids=["wood", "snow", "night"])
def test_a_way_stands_out_from_a_photo_of_any_colour(page: Page, site: Site, provider: TileProvider, ground: tuple[int, int, int]) -> None:
    provider.colour = ground
    with class_in_grade(site, 2):
        ada = Pupil(page, site)
        ada.join()
        expect(page.locator("img.leaflet-tile-loaded").nth(3)).to_be_attached()
        ada.button("Hopp over").tap()
        ada.tile("Skoleveg").tap()
        x, y = ada.school()
        ada.hand.draw((x - 20, y - 10), (x - 330, y - 10), (x - 400, y - 120))
        rings = _across(page, (x - 170, y - 10))
    ground_l = _luminance(ground)
    assert max(_contrast(_luminance(pixel), ground_l) for pixel in rings) >= 4.5, "one ring of the way is far from the ground's own tone"
    luminances = [_luminance(pixel) for pixel in rings]
    assert _contrast(max(luminances), min(luminances)) >= 7, "a light ring lies beside a dark one"


def test_the_page_may_load_pictures_from_the_provider_and_no_other_host(page: Page, site: Site, provider: TileProvider) -> None:
    answer = page.goto(f"{site.base}/tegn/")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    [images] = [part for part in policy.split(";") if part.strip().startswith("img-src")]
    assert [source for source in images.split() if source.startswith("http")] == [provider.base]
    assert policy.count(provider.base) == 1


def _has(name: str) -> "re.Pattern[str]":
    return re.compile(rf"\b{name}\b")


def _across(page: Page, at: Pixel) -> list[tuple[int, int, int]]:
    """The pixels of an upright cut through the way."""
    x, y = at
    shot = page.screenshot(clip={"x": x, "y": y - 14, "width": 1, "height": 28})
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    return [image.getpixel((0, row)) for row in range(image.height)]  # type: ignore[misc]  # RGB, so three numbers


def _luminance(pixel: tuple[int, int, int]) -> float:
    """WCAG's relative luminance."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (value / 255 for value in pixel)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(a: float, b: float) -> float:
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
