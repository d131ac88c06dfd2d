"""Pages with modules: the joined file where it is up to date, or else every module told of in advance, and there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import TemplateSyntaxError

from mapping import scripts
from mapping.templatetags.modules import is_joined, modules_of, page_script

STATIC = Path(settings.BASE_DIR) / "static"


@pytest.fixture
def unremembered() -> Iterator[None]:
    """What is_joined found out is found out anew, in the test and after it."""
    is_joined.cache_clear()
    yield
    is_joined.cache_clear()


def test_the_pupils_page_tells_of_modules_that_are_imported_by_imported_ones() -> None:
    found = modules_of("js/pages/pupil.js")
    assert found[0] == "js/pages/pupil.js"
    assert {"js/trim.js", "js/units.js", "js/pupil/frame.js", "js/basemap.js"} <= set(found)
    assert len(found) == len(set(found))
    assert all((STATIC / path).is_file() for path in found)


def test_vendored_modules_are_found_from_where_they_are_imported() -> None:
    assert any(re.fullmatch(r"vendor/terra-draw-[\d.]+/terra-draw\.js", path) for path in modules_of("js/pages/pupil.js"))


def test_types_in_comments_are_no_imports() -> None:
    assert "js/state.js" not in modules_of("js/geojson.js")
    assert modules_of("js/geojson.js") == ("js/geojson.js", "js/units.js")


def test_a_script_that_is_not_there_is_named() -> None:
    with pytest.raises(TemplateSyntaxError, match=r"nowhere\.js"):
        modules_of("js/nowhere.js")


def test_a_tablet_gets_the_whole_script_of_the_pupils_page_as_one_file() -> None:
    html = str(page_script("js/pages/pupil.js"))
    assert html.count("<script") == 1
    assert "/static/joined/pupil." in html
    assert "modulepreload" not in html
    joined = (STATIC / "joined/pupil.js").read_text()
    assert re.search(r"""^import\b|\bfrom\s*["']\.""", joined, re.MULTILINE) is None


def test_a_script_that_is_not_joined_tells_of_its_modules() -> None:
    html = str(page_script("js/pages/own_answers.js"))
    assert html.count('rel="modulepreload"') == len(modules_of("js/pages/own_answers.js")) > 3
    assert re.search(r'<script type="module" src="/static/js/pages/own_answers\.', html)


def test_a_joined_file_that_is_out_of_date_is_not_served(unremembered: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older = tmp_path / "pupil.js"
    older.write_text(re.sub(r", [0-9a-f]{32}\n", f", {'0' * 32}\n", (STATIC / "joined/pupil.js").read_text(), count=1))
    find = finders.find
    monkeypatch.setattr(finders, "find", lambda path: str(older) if path == "joined/pupil.js" else find(path))
    html = str(page_script("js/pages/pupil.js"))
    assert "joined" not in html
    assert html.count('rel="modulepreload"') == len(modules_of("js/pages/pupil.js"))


def test_who_works_at_the_page_gets_the_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEBUG", True)
    assert "joined" not in str(page_script("js/pages/pupil.js"))


def test_every_change_of_a_module_is_another_headline() -> None:
    texts = {"js/a.js": 'import { b } from "./b.js";\n', "js/b.js": "export const b = 1;\n"}
    before = scripts.headline("js/a.js", texts.__getitem__)
    assert before == scripts.headline("js/a.js", dict(texts).__getitem__)
    assert before != scripts.headline("js/a.js", (texts | {"js/b.js": "export const b = 2;\n"}).__getitem__)
