"""The desk of held words: what it shows, what its forms do with and without a script, and who may come to it."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from mapping import held_words, services
from mapping.bundle import build_bundle
from mapping.geojson import MAX_COMMENT
from mapping.models import Judgement, Mark
from surveys.models import Response, Survey, User
from tests.conftest import Tablet, a_place
from tests.factories import MarkFactory

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json, application/problem+json"}


@pytest.fixture
def mark(ada: Tablet) -> Mark:
    """Ada's words, held."""
    ada.put(a_place(comment="Ring Kari på 412 34 567, det er gøy her <b>!</b>"))
    return Mark.objects.get()


class Desk:
    """The desk as a browser without a script, or with headers the page's own script, has it."""

    def __init__(self, client: Client, survey: Survey) -> None:
        self.client, self.survey = client, survey

    def page(self, **query: str) -> str:
        """The page."""
        answer = self.client.get(reverse("mapping:words", args=[self.survey.pk]), query)
        assert answer.status_code == 200
        return answer.content.decode()

    def judge(self, mark: Mark, decision: str, headers: dict[str, str] | None = None, query: str = "", **fields: str) -> "Answer":
        """Send a text's form, as it was shown just now."""
        body = {"seen": services.state_of(mark), "text": mark.comment, "decision": decision, **fields}
        url = reverse("mapping:judge", args=[self.survey.pk, mark.pk]) + query
        answer: Answer = self.client.post(url, body, headers=headers)
        return answer

    def undo(self, judgement: Judgement, headers: dict[str, str] | None = None) -> "Answer":
        """Press "Angre"."""
        answer: Answer = self.client.post(reverse("mapping:undo", args=[self.survey.pk, judgement.key]), headers=headers)
        return answer


@pytest.fixture
def desk(client: Client, pia: User, survey: Survey) -> Desk:
    """Pia's desk."""
    client.force_login(pia)
    return Desk(client, survey)


def many_texts(tablet: Tablet, *texts: str) -> None:
    """More than one child may write."""
    response = Response.objects.get(pk=tablet.response)
    categories = response.survey.categories.filter(kind="place")[:2]
    for number, text in enumerate(texts):
        MarkFactory.create(id=uuid4(), response=response, category=categories[number % 2], comment=text)


def state(mark: Mark) -> tuple[str, str]:
    mark.refresh_from_db()
    return mark.comment_state, mark.published_comment


def test_held_words_are_shown_as_text_and_without_their_position(desk: Desk, mark: Mark) -> None:
    page = desk.page()
    assert "det er gøy her &lt;b&gt;!&lt;/b&gt;" in page
    assert "Leker" in page
    assert "5.335" not in page
    assert str(mark.response_id) not in page


def test_what_was_found_is_marked_in_the_words_with_its_kind(desk: Desk, mark: Mark) -> None:
    page = desk.page()
    for kind, piece in (("navn", "Kari"), ("telefonnummer", "412 34 567")):
        assert f'<mark title="{kind}">{piece}<span class="visually-hidden"> ({kind})</span></mark>' in page
        assert f'<span class="badge">{kind}</span>' in page


def test_html_that_a_child_wrote_is_text_inside_a_mark_too(desk: Desk, ada: Tablet) -> None:
    ada.put(a_place(comment="jeg bor i <script>alert(1)</script> her"))
    page = desk.page()
    assert "<script>alert" not in page
    assert '<mark title="hvor noen bor">jeg bor i &lt;script&gt;alert(1)&lt;/script&gt; her' in page


def test_a_worry_says_what_to_do_and_offers_nothing_to_take_out(desk: Desk, ada: Tablet) -> None:
    ada.put(a_place(comment="han slo meg her"))
    page = desk.page()
    assert "si fra til skolens kontakt" in page
    assert 'value="redact"' not in page
    assert 'name="confirmed"' in page


