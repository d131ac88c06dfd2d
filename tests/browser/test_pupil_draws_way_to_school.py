"""The way to school, drawn with a finger: what arrives is where it was drawn, less the home end."""

import itertools
import json
import math

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.pupil import Pixel, Position, Pupil, metres

WAY = "Skoleveg"


def _home_and_corner(ada: Pupil) -> tuple[Pixel, Pixel]:
    """A home some hundred metres from school, and a corner on the way."""
    x, y = ada.school()
    return (x - 330, y + 120), (x - 140, y - 60)


def test_pupil_draws_the_way_to_school_and_tells_how(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    home, corner = _home_and_corner(ada)
    home_position, corner_position, school_position = ada.position(home), ada.position(corner), ada.position(ada.school())
    ada.tile(WAY).tap()
    ada.hand.draw(home, corner, ada.school())
    expect(page.get_by_role("heading", name="Hvordan kommer du deg fram?")).to_be_visible()
    expect(page.get_by_text("Den prikkete delen blir her hos deg.")).to_be_visible()
    page.get_by_role("radio", name="Går", exact=True).tap()
    page.get_by_role("radio", name="Ganske trygg").tap()
    ada.button("Det er mange biler.").tap()
    page.get_by_role("textbox", name="Skriv selv").press_sequentially(" Spesielt om morgenen.")
    ada.button("Ferdig").tap()
    ada.is_safe()
    [way] = ada.stored()
    assert (way["category"], way["mode"], way["answers"]) == ("skoleveg", "ga", {"skoleveg_trygghet": "4"})
    assert way["comment"] == "Det er mange biler. Spesielt om morgenen."
    line = way["geometry"]["coordinates"]
    assert metres(line[-1], school_position) < 10
    assert min(metres(position, corner_position) for position in line) < 8
    _lies_on(line, [home_position, corner_position, school_position])
    low, high = site.rows("SELECT trim_min_m, trim_max_m FROM surveys_survey WHERE id = %s", site.demo["survey"])[0]
    assert low - 1 <= metres(line[0], home_position) <= high + 5


def test_what_is_cut_fades_towards_home_with_a_sentence_why(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    home, corner = _home_and_corner(ada)
    ada.tile(WAY).tap()
    ada.hand.draw(home, corner, ada.school())
    expect(page.get_by_text("Slik får ingen vite hvor du bor.")).to_be_visible()
    cut = page.locator(".way-cut")
    expect(cut).to_have_count(4)
    opacities = [float(one.evaluate("(path) => getComputedStyle(path).strokeOpacity")) for one in cut.all()]
    assert opacities == sorted(set(opacities), reverse=True)
    ends = [
        one.evaluate(
            "(path) => { const p = path.getPointAtLength(path.getTotalLength()).matrixTransform(path.getScreenCTM()); return [p.x, p.y]; }"
        )
        for one in cut.all()
    ]
    away = [math.dist(end, home) for end in ends]
    assert away == sorted(away, reverse=True)
    assert away[-1] < 12, "the faintest piece ends where the finger began"


def test_drawing_the_way_anew_shows_no_more_of_it(page: Page, site: Site) -> None:
    """Deleted and drawn again, as often as a child likes: all ways end on one circle, whose middle is not the home."""
    ada = Pupil(page, site)
    ada.begin()
    home, corner = _home_and_corner(ada)
    home_position = ada.position(home)
    nearest = []
    for _ in range(3):
        ada.tile(WAY).tap()
        ada.hand.draw(home, corner, ada.school())
        expect(page.get_by_role("heading", name="Hvordan kommer du deg fram?")).to_be_visible()
        ada.is_safe()
        [way] = ada.stored()
        nearest.append(min(metres(position, home_position) for position in way["geometry"]["coordinates"]))
        ada.button("Slett").tap()
        ada.is_safe()
    assert min(nearest) >= 99
    assert max(nearest) - min(nearest) < 15, nearest


def test_no_byte_of_the_home_end_leaves_the_tablet(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    home, corner = _home_and_corner(ada)
    home_position = ada.position(home)
    ada.tile(WAY).tap()
    ada.hand.draw(home, corner, ada.school())
    page.get_by_role("radio", name="Sykler", exact=True).tap()
    ada.button("Lukk").tap()
    ada.is_safe()
    ada.button("Angre").tap()
    ada.is_safe()
    sent = [json.loads(body) for method, path, body in ada.bodies if method == "PUT" and "/marks/" in path]
    assert len(sent) >= 3
    lengths = set()
    for feature in sent:
        assert set(feature) == {"type", "rev", "geometry", "properties"}
        assert set(feature["properties"]) == {"category", "mode", "comment", "answers"}
        if feature["geometry"]:
            nearest = min(metres(position, home_position) for position in feature["geometry"]["coordinates"])
            assert nearest >= 99
            lengths.add(round(nearest))
    assert len(lengths) == 1, "editing the way moved its cut"


def test_strokes_go_on_where_the_last_one_ended(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    home, corner = _home_and_corner(ada)
    ada.tile(WAY).tap()
    ada.hand.draw(home, corner)
    # at once, as a child does: the second stroke must not be lost
    ada.hand.draw((corner[0] + 8, corner[1] + 6), ada.school())
    expect(page.get_by_role("heading", name="Hvordan kommer du deg fram?")).to_be_visible()
    ada.is_safe()
    [way] = ada.stored()
    assert metres(way["geometry"]["coordinates"][-1], ada.position(ada.school())) < 10


def test_a_palm_keeps_what_is_drawn(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    home, corner = _home_and_corner(ada)
    ada.tile(WAY).tap()
    ada.hand.draw(home, corner, lift=False)
    ada.hand.cancel()
    expect(ada.bubble()).to_contain_text("Tegn videre")
    expect(page.locator(".way-line")).to_have_count(1)


def test_two_fingers_move_the_map_and_draw_nothing(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    before = ada.school()
    ada.tile(WAY).tap()
    ada.hand.pinch((before[0] - 200, before[1]), start_px=40, end_px=120)
    page.wait_for_timeout(500)
    after = ada.school()
    assert abs(after[0] - before[0]) > 60, "the map did not zoom"
    expect(page.locator(".way-line")).to_have_count(0)
    assert ada.stored() == []
    expect(ada.bubble()).to_contain_text("Tegn vegen")


def test_undo_takes_back_one_stroke_after_the_other(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    home, corner = _home_and_corner(ada)
    middle = ((home[0] + corner[0]) / 2, (home[1] + corner[1]) / 2)
    ada.tile("Fritidsveg").tap()
    ada.hand.draw(home, middle)
    expect(page.locator(".way-line")).to_have_count(1)
    short = page.locator(".way-line").get_attribute("d")
    ada.hand.draw(middle, corner)
    expect(page.locator(".way-line")).not_to_have_attribute("d", short or "")
    ada.button("Angre").tap()
    expect(page.locator(".way-line")).to_have_attribute("d", short or "")
    ada.button("Angre").tap()
    expect(page.locator(".way-line")).to_have_count(0)
    expect(ada.button("Angre")).to_be_hidden()


def test_a_way_beside_the_school_is_sent_without_its_line(page: Page, site: Site) -> None:
    ada = Pupil(page, site)
    ada.begin()
    x, y = ada.school()
    ada.tile(WAY).tap()
    ada.hand.draw((x - 45, y + 28), (x, y))
    expect(page.get_by_text("Vegen er kort, så streken blir her hos deg.")).to_be_visible()
    page.get_by_role("radio", name="Går", exact=True).tap()
    ada.button("Lukk").tap()
    ada.is_safe()
    [way] = ada.stored()
    assert way["geometry"] is None
    assert way["mode"] == "ga"


def _lies_on(line: list[Position], corners: list[Position]) -> None:
    """Every position lies within a finger's width of the corners' line."""
    for position in line:
        assert min(_to_segment(position, a, b) for a, b in itertools.pairwise(corners)) < 12


def _to_segment(p: Position, a: Position, b: Position) -> float:
    return min(metres(p, (a[0] + (b[0] - a[0]) * t / 200, a[1] + (b[1] - a[1]) * t / 200)) for t in range(201))
