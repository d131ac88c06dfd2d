"""Held words: read by a planner, released as they are or edited, dropped; seen by nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from mapping.bundle import build_bundle
from mapping.geojson import MAX_COMMENT
from mapping.models import Mark
from surveys.models import Survey, User
from tests.conftest import Tablet, a_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def mark(ada: Tablet) -> Mark:
    """Ada's words, held."""
    ada.put(a_place(comment="Ring Kari på 412 34 567, det er gøy her <b>!</b>"))
    return Mark.objects.get()


def test_held_words_are_shown_as_text_and_without_their_position(client: Client, pia: User, mark: Mark, survey: Survey) -> None:
    client.force_login(pia)
    page = client.get(reverse("mapping:words", args=[survey.pk])).content.decode()
    assert "det er gøy her &lt;b&gt;!&lt;/b&gt;" in page
    assert "Leker" in page
    assert "5.335" not in page
    assert str(mark.response_id) not in page


def test_edited_words_are_what_is_released(client: Client, pia: User, mark: Mark, survey: Survey) -> None:
    client.force_login(pia)
    client.post(reverse("mapping:judge", args=[survey.pk, mark.pk]), {"decision": "release", "text": "Det er gøy her!"})
    mark.refresh_from_db()
    assert (mark.comment_state, mark.published_comment) == ("released", "Det er gøy her!")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\0b", "Teksten har et tegn som ikke er tillatt, &#x27;\\x00&#x27;, på plass 2."),
        ("  \n ", "Her er det ingen ord å frigi."),
        ("å" * (MAX_COMMENT + 1), f"Teksten har {MAX_COMMENT + 1} tegn; høyst {MAX_COMMENT} er tillatt."),
    ],
)
def test_words_that_cannot_be_released_come_back_with_the_reason(
    client: Client, pia: User, mark: Mark, survey: Survey, text: str, said: str
) -> None:
    client.force_login(pia)
    answer = client.post(reverse("mapping:judge", args=[survey.pk, mark.pk]), {"decision": "release", "text": text})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert text in page, "what the planner wrote is not lost"
    assert page.count(f'id="ord-{mark.pk}"') == 1
    mark.refresh_from_db()
    assert (mark.comment_state, mark.published_comment) == ("held", "")


def test_released_words_are_as_clean_as_a_pupils(client: Client, pia: User, mark: Mark, survey: Survey) -> None:
    client.force_login(pia)
    text = " Det er\r\n\x1bgøy\u202e her "
    client.post(reverse("mapping:judge", args=[survey.pk, mark.pk]), {"decision": "release", "text": text})
    mark.refresh_from_db()
    assert mark.published_comment == "Det er\ngøy her"


def test_dropped_words_are_released_to_nobody(client: Client, pia: User, mark: Mark, survey: Survey) -> None:
    client.force_login(pia)
    client.post(reverse("mapping:judge", args=[survey.pk, mark.pk]), {"decision": "drop"})
    mark.refresh_from_db()
    assert (mark.comment_state, mark.published_comment) == ("dropped", "")


def test_an_unknown_decision_changes_nothing(client: Client, pia: User, mark: Mark, survey: Survey) -> None:
    client.force_login(pia)
    assert client.post(reverse("mapping:judge", args=[survey.pk, mark.pk]), {"decision": "?"}).status_code == 403
    mark.refresh_from_db()
    assert mark.comment_state == "held"


def test_teacher_and_foreigner_read_no_held_words(client: Client, tor: User, kai: User, mark: Mark, survey: Survey) -> None:
    for user, status in ((tor, 403), (kai, 404)):
        client.force_login(user)
        assert client.get(reverse("mapping:words", args=[survey.pk])).status_code == status
        assert client.post(reverse("mapping:judge", args=[survey.pk, mark.pk]), {"decision": "release"}).status_code == status


def test_tablet_server_and_planner_have_one_limit_for_words(ada: Tablet, survey: Survey) -> None:
    longest = build_bundle(survey)["limits"]["max_comment"]
    assert longest == MAX_COMMENT
    assert ada.put(a_place(comment="a" * longest)).status_code == 201
    assert ada.put(a_place(comment="a" * (longest + 1))).status_code == 422
