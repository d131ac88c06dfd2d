"""What the politician's page says, read out of a release's payload and nothing else. Pure: payload in, words and numbers out.

The payload is described in analysis/privacy/release.py. Every number here is one of its numbers, or arithmetic on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format

from analysis.charts import BarChart, Row, bar_chart
from followup import wording
from surveys.models.survey import words_in

MOST_SAID = 8
"""Bars in the chart of what children say: as many as half a sheet of paper holds."""

TABLET_CUT_M = 100
"""The least that is cut off the home end of a way before it leaves the tablet; the release cuts once more."""

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class BigNumber:
    """One of the three figures of the page's head."""

    value: str
    label: str


@dataclass(frozen=True)
class Choice:
    """One theme that the map can show; code "" is all of them together."""

    code: str
    label: str
    icon: str
    cells: int


@dataclass(frozen=True)
class ThemeKey:
    """A theme's colour in the chart, by its name."""

    label: str
    colour: str


@dataclass(frozen=True)
class Fact:
    """One answer under «Slik vet vi dette»."""

    question: str
    answer: str


@dataclass(frozen=True)
class ReleasePage:
    """The page's words and numbers."""

    title: str
    municipality: str
    period: str
    lead: str
    numbers: tuple[BigNumber, ...]
    choices: tuple[Choice, ...]
    said: BarChart
    said_themes: tuple[ThemeKey, ...]
    travel: BarChart
    travel_sentence: str
    facts: tuple[Fact, ...]


def read_page(payload: Payload, *, built_on: date, language: str = "nb") -> ReleasePage:
    """The page of a release in one language; texts that are not there in it come in the survey's own.

    built_on: when the answers were counted, for a survey that goes on has not been answered until its last day.
    """
    survey = payload["survey"]
    words = _Words(language, survey.get("default_language", "nb"))
    period = _period(date.fromisoformat(survey["opens_on"]), min(date.fromisoformat(survey["closes_on"]), built_on))
    municipality = survey["municipality"]["name"]
    said, themes = _said(payload, words)
    return ReleasePage(
        title=words.plain(survey["title"]),
        municipality=municipality,
        period=period,
        lead=_lead(payload, municipality),
        numbers=_numbers(payload),
        choices=_choices(payload, words),
        said=said,
        said_themes=themes,
        travel=_travel(payload, words),
        travel_sentence=_travel_sentence(payload, words),
        facts=tuple(_facts(payload, period)),
    )


def default_choice(choices: Sequence[Choice]) -> str:
    """What the map shows first: everything, or, where no place has enough children in all, the first theme with cells."""
    return next((choice.code for choice in choices if choice.cells), "")


def read_card(survey: Mapping[str, Any], responses: int, *, language: str = "nb") -> dict[str, str]:
    """A release in a list: title, municipality, how many children. Out of the payload's `survey` and `n_responses`."""
    words = _Words(language, survey.get("default_language", "nb"))
    return {"title": words.plain(survey["title"]), "municipality": survey["municipality"]["name"], "children": wording.children(responses)}


def theme_labels(payload: Payload, *, language: str = "nb") -> dict[str, str]:
    """Each theme's name, by its code."""
    words = _Words(language, payload["survey"].get("default_language", "nb"))
    return {theme["code"]: words.plain(theme["words"]) for theme in payload["themes"]}


@dataclass(frozen=True)
class _Words:
    """Words in one language."""

    language: str
    default: str

    def plain(self, words: Mapping[str, Any]) -> str:
        """The text of {"nb": "…"} or the label of {"nb": {"label": "…"}}."""
        entry = words_in(dict(words), self.language, self.default)
        return str(entry["label"] if isinstance(entry, Mapping) else entry)


def _period(first: date, last: date) -> str:
    if first == last:
        return date_format(first, "j. F Y")
    if first.year != last.year:
        return f"{date_format(first, 'j. F Y')} – {date_format(last, 'j. F Y')}"
    if first.month != last.month:
        return f"{date_format(first, 'j. F')} – {date_format(last, 'j. F Y')}"
    return f"{first.day}.–{date_format(last, 'j. F Y')}"


def _lead(payload: Payload, municipality: str) -> str:
    schools = payload["numbers"]["schools"]
    where = "én skole" if schools == 1 else f"{wording.number(schools)} skoler"
    return (
        f"Barn fra {where} i {municipality} har tegnet på kartet hvordan de bruker stedet der de bor, "
        "hva de liker, og hva de vil ha annerledes. Her er svarene samlet."
    )


