"""The official vocabulary (Geonorge) as the templates know it, and the pictures that they name: what an editor lets one choose from."""

from functools import cache
from typing import NamedTuple

from surveys.catalog import SurveyTemplate, read_template, template_codes


class OfficialName(NamedTuple):
    """A category's object type, code list and code; all empty for one that has no official name."""

    object_type: str
    code_list: str
    code: str


DEFAULT = "barnetrakk"
NONE = OfficialName("", "", "")


@cache
def official_names() -> tuple[OfficialName, ...]:
    """Every one that a template uses, in the templates' order, each once."""
    found = (
        OfficialName(*(category.official or (theme.object_type, theme.code_list, category.official_code)))
        for template in _templates()
        for theme in template.themes
        for category in theme.categories
    )
    return tuple(dict.fromkeys(found))


@cache
def category_pictures() -> dict[str, str]:
    """The pictures that a category may have, {name of the picture: what it shows, in bokmål}.

    A picture is called what the category or means of transport of its own name is called; others borrow it.
    """
    shown: dict[str, str] = {}
    borrowed: dict[str, str] = {}
    for template in _templates():
        for theme in template.themes:
            for category in theme.categories:
                picture = getattr(category, "icon", "") or category.code
                (shown if picture == category.code else borrowed).setdefault(picture, str(category.words["nb"]["label"]))
        for mode in template.modes.values():
            shown.setdefault(mode.icon, mode.words["nb"])
    return {**borrowed, **shown}


@cache
def theme_pictures() -> dict[str, str]:
    """The pictures that a step may have, in the same way."""
    shown: dict[str, str] = {}
    for theme in (theme for template in _templates() for theme in template.themes):
        shown.setdefault(theme.icon, str(theme.words["nb"]["label"]))
    return shown


def _templates() -> list[SurveyTemplate]:
    """The default one first: its names are the ones to choose by."""
    return [read_template(code) for code in sorted(template_codes(), key=lambda code: code != DEFAULT)]
