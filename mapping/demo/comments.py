"""What children write: sentences from comments.yaml, fitted to age and language, now and then misspelt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from mapping.demo.dice import Dice

SHORT = 32
"""Letters that a six- to nine-year-old writes on a tablet before it becomes work."""


@dataclass(frozen=True)
class Comment:
    """Words, and the rule by which a moderator should catch them ("" where they may be published)."""

    text: str
    to_catch: str = ""


NONE = Comment("")


@lru_cache(maxsize=1)
def sentences() -> dict[str, Any]:
    """All sentences: {category: {language: [...]}} and "to_catch": {rule: [...]}."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("comments.yaml").read_text(encoding="utf-8"))
    return loaded


def comment_on(category: str, *, language: str, grade: int, place: str, dice: Dice) -> Comment:
    """A sentence about a category. place: the name that {sted} becomes."""
    if dice.chance(0.012):
        rule = dice.pick(sorted(sentences()["to_catch"]))
        return Comment(dice.pick(sentences()["to_catch"][rule]), rule)
    known = sentences()[category]
    choice = known.get(language) or known["nb"]
    if grade <= 4:
        choice = [text for text in choice if len(text) <= SHORT] or choice
    return Comment(_as_written(dice.pick(choice).replace("{sted}", place), grade, dice))


def _as_written(text: str, grade: int, dice: Dice) -> str:
    """Small letters, no full stop, a slip of the finger: the younger, the more."""
    if dice.chance(0.35 if grade <= 4 else 0.2):
        text = text[0].lower() + text[1:]
    if dice.chance(0.1):
        text += dice.pick(["!", "!!", ".", " :)", " :(", "!!!"])
    if dice.chance(0.16 if grade <= 4 else 0.06):
        text = _misspelt(text, dice)
    return text.upper() if grade <= 2 and dice.chance(0.3) else text


def _misspelt(text: str, dice: Dice) -> str:
    """One letter lost, doubled or swapped with its neighbour, never the first."""
    inner = [index for index in range(1, len(text) - 1) if text[index].isalpha() and text[index + 1].isalpha()]
    if not inner:
        return text
    at = dice.pick(inner)
    kind = dice.pick(("lost", "doubled", "swapped"))
    if kind == "lost":
        return text[:at] + text[at + 1 :]
    if kind == "doubled":
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