def test_texts_with_findings_come_first_and_can_be_shown_alone(desk: Desk, ada: Tablet) -> None:
    for text in ("Fint", "ring 412 34 567", "Stygt", "ved huset til kari"):
        ada.put(a_place(comment=text))
    page = desk.page()
    order = sorted(("Fint", "ring", "Stygt", "ved huset til"), key=lambda text: page.index(f">{text}"))
    assert set(order[:2]) == {"ring", "ved huset til"}
    flagged, plain = desk.page(funn="med"), desk.page(funn="uten")
    assert (flagged.count("<article"), plain.count("<article")) == (2, 2)
    assert ">Fint</textarea>" in plain
    assert ">Fint</textarea>" not in flagged
    for label in ("Alle (4)", "Med funn (2)", "Uten funn (2)"):
        assert label in page
    assert desk.page(funn="tull").count("<article") == 4


def test_when_more_is_held_than_the_rules_look_at_the_page_says_so(desk: Desk, ada: Tablet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_words, "SEARCHED", 2)
    for number in range(3):
        ada.put(a_place(comment=f"Ord {number}"))
    page = desk.page()
    assert "Reglene har lett i 2 av 3 tekster." in page
    assert "Alle (3)" in page


def test_a_page_of_many_texts_asks_the_database_as_often_as_one(
    desk: Desk, ada: Tablet, pia: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    many_texts(ada, *(f"kari {number}" for number in range(40)))
    for mark in Mark.objects.order_by("id")[:12]:
        services.drop_comment(mark=mark, by=pia)
    with django_assert_max_num_queries(9):
        page = desk.page()
    assert page.count("<article") == held_words.PER_PAGE
    assert page.count("/ord/angre/") == held_words.LAST
    with django_assert_max_num_queries(9):
        log = desk.client.get(reverse("mapping:judgements", args=[desk.survey.pk])).content.decode()
    assert log.count("<tr>") == 13


def test_edited_words_are_what_is_released(desk: Desk, mark: Mark, pia: User) -> None:
    answer = desk.judge(mark, "release", text="Det er gøy her!")
    assert answer.status_code == 302
    assert state(mark) == ("released", "Det er gøy her!")
    judgement = Judgement.objects.get()
    assert (judgement.by, judgement.decision) == (pia, "edited")
    assert "Frigitt med endringer." in desk.page()


def test_words_with_findings_are_asked_about_once_more(desk: Desk, mark: Mark) -> None:
    assert '<label class="held__confirm">' in desk.page()
    answer = desk.judge(mark, "release")
    assert answer.status_code == 422
    assert "fortsatt funn: telefonnummer, navn" in answer.content.decode()
    assert state(mark) == ("held", "")
    assert desk.judge(mark, "release", confirmed="1").status_code == 302
    assert state(mark) == ("released", mark.comment)


def test_words_without_findings_are_released_with_one_press(desk: Desk, ada: Tablet) -> None:
    ada.put(a_place(comment="Fint her"))
    assert '<label class="held__confirm" hidden>' in desk.page()
    mark = Mark.objects.get()
    assert desk.judge(mark, "release").status_code == 302
    assert state(mark) == ("released", "Fint her")


def test_words_into_which_a_name_was_written_are_asked_about_too(desk: Desk, ada: Tablet) -> None:
    ada.put(a_place(comment="Fint her"))
    answer = desk.judge(Mark.objects.get(), "release", text="Fint hos kari")
    assert answer.status_code == 422
    assert '<label class="held__confirm">' in answer.content.decode()


def test_findings_are_taken_out_of_the_field_and_nothing_is_decided(desk: Desk, mark: Mark) -> None:
    answer = desk.judge(mark, "redact")
    assert answer.status_code == 200
    page = answer.content.decode()
    without = "Ring [fjernet] på [fjernet], det er gøy her &lt;b&gt;!&lt;/b&gt;"
    assert f">{without}</textarea>" in page
    assert page.count(f'id="ord-{mark.pk}"') == 1
    assert '<mark title="navn">Kari' in page, "what the child wrote is still there to be read"
    assert state(mark) == ("held", "")
    assert not Judgement.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\0b", "Teksten har et tegn som ikke er tillatt, &#x27;\\x00&#x27;, på plass 2."),
        ("  \n ", "Her er det ingen ord å frigi."),
        ("å" * (MAX_COMMENT + 1), f"Teksten har {MAX_COMMENT + 1} tegn; høyst {MAX_COMMENT} er tillatt."),
    ],
    ids=["nul", "nothing", "long"],
)
def test_words_that_cannot_be_released_come_back_with_the_reason(desk: Desk, mark: Mark, text: str, said: str) -> None:
    answer = desk.judge(mark, "release", text=text)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert text in page, "what the planner wrote is not lost"
    assert page.count(f'id="ord-{mark.pk}"') == 1
    assert state(mark) == ("held", "")


