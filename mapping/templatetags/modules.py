"""`{% page_script "js/pages/pupil.js" %}`: a page's script, joined where it is, or else with every module told of in advance.

Without being told, a browser finds modules one level at a time.
"""

from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mapping import scripts

register = template.Library()


@register.simple_tag
def page_script(entry: str) -> SafeString:
    """The script's element. While pages are being worked at (DEBUG), always the modules as they are written."""
    if not settings.DEBUG and is_joined(entry):
        return _script(scripts.joined_path(entry))
    preloads = format_html_join("\n", '<link rel="modulepreload" href="{}">\n', ((static(path),) for path in modules_of(entry)))
    return preloads + _script(entry)


@cache
def modules_of(entry: str) -> tuple[str, ...]:
    """Paths below static/ of a script and everything it imports, each once."""
    return scripts.modules_of(entry, _read)


@cache
def is_joined(entry: str) -> bool:
    """Whether the script has a joined file that was made of the modules as they are now."""
    if entry not in scripts.JOINED:
        return False
    file = finders.find(scripts.joined_path(entry))
    return isinstance(file, str) and Path(file).read_text(encoding="utf-8").startswith(scripts.headline(entry, _read) + "\n")


def _script(path: str) -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static(path))


def _read(path: str) -> str:
    file = finders.find(path)
    if not isinstance(file, str):
        raise template.TemplateSyntaxError(f"there is no static file {path}")
    return Path(file).read_text(encoding="utf-8")
