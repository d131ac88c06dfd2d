"""The planner edits what a survey asks, on pages that need no script."""

import pytest
from django.test import Client
from django.urls import reverse

from surveys.models import Survey, User
from tests.conftest import Tablet, a_place
from tests.mapping.editor_world import send

pytestmark = pytest.mark.django_db


@pytest.fixture
def pias(pia: User) -> Client:
    """Pia's browser."""
    browser = Client()
    browser.force_login(pia)
    return browser


def _content(client: Client, survey: Survey) -> str:
    return client.get(reverse("editor:content", args=[survey.pk])).content.decode()


def _act(client: Client, survey: Survey, kind: str, code: str, action: str) -> str:
    answer = client.post(reverse("editor:change-part", args=[survey.pk, kind, code]), {"action": action}, follow=True)
    return answer.content.decode()


def test_the_page_lists_steps_categories_and_questions_in_order(pias: Client, survey: Survey) -> None:
    page = _content(pias, survey)
    expected = [
        "Steg 1",
        "Skoleveg",
        "Hvor trygg føler du deg",
        "Fritidsveg",
        "Steg 2",
        "Leker",
        "Når på året",
        "Til slutt",
        "Får du gå ute",
    ]
    places = [page.index(words) for words in expected]
    assert places == sorted(places)


def test_a_category_saved_as_it_stands_is_as_it_was(pias: Client, survey: Survey) -> None:
    before = survey.categories.values().get(code="skoleveg")
    assert send(pias, "category", survey, "skoleveg")[0] == 302
    assert survey.categories.values().get(code="skoleveg") == before


@pytest.mark.parametrize("code", ["skoleveg_trygghet", "arstid", "dager_ute", "hvor_ofte", "si_til_ordforer"])
def test_a_question_saved_as_it_stands_is_as_it_was(pias: Client, survey: Survey, code: str) -> None:
    before = survey.questions.values().get(code=code)
    assert send(pias, "question", survey, code)[0] == 302
    assert survey.questions.values().get(code=code) == before


def test_words_are_written_in_every_language_of_the_survey(pias: Client, survey: Survey) -> None:
    send(pias, "category", survey, "leke", label_nb="Leik", label_en="Games", prompt_nb="Hvor leker du?", max_per_response="7", icon="bade")
    play = survey.categories.get(code="leke")
    written = {"nb": {"label": "Leik", "prompt": "Hvor leker du?"}, "nn": {"label": "Leikar"}, "en": {"label": "Games"}}
    assert play.words == {**play.words, **written}
    assert play.words["uk"] == {"label": "Граюся"}, "what the survey has in languages that it does not offer stays"
    assert (play.max_per_response, play.icon) == (7, "bade")


def test_a_new_category_and_a_refusal_that_loses_nothing(pias: Client, survey: Survey) -> None:
    wanted = {"label_nb": "Snarveg", "icon": "ga", "kind": "place", "modes": ["ga"]}
    status, page = send(pias, "new-category", survey, query="?steg=way", **wanted)
    assert status == 200
    assert "Bare veger har transportmidler" in page
    assert 'value="Snarveg"' in page
    status, _ = send(pias, "new-category", survey, query="?steg=way", **{**wanted, "kind": "route"})
    assert status == 302
    made = survey.categories.get(code="snarveg")
    assert (made.theme.code, made.kind, made.modes, made.colour) == ("way", "route", ["ga"], "#1d4ed8")


def test_a_question_with_new_choices_and_a_condition(pias: Client, survey: Survey) -> None:
    new = {"options.+1.nb": "Trafikken", "options.+2.nb": "Mørket", "options.+2.en": "The dark", "options.+2.order": "1"}
    status, page = send(
        pias,
        "new-question",
        survey,
        type="multiple",
        label_nb="Hva er vanskelig?",
        **new,
        **{"if.lov_a_ga": ["nei"], "if.arstid": ["vinter"]},
    )
    assert (status, "svar på ett spørsmål" in page) == (200, True)
    status, _ = send(pias, "new-question", survey, type="multiple", label_nb="Hva er vanskelig?", **new, **{"if.lov_a_ga": ["nei"]})
    made = survey.questions.get(code="hva_er_vanskelig")
    assert (status, made.options, made.asked_after, made.asked_if) == (302, ["trafikken", "morket"], "lov_a_ga", ["nei"])
    assert made.words["nb"]["options"] == {"trafikken": "Trafikken", "morket": "Mørket"}
    assert made.words["en"]["options"] == {"morket": "The dark"}
    assert "bare etter «Nei» på «Får du gå ute uten voksne?»" in _content(pias, survey)


