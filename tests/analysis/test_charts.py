"""Bar charts: places and lengths by head, then the drawn SVG read back with an XML parser."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.template.loader import render_to_string

from analysis.charts import LABEL_WIDTH, VALUE_WIDTH, WIDTH, BarChart, Row, bar_chart

SVG = "{http://www.w3.org/2000/svg}"


def chart(*rows: Row) -> BarChart:
    return bar_chart(rows, chart_id="c1", title="Barn per kategori", columns=("Kategori", "Barn"))


def row(label: str, value: float, **more: object) -> Row:
    return Row(label=label, value=value, text=str(value), cells=(str(value),), **more)  # type: ignore[arg-type]


def drawn(page: str) -> ET.Element:
    found = re.search(r"<svg.*?</svg>", page, re.S)
    assert found
    return ET.fromstring(found[0].replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))  # noqa: S314  (our own output)


def test_the_longest_bar_fills_the_room_and_the_others_follow_their_numbers() -> None:
    widths = [bar.width for bar in chart(row("Leke", 40), row("Bade", 10), row("Ri", 0)).bars]
    room = WIDTH - LABEL_WIDTH - VALUE_WIDTH
    assert widths == [room, room / 4, 0]


def test_a_small_number_beside_a_large_one_is_still_seen() -> None:
    assert chart(row("Leke", 100_000), row("Bade", 1)).bars[1].width == 2


def test_a_chart_can_keep_the_scale_of_another() -> None:
    (bar,) = bar_chart([row("Ri", 10)], chart_id="c2", title="Resten", columns=("Kategori", "Barn"), longest=40).bars
    assert bar.width == (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / 4


def test_a_long_label_breaks_in_two_lines_and_keeps_clear_of_the_bars() -> None:
    lines = chart(row("Mangler gangfelt eller fortau der mange barn går", 1)).bars[0].lines
    assert len(lines) == 2
    assert lines[1].text.endswith("…")
    assert max(len(line.text) for line in lines) <= 21


def test_the_description_says_every_bar() -> None:
    assert "Leke: 40; Bade: 10" in chart(row("Leke", 40), row("Bade", 10)).description


def test_no_rows_make_an_empty_chart() -> None:
    empty = chart()
    assert (empty.height, empty.bars, empty.description) == (0, (), "Ingen tall.")


@pytest.mark.parametrize("wrong", [Row("x", -1, "-1", ("1",)), Row("x", 1, "1", ())])
def test_rows_that_do_not_fit_are_refused(wrong: Row) -> None:
    with pytest.raises(ValueError, match="row 'x'"):
        chart(wrong)


def test_the_drawing_is_well_formed_named_and_has_no_inline_style() -> None:
    rows = row("Leke & <b>bade</b>", 40, colour="#0f766e"), row("Ri", 2, is_few=True)
    page = render_to_string("analysis/bars.html", {"chart": chart(*rows)})
    svg = drawn(page)
    assert svg.get("role") == "img"
    assert (svg.get("aria-labelledby") or "").split() == ["c1-t", "c1-d"]
    assert "style=" not in page
    assert "<b>" not in page
    assert [rect.get("width") for rect in svg.iter(f"{SVG}rect")] == [str(bar.width) for bar in chart(row("x", 40), row("y", 2)).bars]
    assert "chart__bar--few" in page


def test_the_table_behind_has_a_row_per_bar_with_a_head() -> None:
    page = render_to_string("analysis/bars.html", {"chart": chart(row("Leke", 40), row("Bade", 10))})
    assert re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', page) == [("Leke", "40"), ("Bade", "10")]


def test_numbers_in_the_drawing_have_points_in_norwegian_too() -> None:
    page = render_to_string("analysis/bars.html", {"chart": chart(row("Leke", 3), row("Bade", 1))})
    assert not re.search(r'(?:width|x|y|dy)="\d+,\d', page)
