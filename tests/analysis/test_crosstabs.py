"""Cross-tables out of the database: against pandas on a whole town's marks, against a case counted by hand, and what the page says."""

import csv
import io
from datetime import date, timedelta

import pandas as pd
import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from analysis.crosstab import Told
from analysis.crosstabs import Found, chosen_dimensions, crosstab_of, dimensions_of
from analysis.filters import MarkFilter
from analysis.summary import with_words
from mapping.models import Mark
from surveys.errors import InvalidFilter
from surveys.models import GradeBand, Kind, Response, School, Survey, User
from tests import places
from tests.factories import ClassGroupFactory, MarkFactory, ResponseFactory, SchoolFactory

pytestmark = pytest.mark.django_db


def _table(survey: Survey, rows: str, columns: str, query: str = "") -> Found:
    survey = with_words(survey)
    chosen = MarkFilter.parse(QueryDict(query), survey)
    return crosstab_of(survey, chosen, *chosen_dimensions(dimensions_of(survey), rows, columns))


def _said(found: Found) -> dict[str, list[str]]:
    heads = [*(head.label for head in found.row_heads), "I alt"]
    shape = found.table.children.shape
    return {heads[row]: [found.table.said(row, column) for column in range(shape[1])] for row in range(shape[0])}


def test_children_are_counted_once_in_each_cell_and_margin(answered: Survey) -> None:
    """Three of 5A fear the crossing and four drew their way: few, and so is the total, of which no part is told."""
    found = _table(answered, "category", "grade_band")
    assert [head.label for head in found.column_heads] == ["5.–7. trinn", "8.–10. trinn"]
    assert _said(found) == {
        "Skoleveg": ["0–4", "0–4", "1–4"],
        "Leker": ["20", "10", "30"],
        "Farlig": ["0–4", "0–4", "1–4"],
        "I alt": ["20", "10", "30"],
    }
    assert found.table.marks is not None
    assert found.table.marks.tolist() == [[4, 0, 4], [20, 10, 30], [3, 0, 3], [27, 10, 37]]
    assert found.table.share(1, 0) == "67 %"


def test_filters_are_those_of_the_workbench_and_headings_lead_back_to_it(answered: Survey) -> None:
    found = _table(answered, "category", "month", "category=leke,farlig&from=2026-09-14")
    assert list(_said(found)) == ["Farlig", "I alt"]
    assert [head.label for head in found.column_heads] == ["September 2026"]
    assert found.row_heads[0].query == "category=farlig&from=2026-09-14"
    assert found.column_heads[0].query == ""


def test_a_mark_without_a_value_is_in_no_cell_and_no_margin(answered: Survey) -> None:
    found = _table(answered, "mode", "grade_band")
    assert found.table.marks is not None
    assert found.table.marks.tolist() == [[4, 4], [4, 4]]


def test_a_question_about_a_mark_is_a_dimension(answered: Survey) -> None:
    Mark.objects.filter(category__code="skoleveg").update(answers={"skoleveg_trygghet": "5"})
    found = _table(answered, "question:skoleveg_trygghet", "mode")
    assert _said(found) == {"Veldig trygg": ["1–4", "1–4"], "I alt": ["1–4", "1–4"]}


