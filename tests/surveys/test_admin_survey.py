"""Categories and questions in the admin: changed by the municipality's own planner, never so that an answer loses its meaning."""

from typing import Any

import pytest
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse

from surveys.models import Category, Question, Survey, User
from tests.conftest import Tablet
from tests.factories import make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def pias(client: Client, pia: User) -> Client:
    """Pia's browser."""
    client.force_login(pia)
    return client


def _url(row: Category | Question, page: str = "change") -> str:
    return reverse(f"admin:surveys_{row._meta.model_name}_{page}", args=[row.pk])


def _posted(client: Client, row: Category | Question, **different: Any) -> dict[str, Any]:
    """What the browser sends of the row's page as it stands, and what is different."""
    form: BaseForm = client.get(_url(row)).context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    values = {name: form.fields[name].prepare_value(value) for name, value in shown.items()}
    return {**{name: value for name, value in values.items() if value is not None and value is not False}, **different}


def test_the_setup_page_leads_a_planner_to_the_editor_and_the_tables_are_still_there(pias: Client, survey: Survey) -> None:
    setup = pias.get(reverse("surveys:setup", args=[survey.pk])).content.decode()
    assert reverse("editor:content", args=[survey.pk]) in setup
    for model in ("category", "question"):
        url = f"{reverse(f'admin:surveys_{model}_changelist')}?survey__id__exact={survey.pk}"
        assert pias.get(url).status_code == 200


def test_a_planner_changes_a_categorys_words_and_the_tablets_are_told(pias: Client, survey: Survey) -> None:
    leke = survey.categories.get(code="leke")
    words = '{"nb": {"label": "Leke ute"}}'
    assert pias.post(_url(leke), _posted(pias, leke, words=words)).status_code == 302
    leke.refresh_from_db()
    assert leke.label_in("nb") == "Leke ute"
    assert Survey.objects.get(pk=survey.pk).version == survey.version + 1


def test_another_municipalitys_words_are_not_found(pias: Client, survey: Survey, kai: User) -> None:
    theirs = make_survey(municipality=kai.memberships.get().municipality, schools=[])
    for row in (theirs.categories.all()[0], theirs.questions.all()[0]):
        assert pias.get(_url(row)).status_code == 404
        assert pias.post(_url(row), {"code": "x"}).status_code == 404
        assert pias.post(_url(row, "delete"), {"post": "yes"}).status_code == 404


def test_a_category_is_not_moved_to_a_theme_of_another_survey(pias: Client, survey: Survey) -> None:
    other = make_survey(municipality=survey.municipality, schools=[])
    leke = survey.categories.get(code="leke")
    answer = pias.post(_url(leke), _posted(pias, leke, theme=other.themes.all()[0].pk))
    assert "hører til en annen undersøkelse" in answer.content.decode()


def test_without_answers_a_category_and_a_question_can_be_deleted(pias: Client, survey: Survey) -> None:
    for row in (survey.categories.get(code="leke"), survey.questions.all()[0]):
        assert pias.post(_url(row, "delete"), {"post": "yes"}).status_code == 302
        assert not type(row).objects.filter(pk=row.pk).exists()


def test_with_answers_nothing_is_deleted_and_no_code_changes(pias: Client, survey: Survey, ada: Tablet) -> None:
    leke, question = survey.categories.get(code="leke"), survey.questions.all()[0]
    for row in (leke, question):
        assert pias.post(_url(row, "delete"), {"post": "yes"}).status_code == 403
        row.refresh_from_db()
    assert pias.post(_url(leke), _posted(pias, leke, code="annet", kind="area", position="3")).status_code == 302
    leke.refresh_from_db()
    assert (leke.code, leke.kind, leke.position) == ("leke", "place", 3)
    assert pias.post(_url(question), _posted(pias, question, code="annet", type="text", options="")).status_code == 302
    again = Question.objects.get(pk=question.pk)
    assert (again.code, again.type, again.options) == (question.code, question.type, question.options)


def test_a_superuser_deletes_no_answered_survey_in_the_admin(client: Client, survey: Survey, ada: Tablet) -> None:
    client.force_login(User.objects.create_superuser("root", password="x"))
    assert client.post(reverse("admin:surveys_survey_delete", args=[survey.pk]), {"post": "yes"}).status_code == 403
    assert Survey.objects.filter(pk=survey.pk).exists()