def test_released_words_are_as_clean_as_a_pupils(desk: Desk, mark: Mark) -> None:
    desk.judge(mark, "release", text=" Det er\r\n\x1bgøy\u202e her ")
    assert state(mark) == ("released", "Det er\ngøy her")


def test_dropped_words_are_released_to_nobody(desk: Desk, mark: Mark) -> None:
    desk.judge(mark, "drop")
    assert state(mark) == ("dropped", "")


def test_an_unknown_decision_changes_nothing(desk: Desk, mark: Mark) -> None:
    assert desk.judge(mark, "?").status_code == 403
    assert state(mark)[0] == "held"


@pytest.mark.parametrize("headers", [None, JSON], ids=["form", "script"])
@pytest.mark.parametrize("decision", ["release", "drop"])
def test_a_decision_on_a_page_that_is_older_than_another_is_refused(
    desk: Desk, mark: Mark, decision: str, headers: dict[str, str] | None
) -> None:
    services.release_comment(mark=mark, text="Gøy")
    answer = desk.judge(mark, decision, headers=headers)
    assert answer.status_code == 409
    assert "Denne teksten er alt frigitt." in answer.content.decode()
    assert state(mark) == ("released", "Gøy")


def test_a_form_that_does_not_say_what_was_read_decides_nothing(desk: Desk, mark: Mark) -> None:
    assert desk.judge(mark, "drop", seen="").status_code == 409
    assert state(mark)[0] == "held"


def test_the_chosen_filter_outlives_a_decision(desk: Desk, mark: Mark) -> None:
    assert f"/ord/{mark.pk}/?funn=med" in desk.page(funn="med")
    assert desk.judge(mark, "drop", query="?funn=med")["Location"].endswith("/ord/?funn=med")


def test_the_last_ten_of_ones_own_are_there_to_be_undone(desk: Desk, ada: Tablet, pia: User, kai: User) -> None:
    many_texts(ada, *(f"Ord nummer {number:02}" for number in range(13)))
    marks = list(Mark.objects.order_by("comment"))
    services.drop_comment(mark=marks[12], by=kai)
    for mark in marks[:12]:
        services.release_comment(mark=mark, by=pia)
    page = desk.page()
    last = page[page.index('id="avgjort"') :]
    shown = [number for number in range(13) if f"«Ord nummer {number:02}»" in last]
    assert shown == list(range(2, 12))
    assert last.index("nummer 11") < last.index("nummer 02"), "newest first"
    undone = Judgement.objects.get(mark=marks[5])
    answer = desk.undo(undone)
    assert answer.status_code == 302
    assert state(marks[5]) == ("held", "")
    page = desk.client.get(answer["Location"]).content.decode()
    assert page.index(f'id="tekst-{marks[5].pk}"') == page.index('id="tekst-'), "what was undone stands first"
    assert "«Ord nummer 05»" not in page
    assert "«Ord nummer 01»" in page
    again = desk.undo(undone)
    assert again.status_code == 409
    assert "Dette er alt angret" in again.content.decode()


@pytest.mark.parametrize("wanted", ["tull", "44d26314-ed84-48a7-8adc-a09572f5bbbf", ""])
def test_to_ask_for_words_that_are_not_held_shows_the_desk_as_it_is(desk: Desk, mark: Mark, wanted: str) -> None:
    assert desk.page(foran=wanted).count("<article") == 1