@pytest.fixture
def town(survey: Survey, school: School) -> Survey:
    """Two schools, three grades, 90 children with up to twelve marks each by a rule that no cell of a table follows."""
    other = SchoolFactory.create(municipality=survey.municipality, name="Andre skole")
    survey.schools.add(other)
    categories = list(survey.categories.exclude(kind=Kind.AREA).order_by("pk"))
    for at, (place, grade, size) in enumerate(((school, 2, 30), (school, 6, 25), (other, 6, 20), (other, 9, 15))):
        group = ClassGroupFactory.create(survey=survey, school=place, grade=grade, letter=f"A{at}")
        for number in range(size):
            answers = {"lov_a_ga": ("ja", "nei", "noen_ganger")[(number * 7 + at) % 3]} if number % 10 else {}
            response = ResponseFactory.create(class_group=group, answers=answers)
            for mark in range((number * 5 + at) % 13):
                category = categories[(number * number + mark * (3 + at)) % len(categories)]
                mode = category.modes[(number + mark) % len(category.modes)] if category.modes else ""
                week = (date(2026, 8, 3), date(2026, 9, 7), date(2026, 10, 5))[(mark + number) % 3] + timedelta(days=7 * (mark % 2))
                geom = places.point(places.PLAYGROUND) if category.kind == Kind.PLACE else None
                MarkFactory.create(response=response, category=category, mode=mode, geom=geom, week=week)
    return survey


def _frame(survey: Survey) -> pd.DataFrame:
    columns = ("category__theme__code", "category__code", "kind", "mode", "week", "response_id", "response__class_group__grade")
    rows = Mark.objects.filter(survey=survey).values_list(*columns, "response__class_group__school__name", "response__answers")
    frame = pd.DataFrame(list(rows), columns=["theme", "category", "kind", "mode", "week", "child", "grade", "school", "answers"])
    frame["grade_band"] = [str(GradeBand.of(grade).label) for grade in frame["grade"]]
    frame["month"] = [f"{week:%Y-%m}" for week in frame["week"]]
    return frame


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        ("theme", "grade_band"),
        ("category", "school"),
        ("kind", "month"),
        ("mode", "grade_band"),
        ("school", "grade_band"),
        ("month", "theme"),
    ],
)
def test_every_cell_and_margin_is_what_pandas_counts(town: Survey, rows: str, columns: str) -> None:
    frame = _frame(town)
    for name in (rows, columns):
        frame = frame[frame[name] != ""]
    children = pd.crosstab(frame[rows], frame[columns], values=frame["child"], aggfunc="nunique", margins=True)
    marks = pd.crosstab(frame[rows], frame[columns], margins=True)
    found = _table(town, rows, columns)
    assert found.table.marks is not None
    assert sorted(found.table.children.ravel().tolist()) == sorted(children.fillna(0).astype(int).to_numpy().ravel().tolist())
    assert sorted(found.table.marks.ravel().tolist()) == sorted(marks.to_numpy().ravel().tolist())
    # and at its own place
    known = dimensions_of(with_words(town))
    row_of = {str(value): place for place, value in enumerate(_values(known[rows].values, children.index))}
    for value, place in row_of.items():
        assert found.table.children[place, -1] == children.loc[value, "All"]
        assert found.table.marks[place, -1] == marks.loc[value, "All"]


def _values(values: dict[str, str], index: "pd.Index[str]") -> list[str]:
    """The values of a dimension as the frame calls them, in the survey's order, those that are there."""
    names = [value if value in index else label if label in index else value[:7] for value, label in values.items()]
    return [name for name in names if name in index]


def test_an_answer_of_the_child_is_told_by_the_rules_of_a_release(town: Survey) -> None:
    found = _table(town, "theme", "question:lov_a_ga")
    frame = _frame(town)
    frame["answer"] = [answers.get("lov_a_ga", "") for answers in frame["answers"]]
    frame = frame[frame["answer"] != ""]
    assert found.is_rounded
    assert found.table.marks is None
    assert abs(int(found.table.children[-1, -1]) - frame["child"].nunique()) < 5
    assert (found.table.children % 5 == 0).all()
    true = pd.crosstab(frame["theme"], frame["answer"], values=frame["child"], aggfunc="nunique").fillna(0).to_numpy()
    told = found.table.told[:-1, :-1] == Told.EXACTLY
    assert told.any()
    assert found.table.children[:-1, :-1][told].min() >= 10
    assert told.sum() <= (true >= 10).sum()


