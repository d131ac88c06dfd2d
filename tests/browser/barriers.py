"""What axe finds wrong on a page, one line each."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# axe would copy all style sheets into elements of its own, which our Content-Security-Policy refuses and the `page` fixture minds.
# Only one rule needs the copies, css-orientation-lock, and no style of ours turns a page.
OPTIONS = {"preload": False}


def barriers(page: Page) -> list[str]:
    """Each violated rule with the element it was found on and what axe advises."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{wrong['id']}: {node['target']} {node['html'][:160]} {node['failureSummary']}" for wrong in found for node in wrong["nodes"]]