def test_choices_change_places_and_are_taken_away_while_nobody_has_answered(pias: Client, survey: Survey) -> None:
    send(pias, "question", survey, "lov_a_ga", **{"options.nei.order": "1", "options.ja.order": "3", "options.noen_ganger.removed": "on"})
    question = survey.questions.get(code="lov_a_ga")
    assert (question.options, set(question.words["nn"]["options"])) == (["nei", "ja"], {"nei", "ja"})


def test_with_answers_what_is_settled_is_shown_and_stays(pias: Client, survey: Survey, ada: Tablet) -> None:
    ada.put(a_place())
    ada.put(a_place())
    page = pias.get(reverse("editor:category", args=[survey.pk, "leke"])).content.decode()
    assert "Kan ikke endres, for noen har svart" in page
    status, page = send(pias, "category", survey, "leke", kind="area", max_per_response="1")
    assert (status, "Et barn har tegnet 2 av «Leker»" in page) == (200, True)
    assert send(pias, "category", survey, "leke", kind="area", label_nb="Leik")[0] == 302
    play = survey.categories.get(code="leke")
    assert (play.kind, play.words["nb"]["label"]) == ("place", "Leik")


def test_hiding_says_how_to_undo_and_is_undone(pias: Client, survey: Survey, ada: Tablet) -> None:
    page = _act(pias, survey, "kategori", "leke", "skjul")
    assert "«Leker» er skjult for elevene" in page
    assert "Ta tilbake Leker" in page
    assert "kan ikke slettes. Skjul det" in _act(pias, survey, "kategori", "leke", "slett")
    _act(pias, survey, "kategori", "leke", "tilbake")
    assert not survey.categories.filter(is_retired=True).exists()


def test_what_is_moved_and_deleted_is_where_one_looks_next(pias: Client, survey: Survey) -> None:
    answer = pias.post(reverse("editor:change-part", args=[survey.pk, "kategori", "bade"]), {"action": "opp"})
    assert answer["Location"].endswith("/innhold/#kategori-bade")
    assert "«Bader» er slettet" in _act(pias, survey, "kategori", "bade", "slett")
    assert "Handlingen finnes ikke" in _act(pias, survey, "steg", "way", "skjul")


def test_parts_of_another_survey_and_unknown_kinds_are_not_found(pias: Client, survey: Survey, bo: Tablet) -> None:
    for kind, code in (("kategori", "finnes_ikke"), ("fugl", "leke")):
        assert pias.post(reverse("editor:change-part", args=[survey.pk, kind, code]), {"action": "opp"}).status_code == 404


def test_a_step_is_made_and_opened(pias: Client, survey: Survey) -> None:
    assert send(pias, "new-theme", survey, label_nb="Vinter", icon="activity")[0] == 302
    assert send(pias, "theme", survey, "vinter", prompt_nb="Hvor er du?")[0] == 302
    assert survey.themes.get(code="vinter").words == {"nb": {"label": "Vinter", "prompt": "Hvor er du?"}}


def test_an_address_that_names_a_category_that_is_gone_asks_at_the_end(pias: Client, survey: Survey) -> None:
    answer = pias.get(reverse("editor:new-question", args=[survey.pk]) + "?sted=kategori:finnesikke")
    assert answer.status_code == 200


def test_choices_whose_codes_have_dots_in_them_are_shown(pias: Client, survey: Survey) -> None:
    """The admin takes any code."""
    question = survey.questions.get(code="lov_a_ga")
    question.options, question.words = ["1.-4. trinn", "b"], {"nb": {"label": "Hvem?", "options": {"1.-4. trinn": "De minste", "b": "Vi"}}}
    question.save()
    answer = pias.get(reverse("editor:question", args=[survey.pk, "lov_a_ga"]))
    assert answer.status_code == 200
    assert "De minste" in answer.content.decode()
