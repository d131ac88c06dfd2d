"""Every refusal has its status, every error of the API is an RFC 9457 problem document, and our own faults tell nothing."""

import importlib
import logging
import pkgutil
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import orjson
import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from config import problems
from surveys import errors, services
from surveys.errors import DomainError
from surveys.models import Lesson, Survey, User
from tests.conftest import Tablet, a_place

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

NOWHERE = UUID(int=(4 << 76) + (8 << 60))
HERE = f"/api/v1/responses/{NOWHERE}"


def _refusals() -> Iterator[type[DomainError]]:
    """Every class of refusal in the five apps, wherever it is defined."""
    for app in ("surveys", "mapping", "analysis", "followup", "config"):
        package = importlib.import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)
    found = [DomainError]
    for known in found:
        found.extend(known.__subclasses__())
    yield from found[1:]


def test_every_refusal_has_a_status_of_its_own_in_the_table() -> None:
    refusals = set(_refusals())
    assert len(refusals) > 15
    assert refusals == set(problems.STATUS), "one line in config/problems.py for each class"
    assert all(400 <= status < 500 for status in problems.STATUS.values())


def test_every_refusal_has_its_own_stable_code() -> None:
    codes = [refusal.code for refusal in _refusals()]
    assert len(codes) == len(set(codes))
    assert DomainError.code not in codes


def test_a_finer_class_has_the_status_of_its_parent() -> None:
    class Finer(errors.InvalidGeometry):
        code = "finer"

    assert problems.status_of(Finer("x")) == 422
    assert problems.status_of(DomainError("x")) == 400