def test_the_script_gets_json_and_problem_documents(desk: Desk, mark: Mark) -> None:
    redacted = desk.judge(mark, "redact", headers=JSON).json()
    assert redacted == {
        "text": "Ring [fjernet] på [fjernet], det er gøy her <b>!</b>",
        "said": "Det som ble funnet, er tatt ut.",
        "must_confirm": False,
    }
    refused = desk.judge(mark, "release", headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (422, "flags-left")
    done = desk.judge(mark, "release", headers=JSON, text=redacted["text"])
    assert done.json() == {"said": "Frigitt med endringer.", "mark": str(mark.pk)}
    undone = desk.undo(Judgement.objects.get(), headers=JSON)
    assert undone.json() == {"said": "Angret. Teksten venter igjen.", "mark": str(mark.pk)}
    assert state(mark) == ("held", "")


def test_a_withdrawn_mark_is_gone_for_the_script_as_for_the_form(desk: Desk, ada: Tablet, mark: Mark) -> None:
    ada.delete(mark.pk, 2)
    for headers in (None, JSON):
        assert desk.judge(mark, "drop", headers=headers).status_code == 404


def test_the_log_tells_who_judged_and_shows_no_words_but_released_ones(desk: Desk, ada: Tablet, mark: Mark, pia: User) -> None:
    services.drop_comment(mark=mark, by=pia)
    ada.put(a_place("bade", comment="Kaldt hos ola"))
    bathing = Mark.objects.get(category__code="bade")
    services.undo_judgement(judgement=services.release_comment(mark=bathing, text="Kaldt nede ved vannet", by=pia))
    log = desk.client.get(reverse("mapping:judgements", args=[desk.survey.pk])).content.decode()
    assert "412 34 567" not in log
    assert "hos ola" not in log
    assert "nede ved vannet" not in log, "not released any more"
    assert log.index("Angret") < log.index("Frigitt med endringer") < log.index("Holdt tilbake")
    assert log.count("pia") >= 2
    assert log.count("/ord/angre/") == 1
    services.release_comment(mark=Mark.objects.get(pk=bathing.pk), text="Kaldt nede ved vannet", by=pia)
    assert "nede ved vannet" in desk.client.get(reverse("mapping:judgements", args=[desk.survey.pk])).content.decode()


def test_the_log_has_pages(desk: Desk, mark: Mark, survey: Survey) -> None:
    rows: list[dict[str, Any]] = [{"decision": "dropped", "from_state": "held"}, {"decision": "undone", "from_state": "dropped"}]
    Judgement.objects.bulk_create(Judgement(mark=mark, survey=survey, **row) for row in rows * 30)
    url = reverse("mapping:judgements", args=[desk.survey.pk])
    assert "Side 1 av 2" in desk.client.get(url).content.decode()
    second = desk.client.get(url, {"side": "2"}).content.decode()
    assert second.count("<tr>") == 11
    assert "Nyere" in second


def test_teacher_and_foreigner_read_no_held_words(client: Client, tor: User, kai: User, mark: Mark, survey: Survey) -> None:
    judgement = services.drop_comment(mark=mark)
    for user, status in ((tor, 403), (kai, 404)):
        client.force_login(user)
        desk = Desk(client, survey)
        for name in ("words", "judgements"):
            assert client.get(reverse(f"mapping:{name}", args=[survey.pk])).status_code == status
        assert desk.judge(mark, "release").status_code == status
        assert desk.undo(judgement).status_code == status
    assert state(mark) == ("dropped", "")


def test_tablet_server_and_planner_have_one_limit_for_words(ada: Tablet, survey: Survey) -> None:
    longest = build_bundle(survey)["limits"]["max_comment"]
    assert longest == MAX_COMMENT
    assert ada.put(a_place(comment="a" * longest)).status_code == 201
    assert ada.put(a_place(comment="a" * (longest + 1))).status_code == 422
