"""Every test of this folder drives a browser; server and pages come from tests/browser/fixtures.py."""

from pathlib import Path

import pytest

from tests.browser.fixtures import DESK, PHONE, TABLET, UPRIGHT, Site

__all__ = ["DESK", "PHONE", "TABLET", "UPRIGHT", "Site"]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Every test of this folder drives a browser."""
    if Path(__file__).parent in item.path.parents:
        item.add_marker(pytest.mark.browser)
