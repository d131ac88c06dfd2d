"""A pupil at a tablet with WebKit: what tests/browser/pupil.py does by Playwright, done by WebDriver.

The finger is a mouse here: WebKitGTK's driver knows no touch, and its engine gives a page no pointer events for a finger that draws, as
Safari does. What the page draws by are pointer events, so that a mouse's are the nearest to an iPad's.
"""

import itertools
import json
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.fixtures import Site
from tests.browser.known import KnownPupil, Pixel
from tests.browser.pupil import between
from tests.browser.tablet_store import DATABASE, IS_KEPT
from tests.webkit.tablet import Tablet, until

SAFE, ON_TABLET = "Trygt lagret", "Trygt på nettbrettet"
STEP_MS = 8
_TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
_WHERE_SCHOOL = """() => {
    const box = document.querySelector(".school-pin")?.getBoundingClientRect();
    return box ? [box.x + 32, box.y + 46] : null;
}"""

_BOX = """(element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [x, y, width, height];
}"""


class Pupil(KnownPupil):
    """One child at one tablet."""

    forgiven = (WebDriverException,)

    def __init__(self, tablet: Tablet, site: Site) -> None:
        self.tablet = tablet
        self.site = site

    # Coming in

    def join(self) -> None:
        """By the link on the board, as far as the seat."""
        self.tablet.driver.get(f"{self.site.base}/tegn/#{self.site.demo['pupil']['token']}")
        self.sees("Du er ", "h1")

    def begin(self) -> None:
        """Join, and past the first look at the map."""
        self.join()
        self.press("Start")
        self.warm_up()

    def warm_up(self) -> None:
        """Tap the school."""
        self.tap(self.school())
        self.sees("Bra!", ".bubble-text")
        self.press("Neste")

    def back(self) -> None:
        """It is still me."""
        self.press("Ja, fortsett")
        self.school()

    # What is on the page

    def find(self, css: str, words: str = "") -> WebElement | None:
        """The first one that is seen and has these words in it."""
        for element in self.tablet.driver.find_elements(By.CSS_SELECTOR, css):
            if element.is_displayed() and (words in element.text or words == element.get_attribute("aria-label")):
                return element
        return None

    def sees(self, words: str, css: str) -> None:
        """Wait until it is there."""
        until(lambda: self.find(css, words), f"«{words}» in {css}")

    def button(self, name: str) -> WebElement | None:
        """A button by its very words."""
        wanted = f"//button[normalize-space()={json.dumps(name, ensure_ascii=False)} or @aria-label={json.dumps(name, ensure_ascii=False)}]"
        found = self.tablet.driver.find_elements(By.XPATH, wanted)
        return next((one for one in found if one.is_displayed() and one.is_enabled()), None)

    def press(self, name: str) -> None:
        """A button by its words, as soon as it is there."""
        until(lambda: self._click(self.button(name)), f"the button «{name}»")

    def press_in(self, css: str, words: str = "") -> None:
        """What has these words in it."""
        until(lambda: self._click(self.find(css, words)), f"«{words}» in {css} to press")

    def choose(self, name: str) -> None:
        """One answer of several."""
        wanted = f"//label[.//input[@type='radio'] and contains(normalize-space(), {json.dumps(name, ensure_ascii=False)})]"
        until(lambda: self._click(next(iter(self.tablet.driver.find_elements(By.XPATH, wanted)), None)), f"the answer «{name}»")

    def _click(self, element: WebElement | None) -> bool:
        """Once it rests: the driver presses where it was when it was asked."""
        if element is None or self._at_rest(_BOX, element) is None:
            return False
        element.click()
        return True

    def write(self, words: str) -> None:
        """In one's own words, letter by letter."""
        field = until(lambda: self.find("textarea, input[type=text]"), "somewhere to write")
        field.send_keys(words)

    def step(self, label: str) -> None:
        """Jump to a step."""
        self.press_in(".step-button", label)
        self.sees(label, ".step.is-current")

    # The finger

    def school(self) -> Pixel:
        """Where the school's point is on the screen."""
        return until(self._school, "the map with the school, at rest")

    def _school(self) -> Pixel | None:
        at = self._at_rest(_WHERE_SCHOOL)
        return (at[0], at[1]) if at else None

    def _at_rest(self, script: str, *values: object) -> list[float] | None:
        """Where something is, when it is there still two frames later."""
        before: list[float] | None = self.tablet.run(script, *values)
        self.tablet.run(_TWO_FRAMES)
        return before if before == self.tablet.run(script, *values) else None

    def tap(self, at: Pixel) -> None:
        """Down and up."""
        self.draw(at, at)

    def draw(self, *corners: Pixel, lift: bool = True) -> None:
        """From corner to corner."""
        builder, finger = self._finger()
        finger.create_pointer_move(duration=0, x=round(corners[0][0]), y=round(corners[0][1]))
        finger.create_pointer_down(button=0)
        self._along(finger, *corners)
        if lift:
            finger.create_pointer_up(button=0)
        builder.perform()

    def draw_on(self, *corners: Pixel) -> None:
        """Go on with a finger that is down."""
        builder, finger = self._finger()
        self._along(finger, *corners)
        builder.perform()

    def lift(self) -> None:
        """Up."""
        builder, finger = self._finger()
        finger.create_pointer_up(button=0)
        builder.perform()

    def _finger(self) -> tuple[ActionBuilder, PointerInput]:
        finger = PointerInput("mouse", "finger")
        return ActionBuilder(self.tablet.driver, mouse=finger), finger

    @staticmethod
    def _along(finger: PointerInput, *corners: Pixel) -> None:
        for a, b in itertools.pairwise(corners):
            for x, y in between(a, b) if a != b else []:
                finger.create_pointer_move(duration=STEP_MS, x=round(x), y=round(y))

    def place(self, label: str, at: Pixel) -> None:
        """Put a place on the map and leave its sheet."""
        self.press_in(".tile", label)
        self.tap(at)
        self.press("Lukk")

    def hand_in(self) -> None:
        """Past the questions that are left, and "I am done"."""
        until(self._is_at_the_end, "the last step")
        self.press("Jeg er ferdig")

    def _is_at_the_end(self) -> bool:
        """Or else one question nearer to it."""
        if self.button("Jeg er ferdig"):
            return True
        self._click(self.find(".sheet-foot button:last-child"))
        return False

    def receipt(self) -> str:
        """The code to keep."""
        return until(lambda: self.find(".receipt-code"), "the receipt").text

    # What is kept where

    def says(self, state: str) -> None:
        """Wait for the honest sentence about saving."""
        self.sees(state, ".save")

    def is_safe(self) -> None:
        """Wait until everything is on the server."""
        self.says(SAFE)

    def kept(self) -> dict[str, list[Any]]:
        """Everything in IndexedDB, store by store."""
        found: dict[str, list[Any]] = self.tablet.run(DATABASE)
        return found

    def is_kept_for_offline(self) -> None:
        """Wait until the service worker runs the page, and page, survey and map are on the tablet."""
        until(lambda: self.tablet.run(IS_KEPT), "the tablet to keep page, bundle and map")
