"""How a refused value is quoted back: short, on one line, and safe to print whatever it was."""

from typing import Any

LONGEST_QUOTE = 40


def quoted(value: Any) -> str:
    """The value as a reader of an error message wants to see it: never longer than about LONGEST_QUOTE characters.

    Characters that are not printable (controls, lone surrogates, overrides of writing direction) come out escaped.
    """
    match value:
        case None | True | False:
            return {None: "null", True: "true", False: "false"}[value]
        case str():
            # repr escapes whatever is not printable; the end goes before that, so that a long text costs nothing.
            return repr(value if len(value) <= LONGEST_QUOTE else value[:LONGEST_QUOTE] + "…")
        case int() | float():
            # Python refuses to write out integers of more than 4,300 digits.
            return repr(value) if isinstance(value, float) or abs(value) < 10**LONGEST_QUOTE else "et heltall med over 40 siffer"
        case list() | tuple():
            return _quoted_list(value)
        case dict():
            return f"et objekt med {len(value)} medlemmer"
    return type(value).__name__


def _quoted_list(values: list[Any] | tuple[Any, ...]) -> str:
    if len(values) <= 6 and not any(isinstance(value, list | tuple | dict) for value in values):
        text = ", ".join(quoted(value) for value in values)
        if len(text) <= 2 * LONGEST_QUOTE:
            return f"[{text}]"
    return f"en liste med {len(values)} verdier"