def _numbers(payload: Payload) -> tuple[BigNumber, ...]:
    numbers, missing = payload["numbers"], payload["not_answered"]
    took_part = None if missing is None else wording.share(payload["n_responses"], missing)
    schools = numbers["schools"]
    third = (
        BigNumber(took_part, "av elevene i klassene som ble spurt, svarte")
        if took_part
        else BigNumber(wording.number(schools), "skole var med" if schools == 1 else "skoler var med")
    )
    return (
        BigNumber(wording.number(numbers["responses"]), "barn har svart"),
        BigNumber(wording.number(numbers["marks"]), "veger, steder og områder er tegnet"),
        third,
    )


def _choices(payload: Payload, words: _Words) -> tuple[Choice, ...]:
    cells = [cell["theme"] for cell in payload["cells"]]
    themes = [Choice(theme["code"], words.plain(theme["words"]), theme["icon"], cells.count(theme["code"])) for theme in payload["themes"]]
    return (Choice("", "Alt samlet", "", cells.count(None)), *themes)


def _said(payload: Payload, words: _Words) -> tuple[BarChart, tuple[ThemeKey, ...]]:
    """The categories most children marked, and the themes they belong to. Ways are the other chart's."""
    found = [
        (category["children"], words.plain(category["words"]), theme)
        for theme in payload["themes"]
        for category in theme["categories"]
        if category["children"] and category["kind"] != "route"
    ]
    most = sorted(found, key=lambda row: (-row[0], row[1]))[:MOST_SAID]
    rows = [
        Row(
            label=label,
            value=children,
            text=wording.number(children),
            cells=(words.plain(theme["words"]), wording.number(children)),
            colour=theme["colour"],
        )
        for children, label, theme in most
    ]
    shown = {theme["code"] for _, _, theme in most}
    keys = tuple(ThemeKey(words.plain(theme["words"]), theme["colour"]) for theme in payload["themes"] if theme["code"] in shown)
    return bar_chart(rows, chart_id="said", title="Dette har flest barn merket på kartet", columns=("Merket som", "Tema", "Barn")), keys


def _travel(payload: Payload, words: _Words) -> BarChart:
    rows = [
        Row(
            label=words.plain(mode["words"]),
            value=mode["children"],
            text=wording.number(mode["children"]),
            cells=(wording.number(mode["children"]),),
        )
        for mode in payload["modes"]
        if mode["children"]
    ]
    return bar_chart(rows, chart_id="travel", title="Slik kommer barna fram på vegene sine", columns=("Måte", "Barn"))


def _travel_sentence(payload: Payload, words: _Words) -> str:
    shown = [mode for mode in payload["modes"] if mode["children"]]
    if not shown:
        return "For få barn har sagt hvordan de kommer fram, til at det kan vises."
    hidden = len(payload["modes"]) - len(shown)
    more = f" Måter som færre enn {payload['rules']['k']} barn bruker, er ikke med." if hidden else ""
    return f"Et barn som både går og sykler, teller på begge.{more}"


def _facts(payload: Payload, period: str) -> list[Fact]:
    rules = payload["rules"]
    k, size_m = rules["k"], rules["cell_size_m"]
    cut_m = TABLET_CUT_M + round(rules["way_cut_m"])
    return [
        Fact("Hvem har svart?", _who(payload, period)),
        Fact("Hvem har ikke svart?", _who_not(payload)),
        Fact("Hva er telt?", "Barn, ikke streker: Den som merker samme sted tre ganger, teller én gang."),
        Fact(
            "Hvorfor kan ingen kjennes igjen?",
            f"Et tall vises bare når minst {k} barn står bak, og når ikke nesten alle går i samme klasse. "
            f"Kartet har ruter på {size_m} meter, aldri enkeltmerker.",
        ),
        Fact(
            "Hvor nøyaktige er tallene?",
            f"De er rundet opp eller ned til nærmeste {rules['rounding']}, så summer kan avvike litt. Små forskjeller betyr lite.",
        ),
        Fact(
            "Hva er utelatt?",
            f"Enden av vegen nærmest hjemmet (minst {cut_m} meter), navn på klasser, klokkeslett og barnas egne ord. "
            f"En tom rute betyr at færre enn {k} barn har merket den, ikke at ingen bruker stedet.",
        ),
    ]


def _who(payload: Payload, period: str) -> str:
    bands = [f"{wording.number(band['responses'])} på {band['band'].replace('-', '.–')}. trinn" for band in payload["grade_bands"]]
    split = f" Av dem {wording.listed(bands)}." if bands else ""
    return f"Om lag {wording.children(payload['n_responses'])} i tida {period}, uten navn og uten konto.{split}"


def _who_not(payload: Payload) -> str:
    missing = payload["not_answered"]
    if missing is None:
        return "Vi vet ikke hvor mange elever klassene har, og kan ikke si hvor mange som mangler."
    if missing == 0:
        return "Så godt som alle elevene i klassene som ble spurt, har svart."
    return f"Om lag {wording.number(missing)} av elevene i klassene som ble spurt. Hva de ville ha sagt, vet vi ikke."
