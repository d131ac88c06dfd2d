"""What axe finds wrong on a page, one line each."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

# axe would copy all style sheets into elements of its own, which our Content-Security-Policy refuses and the `page` fixture minds.
# Only one rule needs the copies, css-orientation-lock, and no style of ours turns a page.
OPTIONS = {"preload": False}


def barriers(page: Page) -> list[str]:
    """Each violated rule with the element it was found on and what axe advises."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{wrong['id']}: {node['target']} {node['html'][:160]} {node['failureSummary']}" for wrong in found for node in wrong["nodes"]]


# A text is cut off when its box hides what does not fit; a key is what stands in the place of words that are missing.
_FLAWS = """(codesAreShown) => {
    const seen = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const named = (node) => `${node.tagName.toLowerCase()}.${node.className} "${node.textContent.trim().slice(0, 60)}"`;
    const found = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const node = texts.currentNode.parentElement;
        const text = texts.currentNode.textContent.trim();
        if (!text || !seen(node) || node.closest("script, style, textarea, code, .leaflet-container")) continue;
        if (!codesAreShown && /^[a-z]+([._][a-z_]+)+$/.test(text)) found.push(`a key: ${named(node)}`);
        if (!codesAreShown && /undefined|NaN|\\[object|\\{[a-z]+\\}/.test(text)) found.push(`no words: ${named(node)}`);
        for (const { index, 0: word } of texts.currentNode.textContent.matchAll(/\\p{L}+/gu)) {
            // a browser breaks long words by their rules; those of Sámi it does not know, and ours put a soft hyphen where one ends here
            if (word.length > 12 && document.documentElement.lang !== "se") continue;
            const range = document.createRange();
            // letter by letter, since a soft hyphen before a word that begins a line belongs to the line above
            const lines = new Set([...word].map((_, i) => {
                range.setStart(texts.currentNode, index + i);
                range.setEnd(texts.currentNode, index + i + 1);
                return [...range.getClientRects()].at(-1)?.top;
            }));
            if (lines.size > 1) found.push(`a broken word: ${word} in ${named(node)}`);
        }
        for (let box = node; box && box !== document.body; box = box.parentElement) {
            const { clip, clipPath, overflowX } = getComputedStyle(box);
            if (clip !== "auto" || clipPath !== "none") break; // for screen readers only
            if (overflowX === "hidden" && box.scrollWidth > box.clientWidth + 1) found.push(`cut off: ${named(node)} in ${named(box)}`);
            if (overflowX !== "visible") break;
        }
    }
    if (document.documentElement.scrollWidth > innerWidth) found.push(`wider than the screen: ${document.documentElement.scrollWidth}`);
    return found;
}"""


def flaws(page: Page, *, codes_are_shown: bool = False) -> list[str]:
    """Words that are cut off, broken, missing or keys, and a page that is wider than its screen; an operator's tables do show codes."""
    found: list[str] = page.evaluate(_FLAWS, codes_are_shown)
    return found


def wrong_at(page: Page, *screens: ViewportSize) -> list[str]:
    """Barriers and flaws of an adult's page at each of these sizes; afterwards it has the size it had."""
    before = page.viewport_size
    found = []
    for screen in screens:
        page.set_viewport_size(screen)
        found += [f"{screen['width']} {one}" for one in barriers(page) + flaws(page)]
    if before:
        page.set_viewport_size(before)
    return found
