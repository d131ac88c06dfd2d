"""The official vocabulary (Geonorge): its code lists as data, as the templates use it, and the pictures that an editor lets one choose."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict

from surveys.catalog import SurveyTemplate, read_template, template_codes


class OfficialName(NamedTuple):
    """A category's object type, code list and code; all empty for one that has no official name."""

    object_type: str
    code_list: str
    code: str


class OfficialCodes(BaseModel):
    """The national model's tables: the code list of each object type, and the values of each code list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    object_types: dict[str, str]
    code_lists: dict[str, tuple[str, ...]]


DEFAULT = "barnetrakk"
NONE = OfficialName("", "", "")
CODES_FILE = Path(__file__).resolve().parent / "official_codes.yaml"


@cache
def official_codes() -> OfficialCodes:
    """The tables in official_codes.yaml."""
    return OfficialCodes.model_validate(yaml.safe_load(CODES_FILE.read_text(encoding="utf-8")))


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