def test_one_more_mark_does_not_tell_what_its_child_has_answered(town: Survey) -> None:
    """Two tables that differ in one child alone: nothing that is shown moves by one."""
    before = _table(town, "theme", "question:lov_a_ga").table
    child = Response.objects.filter(survey=town, answers={"lov_a_ga": "nei"}, marks__isnull=False).first()
    assert child is not None
    Mark.objects.filter(response=child).delete()
    after = _table(town, "theme", "question:lov_a_ga").table
    assert (abs(after.children - before.children) % 5 == 0).all()


def test_an_answer_of_the_child_is_not_told_by_place_nor_of_fewer_than_twenty(town: Survey) -> None:
    with pytest.raises(InvalidFilter, match="etter sted"):
        _table(town, "theme", "question:lov_a_ga", "bbox=5,60,6,61")
    with pytest.raises(InvalidFilter, match="Færre enn 20 barn"):
        _table(town, "theme", "question:lov_a_ga", "grade_band=8-10")


def test_a_dimension_that_is_unknown_or_twice_the_same_is_refused_in_words(answered: Survey) -> None:
    with pytest.raises(InvalidFilter, match="'hund' finnes ikke"):
        _table(answered, "hund", "theme")
    with pytest.raises(InvalidFilter, match="Velg to forskjellige"):
        _table(answered, "theme", "theme")


def test_who_is_set_aside_is_in_no_table(answered: Survey) -> None:
    Response.objects.filter(class_group__grade=8).update(set_aside_at="2026-09-08T10:00Z")
    assert [head.label for head in _table(answered, "category", "grade_band").column_heads] == ["5.–7. trinn"]


def test_the_page_keeps_the_filters_and_says_what_is_wrong_without_losing_them(client: Client, pia: User, answered: Survey) -> None:
    client.force_login(pia)
    url = reverse("analysis:crosstab", args=[answered.pk])
    page = client.get(url, {"category": "leke", "rows": "theme", "columns": "grade_band"}).content.decode()
    assert "<strong>Kategori:</strong> Leker" in page
    assert '<input type="hidden" name="category" value="leke">' in page
    assert f"{reverse('analysis:workbench', args=[answered.pk])}?category=leke" in page
    wrong = client.get(url, {"category": "leke", "rows": "theme", "columns": "theme"})
    assert wrong.status_code == 422
    assert "Velg to forskjellige" in wrong.content.decode()
    assert '<input type="hidden" name="category" value="leke">' in wrong.content.decode()
    assert client.get(url, {"category": "hund"}).status_code == 422


def test_a_survey_without_answers_has_a_page_that_says_so(client: Client, pia: User, survey: Survey) -> None:
    client.force_login(pia)
    assert "Ingen merker har både kategori og klassetrinn" in client.get(reverse("analysis:crosstab", args=[survey.pk])).content.decode()


def test_the_spreadsheet_has_what_the_page_has(client: Client, pia: User, answered: Survey) -> None:
    client.force_login(pia)
    answered.categories.filter(code="leke").update(words={"nb": {"label": "=leke"}})
    answer = client.get(reverse("analysis:crosstab-csv", args=[answered.pk]))
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0][:4] == ["Kategori / Klassetrinn", "5.–7. trinn: barn", "8.–10. trinn: barn", "I alt: barn"]
    assert rows[2] == ["'=leke", "20", "10", "30", "20", "10", "30", "67 %", "33 %"]
    assert rows[1] == ["Skoleveg", "0–4", "0–4", "1–4", "–", "–", "–", "", ""]
    assert rows[-1][:4] == ["I alt", "20", "10", "30"]
    assert answer.content.startswith(b"\xef\xbb\xbf")


def test_a_box_is_a_filter_of_the_table_too(answered: Survey) -> None:
    found = _table(answered, "category", "grade_band", "bbox=5.334,60.381,5.336,60.383")
    assert list(_said(found)) == ["Leker", "I alt"]