def assert_problem(answer: "Answer", status: int, code: str) -> dict[str, Any]:
    """The answer is a problem document of RFC 9457 with our members."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    body: dict[str, Any] = orjson.loads(answer.content)
    assert set(body) >= {"type", "title", "status", "code", "detail"}
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:trakk:problem:{code}")
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "url", "body", "status", "code"),
    [
        ("post", "/api/v1/join", {"code": "2222-2222"}, 404, "code-refused"),
        ("post", "/api/v1/join", {"code": 5}, 422, "invalid-body"),
        ("post", "/api/v1/join", {"code": "A", "name": "Ada"}, 422, "invalid-body"),
        ("post", "/api/v1/join", {"response": "ikke-en-id"}, 422, "invalid-body"),
        ("post", "/api/v1/join", b'{"code": ', 400, "not-json"),
        ("post", "/api/v1/join", b"[]", 422, "not-an-object"),
        ("post", "/api/v1/join", b'{"code": NaN}', 400, "not-json"),
        ("post", "/api/v1/join", b'{"code": "\xff"}', 400, "not-utf-8"),
        ("post", "/api/v1/join", b'{"code": "\\ud800"}', 400, "not-json"),
        ("post", "/api/v1/join", b'{"a": ' + b"[" * 2000 + b"]" * 2000 + b"}", 400, "nested-too-deep"),
        ("post", "/api/v1/join", b'{"code": "' + b"x" * 3_000_000 + b'"}', 413, "body-too-large"),
        ("post", "/api/v1/join", b"", 422, "invalid-body"),
        ("get", f"/api/v1/surveys/{NOWHERE}/bundle", None, 404, "not-found"),
        ("get", HERE, None, 401, "token-refused"),
        ("delete", HERE, None, 401, "token-refused"),
        ("post", f"{HERE}/finish", None, 401, "token-refused"),
        ("put", f"{HERE}/answers", {"rev": 1, "answers": {}}, 401, "token-refused"),
        ("put", f"{HERE}/answers", {"rev": "1", "answers": {}}, 422, "invalid-body"),
        ("put", f"{HERE}/answers", {"rev": 0, "answers": {}}, 422, "invalid-body"),
        ("put", f"{HERE}/answers", {"rev": 2**40, "answers": {}}, 422, "invalid-body"),
        ("put", f"{HERE}/marks/{NOWHERE}", a_place(), 401, "token-refused"),
        ("delete", f"{HERE}/marks/{NOWHERE}?rev=1", None, 401, "token-refused"),
        ("delete", f"{HERE}/marks/{NOWHERE}", None, 422, "invalid-body"),
        ("delete", f"{HERE}/marks/{NOWHERE}?rev=en", None, 422, "invalid-body"),
        # what the framework answers before any of our code
        ("get", "/api/v1/nothing", None, 404, "not-found"),
        ("get", "/api/", None, 404, "not-found"),
        ("get", "/api/v1/responses/ikke-en-id", None, 404, "not-found"),
        ("get", "/api/v1/join", None, 405, "method-not-allowed"),
        ("patch", HERE, None, 405, "method-not-allowed"),
    ],
)
def test_an_error_of_the_api_is_a_problem_document(method: str, url: str, body: Any, status: int, code: str) -> None:
    content = body if isinstance(body, bytes) else orjson.dumps(body) if body is not None else b""
    answer = Client().generic(method.upper(), url, content, content_type="application/json")
    assert_problem(answer, status, code)


@pytest.mark.django_db
def test_a_method_that_is_not_there_names_those_that_are() -> None:
    assert set(Client().patch(HERE)["Allow"].split(", ")) == {"GET", "DELETE"}


def test_a_host_that_is_not_ours_is_a_problem_document_too() -> None:
    with _silence("django.security.DisallowedHost"):
        assert_problem(Client(headers={"Host": "evil.example"}).get("/api/v1/openapi.json"), 400, "bad-request")


class _silence:  # noqa: N801  (reads as a verb)
    """Django logs what it refuses; a test that provokes it need not fill the report."""

    def __init__(self, name: str) -> None:
        self.logger = logging.getLogger(name)

    def __enter__(self) -> None:
        self.logger.disabled = True

    def __exit__(self, *_: object) -> None:
        self.logger.disabled = False


@pytest.mark.django_db
def test_a_problem_points_to_its_place_in_the_body(ada: Tablet) -> None:
    body = assert_problem(ada.put({**a_place(), "rev": "én"}), 422, "invalid-rev")
    assert body["pointer"] == "/rev"
    answer = ada.client.post("/api/v1/join", {"code": 5}, content_type="application/json")
    assert answer.json()["pointer"] == "/code"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "url", "body", "pointer", "said"),
    [
        ("post", "/api/v1/receipt", {}, "/code", "«code» mangler."),
        ("post", "/api/v1/join", {"code": 5}, "/code", "«code» skal være tekst."),
        ("post", "/api/v1/join", {"code": "A" * 41}, "/code", "«code» er for lang; høyst 40 tegn er tillatt."),
        ("post", "/api/v1/join", {"code": "A", "name": "Ada"}, "/name", "«name» finnes ikke her."),
        ("post", "/api/v1/join", {"response": "ikke-en-id"}, "/response", "«response» er ingen id (UUID)."),
        ("post", "/api/v1/join", {"response": 5}, "/response", "«response» skal være en id (UUID) som tekst."),
        ("put", f"{HERE}/answers", {"rev": "1", "answers": {}}, "/rev", "«rev» skal være et heltall."),
        ("put", f"{HERE}/answers", {"rev": 1.5, "answers": {}}, "/rev", "«rev» skal være et heltall."),
        ("put", f"{HERE}/answers", {"rev": 0, "answers": {}}, "/rev", "«rev» skal være minst 1."),
        ("put", f"{HERE}/answers", {"rev": 2**40, "answers": {}}, "/rev", "«rev» skal være høyst 2147483647."),
        ("put", f"{HERE}/answers", {"rev": 1, "answers": []}, "/answers", "«answers» skal være et objekt, {…}."),
        ("put", f"{HERE}/answers", {}, "/rev", "«rev» mangler. Det er 2 feil i alt."),
        ("post", f"{HERE}/pulse", {"unsent": True}, "/unsent", "«unsent» skal være et heltall."),
        ("delete", f"{HERE}/marks/{NOWHERE}", None, "/rev", "«rev» mangler."),
        ("delete", f"{HERE}/marks/{NOWHERE}?rev=en", None, "/rev", "«rev» skal være et heltall."),
        ("delete", f"{HERE}/marks/{NOWHERE}?rev={'9' * 5000}", None, "/rev", "«rev» er et for stort tall."),
    ],
)
def test_what_does_not_fit_the_schema_is_told_in_norwegian(method: str, url: str, body: Any, pointer: str, said: str) -> None:
    answer = Client().generic(method.upper(), url, b"" if body is None else orjson.dumps(body), content_type="application/json")
    told = assert_problem(answer, 422, "invalid-body")
    assert (told["pointer"], told["detail"]) == (pointer, said)


@pytest.mark.django_db
@pytest.mark.parametrize("body", [b"", b"null"])
def test_no_body_at_all_is_told_in_norwegian_too(body: bytes) -> None:
    detail = Client().generic("POST", "/api/v1/join", body, content_type="application/json").json()["detail"]
    assert not re.search(r"\b(required|should|input|valid|field)\b", detail, re.IGNORECASE)


@pytest.mark.django_db
def test_a_refusal_can_be_read_by_a_norwegian_and_by_a_machine(ada: Tablet) -> None:
    Survey.objects.update(status=Survey.Status.DELETED)
    body = assert_problem(ada.put(a_place()), 403, "survey-closed")
    assert body["title"] == "Forbidden"
    assert body["detail"] == "Tida for å svare er ute. Det du har sendt, er trygt."


@pytest.mark.django_db
def test_our_own_fault_tells_nothing_of_itself_and_is_logged(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fall(**_: object) -> None:
        raise RuntimeError("password=hemmelig in /srv/app/secret.py")

    monkeypatch.setattr(services, "join", fall)
    answer = Client().post("/api/v1/join", {"code": "ABCD-EFGH"}, content_type="application/json")
    body = assert_problem(answer, 500, "server-error")
    assert b"hemmelig" not in answer.content
    assert b"RuntimeError" not in answer.content
    assert body["detail"] == "Noe gikk galt hos oss. Prøv igjen om litt."
    (record,) = [record for record in caplog.records if record.name == "config.problems"]
    assert record.exc_info
    assert "hemmelig" in str(record.exc_info[1])


@pytest.mark.django_db
def test_a_page_that_falls_tells_nothing_either(tor: User, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    def fall(*_: object) -> None:
        raise RuntimeError("hemmelig")

    monkeypatch.setattr("surveys.views.render", fall)
    client = Client(raise_request_exception=False)
    client.force_login(tor)
    answer = client.get("/skole/")
    assert answer.status_code == 500
    assert "Noe gikk galt hos oss" in answer.content.decode()
    assert "hemmelig" not in answer.content.decode()


@pytest.mark.django_db
def test_a_database_that_cannot_now_is_a_503_for_people_and_machines_that_says_when_and_quotes_no_row(
    tor: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fall(*_: object) -> None:
        raise OperationalError("hemmelig")

    monkeypatch.setattr("surveys.views.render", fall)
    client = Client(raise_request_exception=False)
    client.force_login(tor)
    for accept in ("text/html", "application/json"):
        answer = client.get("/skole/", headers={"Accept": accept})
        assert answer.status_code == 503
        assert answer["Content-Type"].startswith("text/html" if accept == "text/html" else problems.PROBLEM_TYPE)
        assert 2 <= int(answer["Retry-After"]) <= 8
        assert "Det som er lagret, er trygt." in answer.content.decode()
        assert "hemmelig" not in answer.content.decode()
    told = [record.message for record in caplog.records if record.name == "config.problems"]
    assert told == ["the database refused GET /skole/: OperationalError"] * 2


@pytest.mark.django_db
def test_a_refusal_in_a_page_is_a_kind_page_for_people_and_a_problem_for_machines(pol: User, survey: Survey) -> None:
    client = Client()
    client.force_login(pol)
    url = f"/surveys/{survey.pk}/oppsett/"
    page = client.get(url, headers={"Accept": "text/html,application/xhtml+xml"})
    assert page.status_code == 403
    assert "Det gikk ikke" in page.content.decode()
    assert "Bare planleggere i kommunen kan endre undersøkelsen." in page.content.decode()
    assert_problem(client.get(url, headers={"Accept": "application/json"}), 403, "not-allowed")


@pytest.mark.django_db
def test_what_does_not_exist_is_a_page_with_a_way_home() -> None:
    page = Client().get(f"/nothing/{uuid4()}/")
    assert page.status_code == 404
    assert "Her var det ingen veg" in page.content.decode()
    assert 'href="/"' in page.content.decode()


@pytest.mark.django_db
def test_a_form_left_open_while_somebody_logged_in_is_refused_in_norwegian() -> None:
    page = Client(enforce_csrf_checks=True).post("/logg-inn/", {"username": "tor", "csrfmiddlewaretoken": "x" * 64})
    assert page.status_code == 403
    assert "Gå tilbake, last siden på nytt og prøv igjen." in page.content.decode()
    assert "<style" not in page.content.decode()


def test_too_many_tries_say_how_long_to_wait_and_a_refused_token_how_to_send_one() -> None:
    request = RequestFactory().get("/")
    refusal = errors.TooManyTries("Vent.", retry_after_s=42)
    assert problems.domain_problem(request, refusal)["Retry-After"] == "42"
    assert problems.domain_problem(request, errors.TokenRefused("Nei."))["WWW-Authenticate"] == 'Bearer realm="trakk"'
