"""Pages with modules: every module is told of in advance, and is there."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import TemplateSyntaxError

from mapping.templatetags.modules import modules_of

STATIC = Path(settings.BASE_DIR) / "static"


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
