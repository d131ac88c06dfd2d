"""The lesson plan, the letter and the other sheets: as they come, as the planner changes them, and as they are printed."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from surveys import services
from surveys.errors import InvalidSurvey
from surveys.models import ClassGroup, Survey, User
from surveys.sheets import AIMS, Block, blocks, default_text, fill, sheet_codes, text_of

pytestmark = pytest.mark.django_db


def _page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"surveys:{name}", args=args))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def tors(client: Client, tor: User) -> Client:
    """Tor's browser."""
    client.force_login(tor)
    return client


def test_plain_text_becomes_headings_paragraphs_and_lists() -> None:
    text = "Først\nog mer\n\n## Så\n- en\n- to\n\n- tre\nSlutt"
    assert blocks(text) == [
        Block("paragraph", "Først og mer"),
        Block("heading", "Så"),
        Block("list", items=("en", "to")),
        Block("list", items=("tre",)),
        Block("paragraph", "Slutt"),
    ]
    assert blocks("") == []


def test_every_sheet_has_words_and_every_band_its_aims() -> None:
    assert set(AIMS.values()) < set(sheet_codes())
    assert all(blocks(default_text(code)) for code in sheet_codes())


def test_facts_are_filled_in_and_other_braces_left_alone(survey: Survey) -> None:
    told = fill("{survey} i {municipality}: {contact} {noe} {closes.year}", survey)
    assert told == "Barnetråkk 2026 i Bergen: Ta kontakt med Bergen kommune, eller med læreren. {noe} {closes.year}"


def test_only_what_differs_is_kept_and_emptying_brings_the_default_back(survey: Survey) -> None:
    services.change_sheets(
        survey=survey, texts={"plan": "## Vårt\r\nopplegg", "letter": default_text("letter"), "contact": " Pia, 55 00 00 00 "}
    )
    survey.refresh_from_db()
    assert survey.sheets == {"plan": "## Vårt\nopplegg", "contact": "Pia, 55 00 00 00"}
    services.change_sheets(survey=survey, texts={"plan": "  "})
    assert text_of(survey, "plan") == default_text("plan")
    with pytest.raises(InvalidSurvey):
        services.change_sheets(survey=survey, texts={"noe": "x"})


def test_the_plan_has_the_aims_of_the_classs_grade(tors: Client, class_group: ClassGroup) -> None:
    page = _page(tors, "lesson-plan", class_group.pk)
    assert "Kompetansemål etter 7. trinn" in page
    assert "KV146" in page
    assert "Før timen" in page
    ClassGroup.objects.update(grade=3)
    assert "Kompetansemål etter 4. trinn" in _page(tors, "lesson-plan", class_group.pk)


def test_the_letter_says_whom_to_ask_and_when_all_is_deleted(tors: Client, class_group: ClassGroup, survey: Survey) -> None:
    services.change_sheets(survey=survey, texts={"contact": "Pia Plan, <55 00 00 00>"})
    page = _page(tors, "sheet", class_group.pk, "brev")
    assert "Pia Plan, &lt;55 00 00 00&gt;" in page
    assert f"{survey.retention_until.year}; etterpå finnes bare tall" in page
    assert "{" not in page.split("<article", 1)[1].split("</article>", 1)[0]


def test_the_code_sheet_has_the_code_that_the_lesson_opens(tors: Client, class_group: ClassGroup) -> None:
    page = _page(tors, "code-sheet", class_group.pk)
    code = re.search(r'sheet__letters">([2-9A-Z]{4}-[2-9A-Z]{4})<', page)
    assert code
    join = {"code": code[1]}
    assert Client().post("/api/v1/join", join, content_type="application/json").status_code == 404, "nothing before the lesson"
    services.open_lesson(class_group=class_group, opened_by=None)
    assert Client().post("/api/v1/join", join, content_type="application/json").status_code == 201


def test_there_is_no_sheet_by_another_name(tors: Client, class_group: ClassGroup) -> None:
    assert tors.get(reverse("surveys:sheet", args=[class_group.pk, "plan"])).status_code == 404


def test_the_planner_changes_words_and_the_teacher_reads_them(pia: User, tor: User, survey: Survey, class_group: ClassGroup) -> None:
    planner, teacher = Client(), Client()
    planner.force_login(pia)
    teacher.force_login(tor)
    form = planner.get(reverse("surveys:edit-sheets", args=[survey.pk])).content.decode()
    assert "Hva legger dere merke til på kartet?" in form
    saved = planner.post(reverse("surveys:edit-sheets", args=[survey.pk]), {"talk": "- Hvor er det <i>fint</i>?"})
    assert saved.status_code == 302
    assert "<li>Hvor er det &lt;i&gt;fint&lt;/i&gt;?</li>" in _page(teacher, "sheet", class_group.pk, "samtale")
