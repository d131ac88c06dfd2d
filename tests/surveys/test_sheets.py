"""The lesson plan, the letter and the other sheets: as they come, as the planner changes them, and as they are printed."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from surveys import services
from surveys.errors import InvalidSurvey
from surveys.languages import DRAFT, drafts, known_languages
from surveys.models import ClassGroup, Municipality, Survey, User
from surveys.sheets import AIMS, Block, blocks, default_text, fill, letter_in, sheet_codes, text_of

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


@pytest.mark.parametrize(
    ("grade", "after", "code", "aim"),
    [
        (1, 2, "KV148", "samtale om korleis ulike kjelder, inkludert kart, kan gi informasjon om samfunnsfaglege spørsmål"),
        (2, 2, "KV148", "utforske og gi døme på korleis barn kan påverke avgjerder og samarbeide om demokratiske prosessar"),
        (3, 4, "KV145", "utvikle forslag til korleis ein kan vere med på å påverke avgjerder"),
        (4, 4, "KV145", "samtale om reglar og normer for personvern, deling og beskyttelse av informasjon"),
        (5, 7, "KV146", "gjennomføre ei samfunnsfagleg undersøking og presentere resultata ved hjelp av eigna digitale verktøy"),
        (7, 7, "KV146", "samanlikne korleis ulike kjelder kan gi ulik informasjon om same tema"),
        (8, 10, "KV147", "bruke samfunnsfaglege metodar og digitale ressursar i eigne undersøkingar"),
        (10, 10, "KV147", "vurdere på kva måtar ulike kjelder gir informasjon om eit samfunnsfagleg tema"),
    ],
)
def test_the_plan_quotes_the_aims_that_the_class_works_towards(
    tors: Client, class_group: ClassGroup, grade: int, after: int, code: str, aim: str
) -> None:
    ClassGroup.objects.update(grade=grade)
    page = _page(tors, "lesson-plan", class_group.pk)
    assert f"Kompetansemål etter {after}. trinn" in page
    assert f"Samfunnsfag (SAF01-04), kompetansemål etter {after}. trinn ({code})" in page
    assert aim in page
    assert "Utdanningsdirektoratet, NLOD 2.0" in page
    assert "Før timen" in page


def test_the_letter_says_whom_to_ask_and_when_all_is_deleted(tors: Client, class_group: ClassGroup, survey: Survey) -> None:
    services.change_sheets(survey=survey, texts={"contact": "Pia Plan, <55 00 00 00>"})
    page = _page(tors, "sheet", class_group.pk, "brev")
    assert "Pia Plan, &lt;55 00 00 00&gt;" in page
    assert f"{survey.retention_until.year}; etterpå finnes bare tall" in page
    assert "{" not in page.split("<article", 1)[1].split("</article>", 1)[0]


LETTERS = {
    "nb": ("Brev til foresatte", "senest 1. juni 2027;", "Ta kontakt med Bergen kommune"),
    "nn": ("Brev til føresette", "seinast 1. juni 2027;", "Ta kontakt med Bergen kommune"),
    "en": ("Letter to parents and guardians", "by 1 June 2027 at the latest;", "Contact the municipality of Bergen"),
    "se": ("Reive váhnemiidda ja fuolaheddjiide", "maŋimustá 01.06.2027;", "Bergen gielddain"),
    "uk": ("Лист до батьків і опікунів", "щонайпізніше 1 червня 2027;", "муніципалітету Bergen"),
    "ar": ("رسالة إلى أولياء الأمور", "1 يونيو 2027", "بلدية Bergen"),
}


@pytest.mark.parametrize("language", LETTERS)
def test_the_letter_is_there_in_every_language_with_its_facts_filled_in(
    tors: Client, class_group: ClassGroup, survey: Survey, municipality: Municipality, language: str
) -> None:
    municipality.draft_languages = drafts()
    municipality.save()
    Survey.objects.update(retention_until=date(2027, 6, 1))
    answer = tors.get(reverse("surveys:sheet", args=[class_group.pk, "brev"]), {"sprak": language})
    article = re.sub(r"\s+", " ", answer.content.decode()).split("<article", 1)[1].split("</article>", 1)[0]
    title, deleted, contact = LETTERS[language]
    direction = known_languages()[language].direction
    assert f'lang="{language}" dir="{direction}"' in article
    assert f"<h1>{title}</h1>" in article
    assert deleted in article
    assert contact in article
    assert "{" not in article
    assert [block.kind for block in blocks(default_text(letter_in(language)))] == [block.kind for block in blocks(default_text("letter"))]


def test_a_letter_in_a_draft_says_so_and_is_offered_where_the_draft_is_on(
    tors: Client, class_group: ClassGroup, municipality: Municipality
) -> None:
    address = reverse("surveys:sheet", args=[class_group.pk, "brev"])
    page = _page(tors, "sheet", class_group.pk, "brev")
    assert "?sprak=nn" in page
    assert "?sprak=ar" not in page
    assert tors.get(address, {"sprak": "ar"}).status_code == 404
    assert tors.get(address, {"sprak": "xx"}).status_code == 404
    municipality.draft_languages = ["ar"]
    municipality.save()
    assert "العربية</span> (utkast)" in _page(tors, "sheet", class_group.pk, "brev")
    assert DRAFT in tors.get(address, {"sprak": "ar"}).content.decode()
    assert DRAFT not in tors.get(address, {"sprak": "nn"}).content.decode()


def test_the_planner_changes_the_letter_in_each_language_and_one_that_is_behind_says_so(
    pia: User, tors: Client, survey: Survey, class_group: ClassGroup, municipality: Municipality
) -> None:
    planner = Client()
    planner.force_login(pia)
    edit, letter = reverse("surveys:edit-sheets", args=[survey.pk]), reverse("surveys:sheet", args=[class_group.pk, "brev"])
    form = planner.get(edit).content.decode()
    assert "Brev til foresatte på nynorsk" in form
    assert "på arabisk" not in form
    planner.post(edit, {"letter": "Hei, alle sammen"})
    behind = "Kommunen har endret brevet på bokmål"
    assert behind not in tors.get(letter).content.decode()
    assert behind in tors.get(letter, {"sprak": "nn"}).content.decode()
    planner.post(edit, {"letter": "Hei, alle sammen", "letter.nn": "Hei, alle saman"})
    page = tors.get(letter, {"sprak": "nn"}).content.decode()
    assert "Hei, alle saman" in page
    assert behind not in page


def test_a_letter_in_a_language_that_is_off_is_kept_when_others_are_changed(survey: Survey) -> None:
    services.change_sheets(survey=survey, texts={"letter.ar": "مرحبا"})
    services.change_sheets(survey=survey, texts={"plan": "Vårt"})
    assert survey.sheets == {"letter.ar": "مرحبا", "plan": "Vårt"}


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
