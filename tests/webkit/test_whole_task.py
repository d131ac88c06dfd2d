"""The pupil's whole task on the engine of iPads, from the link on the board to the receipt; all of it is in the database, once."""

import re
from typing import Any

import pytest

from tests.browser.known import Pixel, metres
from tests.faults.diary import Diary
from tests.faults.proxy import FaultProxy
from tests.faults.tally import Tally
from tests.webkit.pupil import Pupil


@pytest.mark.fault(30)
def test_a_child_does_the_whole_task(ada: Pupil, network: FaultProxy, tally: Tally) -> None:
    _come_in(ada)
    diary = Diary(ada, network)
    x, y = ada.school()
    home, corner, den = (x - 320, y + 110), (x - 150, y - 70), (x - 120, y - 90)
    home_at, corner_at, den_at = ada.position(home), ada.position(corner), ada.position(den)
    line = _draw_the_way(ada, diary, home, corner)["geometry"]["coordinates"]
    nice = _put_places(ada, diary, den)
    ada.step("Kartet mitt")
    ada.choose("Noen ganger")
    diary.answers["lov_a_ga"] = "noen_ganger"
    ada.press_in(".sheet button", "Neste")
    ada.hand_in()
    assert re.fullmatch(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", ada.receipt())
    tally.count(diary.compare(), hits=0, least=0)  # nothing fails here
    assert {mark["category"]: mark["mode"] for mark in ada.stored()} == {"fint": "", "skoleveg": "ga"}
    assert metres(nice["geometry"]["coordinates"], den_at) < 4
    assert min(metres(position, corner_at) for position in line) < 8
    assert min(metres(position, home_at) for position in line) > 90
    kept = ada.kept()
    assert (kept["jobs"], kept["copies"], kept["draft"]) == ([], [], []), "handed in and safe, so it is wiped from the tablet"


def _come_in(ada: Pupil) -> None:
    """Through the language, there and back, and the first look at the map."""
    ada.join()
    ada.press("Nynorsk")
    ada.sees("Du er ", "h1")
    ada.press("Bokmål")
    ada.press("Start")
    ada.warm_up()


def _draw_the_way(ada: Pupil, diary: Diary, home: Pixel, corner: Pixel) -> dict[str, Any]:
    """In two strokes, the second where the first one ended; then how and why."""
    ada.press_in(".tile", "Skoleveg")
    ada.draw(home, corner)
    ada.draw(corner, ada.school())
    ada.sees("Hvordan kommer du deg fram?", ".sheet")
    ada.choose("Går")
    ada.choose("Ganske trygg")
    ada.press("Det er mange biler.")
    ada.press("Lukk")
    way = diary.note("skoleveg", "Det er mange biler.")
    ada.is_safe()
    return way


def _put_places(ada: Pupil, diary: Diary, den: Pixel) -> dict[str, Any]:
    """One with words of one's own; another one, and undone."""
    ada.step("Bra steder")
    ada.press_in(".tile", "Fint")
    ada.tap(den)
    ada.write("Bak gjerdet, der vi klatrer")
    ada.press("Lukk")
    nice = diary.note("fint", "Bak gjerdet, der vi klatrer")
    ada.place("Natur", (den[0] + 210, den[1] - 30))
    diary.note("natur")
    ada.is_safe()
    ada.press("Angre")
    ada.sees("Angret: «Natur» er borte.", ".toast")
    diary.took_back("natur")
    ada.is_safe()
    return nice
