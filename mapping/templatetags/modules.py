"""`{% modulepreload "js/pages/pupil.js" %}`: tells the browser in advance of every module that a page's script will import.

Without a bundler a browser finds modules one level at a time; told of all of them, it loads them side by side.
"""

import re
from functools import cache
from pathlib import Path, PurePosixPath

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()

_IMPORT = re.compile(r"""^(?:import|export)\b[^;]*?["'](?P<path>\.{1,2}/[^"']+)["'];""", re.MULTILINE)


@register.simple_tag
def modulepreload(entry: str) -> SafeString:
    """A link for the script and each module it imports, however deep."""
    return format_html_join("\n", '<link rel="modulepreload" href="{}">', ((static(path),) for path in modules_of(entry)))


@cache
def modules_of(entry: str) -> tuple[str, ...]:
    """Paths below static/ of a script and everything it imports, each once."""
    found: dict[str, None] = {}
    waiting = [entry]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = None
            waiting += [_joined(path, imported) for imported in _IMPORT.findall(_source(path))]
    return tuple(found)


def _source(path: str) -> str:
    file = finders.find(path)
    if not isinstance(file, str):
        raise template.TemplateSyntaxError(f"there is no static file {path}")
    return Path(file).read_text(encoding="utf-8")


def _joined(importer: str, imported: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(importer).parent / imported).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
