"""The planner's page of publishing: a draft, a look at it, two steps that ask first, and refusals said in whole sentences."""

import pytest
from django.test import Client
from django.urls import reverse

from analysis.models import Release
from surveys.models import Survey, User
from tests.factories import MarkFactory, ResponseFactory, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(client: Client, pia: User) -> Client:
    """Pia's browser."""
    client.force_login(pia)
    return client


def _url(name: str, survey: Survey, *more: object) -> str:
    return reverse(f"analysis:{name}", args=[survey.pk, *more])


def _text(client: Client, survey: Survey) -> str:
    return client.get(_url("publishing", survey)).content.decode()


def _publish(client: Client, survey: Survey) -> Release:
    client.post(_url("make-draft", survey))
    draft = survey.releases.get(status="draft")
    client.post(_url("publish", survey, draft.pk))
    return draft


def test_a_planner_makes_looks_at_and_publishes_a_release_and_everybody_reads_it(planner: Client, answered: Survey) -> None:
    assert "Ingenting fra denne undersøkelsen er offentlig." in _text(planner, answered)
    planner.post(_url("make-draft", answered))
    draft = answered.releases.get()
    page, address = _text(planner, answered), reverse("followup:release", args=[draft.pk])
    assert address in page
    assert _url("publish", answered, draft.pk) in page
    assert planner.get(address).status_code == 200
    assert Client().get(address).status_code == 404
    planner.post(_url("publish", answered, draft.pk))
    assert Client().get(address).status_code == 200
    page = _text(planner, answered)
    assert "Offentlig siden" in page
    assert "Om lag 30 barn har svart" in page


def test_publishing_asks_first_and_says_what_becomes_public_for_good(planner: Client, answered: Survey) -> None:
    planner.post(_url("make-draft", answered))
    draft = answered.releases.get()
    page = planner.get(_url("publish", answered, draft.pk)).content.decode()
    assert "ruter på 250 meter, der minst 5 barn" in page
    assert "blir aldri endret" in page
    draft.refresh_from_db()
    assert draft.status == "draft", "a look is no step"


def test_withdrawing_asks_first_and_then_the_page_is_gone(planner: Client, answered: Survey) -> None:
    release = _publish(planner, answered)
    assert "Trekke tilbake publiseringen?" in planner.get(_url("withdraw", answered, release.pk)).content.decode()
    address = reverse("followup:release", args=[release.pk])
    assert Client().get(address).status_code == 200
    planner.post(_url("withdraw", answered, release.pk))
    assert Client().get(address).status_code == 410
    assert "siden trukket tilbake" in _text(planner, answered)


def test_too_few_answers_are_told_in_a_sentence_and_make_no_draft(planner: Client, survey: Survey) -> None:
    answer = planner.post(_url("make-draft", survey))
    assert answer.status_code == 409
    assert "0 har svart. Det må være minst 20 før noe kan publiseres" in answer.content.decode()
    assert not Release.objects.exists()


def test_too_few_new_answers_are_told_in_a_sentence_and_the_first_release_stays(planner: Client, answered: Survey) -> None:
    first = _publish(planner, answered)
    group = answered.class_groups.get(grade=8)
    for _ in range(3):
        MarkFactory.create(response=ResponseFactory.create(class_group=group), category=answered.categories.get(code="leke"))
    planner.post(_url("make-draft", answered))
    draft = answered.releases.get(status="draft")
    assert "3 av dem har kommet til siden forrige publisering" in _text(planner, answered)
    answer = planner.post(_url("publish", answered, draft.pk))
    assert answer.status_code == 409
    assert "Siden forrige publisering har 3 nye svart. Det må være minst 20" in answer.content.decode()
    first.refresh_from_db()
    assert first.status == "public"


def test_a_button_pressed_twice_is_answered_by_how_things_stand(planner: Client, answered: Survey) -> None:
    release = _publish(planner, answered)
    answer = planner.post(_url("publish", answered, release.pk))
    assert answer.status_code == 409
    assert "kan ikke offentliggjøres" in answer.content.decode()
    assert planner.get(_url("publish", answered, release.pk)).status_code == 302


def test_a_release_of_another_survey_is_not_found(planner: Client, answered: Survey, kai: User) -> None:
    release = _publish(planner, answered)
    other = make_survey(municipality=answered.municipality, schools=list(answered.schools.all()))
    assert planner.post(_url("withdraw", other, release.pk)).status_code == 404
    planner.force_login(kai)
    assert planner.post(_url("withdraw", answered, release.pk)).status_code == 404
    release.refresh_from_db()
    assert release.status == "public"


@pytest.mark.parametrize("name", ["analysis:workbench", "surveys:setup"])
def test_the_way_to_publishing_is_on_the_planners_pages(planner: Client, answered: Survey, name: str) -> None:
    assert _url("publishing", answered) in planner.get(reverse(name, args=[answered.pk])).content.decode()
