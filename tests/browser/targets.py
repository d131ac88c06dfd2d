"""What a finger can hit on the pupils' page: how large each thing is, and how far it is from the next."""

from playwright.sync_api import Page

from tests.browser.barriers import barriers, flaws

LEAST_PX = 56
LEAST_GAP_PX = 8

# A way is hit along its line: there the line's width counts. Marks lie where children put them, so that only controls keep a distance.
# A control that is scrolled half out of sight gets its distance when it is scrolled in.
_FLAWS = """([least, gap]) => {
    const slack = 0.5;
    const seen = [...document.querySelectorAll(
        "button, a[href], input, textarea, select, summary, .choice, .leaflet-marker-icon.leaflet-interactive, .way-hit",
    )].filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0);
    const words = (one) => (one.getAttribute("aria-label") ?? one.textContent).trim().slice(0, 40);
    const name = (one) => `${one.className.baseVal ?? one.className} "${words(one)}"`;
    const found = [];
    for (const one of seen) {
        const box = one.getBoundingClientRect();
        const way = one.matches(".way-hit") ? parseFloat(getComputedStyle(one).strokeWidth) : null;
        const [width, height] = way === null ? [box.width, box.height] : [way, way];
        if (Math.min(width, height) < least - slack) found.push(`small: ${name(one)} ${width.toFixed(1)} × ${height.toFixed(1)}`);
    }
    const isWhole = (one) => {
        const box = one.getBoundingClientRect();
        for (let around = one.parentElement; around; around = around.parentElement) {
            if (getComputedStyle(around).overflow === "visible") continue;
            const edge = around.getBoundingClientRect();
            if (box.left < edge.left - 1 || box.right > edge.right + 1) return false;
            if (box.top < edge.top - 1 || box.bottom > edge.bottom + 1) return false;
        }
        return true;
    };
    const isReached = (one) => {
        const { x, y, width, height } = one.getBoundingClientRect();
        const hit = document.elementFromPoint(x + width / 2, y + height / 2);
        return hit !== null && (one.contains(hit) || hit.contains(one) && hit.matches("label"));
    };
    const controls = seen.filter((one) => !one.closest(".leaflet-pane") && isWhole(one) && isReached(one));
    controls.forEach((one, i) => {
        const a = one.getBoundingClientRect();
        for (const other of controls.slice(i + 1)) {
            if (one.contains(other) || other.contains(one)) continue;
            const b = other.getBoundingClientRect();
            const apart = Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
            if (apart < gap - slack) found.push(`crowded, ${apart.toFixed(1)}: ${name(one)} and ${name(other)}`);
        }
    });
    return [seen.length, found];
}"""


def count_and_misfits(page: Page) -> tuple[int, list[str]]:
    """How many things a finger can hit now; and which are too small, or controls too near to one another."""
    count, found = page.evaluate(_FLAWS, [LEAST_PX, LEAST_GAP_PX])
    return count, found


def wrong_with(page: Page) -> list[str]:
    """All that a state of the pupils' page can have against it: barriers, words cut off or missing, things too small or too near."""
    return barriers(page) + flaws(page) + count_and_misfits(page)[1]
