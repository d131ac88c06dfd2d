"""Where WebKit is missing, its tests are skipped with words that help."""

import pytest

from tools.devkit import webkit


def test_what_is_missing_is_said_by_name_and_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    said = webkit.missing()
    assert said.startswith("no WebKitWebDriver, Xvfb")
    assert "apt-get install webkit2gtk-driver xvfb" in said


def test_without_debians_tools_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    webkit.ready()
    assert webkit.missing()
