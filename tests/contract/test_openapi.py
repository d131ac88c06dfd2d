"""The OpenAPI document and the API agree: thousands of right and wrong requests made out of the document, and none breaks a promise.

Generated without chance (derandomised), so that a red test stays red until it is mended.
"""

import re
from typing import Any
from uuid import uuid4

import jsonschema_rs  # comes with schemathesis
import orjson
import pytest
import schemathesis
from django.test import Client

from config import openapi
from config.wsgi import application
from surveys.models import Survey
from tests.conftest import Tablet, a_place, a_way
from tests.documented import CHECKS, some

DOCUMENT = "/api/v1/openapi.json"
pytestmark = pytest.mark.usefixtures("keep_connection")
schema = schemathesis.openapi.from_wsgi(DOCUMENT, application)


@schema.parametrize()
@some(5)
def test_a_stranger_s_requests_are_answered_as_documented(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(checks=CHECKS)


@schema.parametrize()
@some(12)
def test_a_pupil_s_requests_are_answered_as_documented(case: schemathesis.Case[Any], ada: Tablet, survey: Survey) -> None:
    own = {"response_id": str(ada.response), "survey_id": str(survey.pk)}
    case.path_parameters.update({name: value for name, value in own.items() if name in case.path_parameters})
    # schemathesis asks for gzip, but reads no packed body of an application that it calls without a server
    headers = {"Authorization": f"Bearer {ada.token}", "Accept-Encoding": "identity"}
    case.call_and_validate(checks=CHECKS, headers=headers)


def test_right_requests_are_answered_with_what_the_document_promises(ada: Tablet, survey: Survey) -> None:
    """What chance seldom finds: the answers to a pupil who does everything right."""
    document = orjson.loads(Client().get(DOCUMENT).content)
    mark = uuid4()
    for method, path, answer, status in [
        ("put", "/api/v1/responses/{response_id}/marks/{mark_id}", ada.put(a_way(comment="Fint"), mark), 201),
        ("put", "/api/v1/responses/{response_id}/marks/{mark_id}", ada.put(a_way(rev=2), mark), 200),
        ("put", "/api/v1/responses/{response_id}/answers", ada.put_answers(1, {"dager_ute": 3}), 201),
        ("post", "/api/v1/responses/{response_id}/finish", ada.finish(), 200),
        ("get", "/api/v1/responses/{response_id}", ada.read(), 200),
        ("get", "/api/v1/surveys/{survey_id}/bundle", ada.client.get(f"/api/v1/surveys/{survey.pk}/bundle"), 200),
        ("put", "/api/v1/responses/{response_id}/marks/{mark_id}", ada.put(a_place(position=(9999.0, 60.0))), 422),
        ("delete", "/api/v1/responses/{response_id}/marks/{mark_id}", ada.delete(mark, 1), 409),
        ("delete", "/api/v1/responses/{response_id}/marks/{mark_id}", ada.delete(mark, 3), 204),
        ("put", "/api/v1/responses/{response_id}/marks/{mark_id}", ada.put(a_way(rev=3), mark), 410),
    ]:
        assert answer.status_code == status, (method, path, answer.content)
        promised = document["paths"][path][method]["responses"][str(status)].get("content", {})
        assert answer.headers.get("Content-Type", "").partition(";")[0] in promised or (status == 204 and not answer.content)
        for content in promised.values():
            jsonschema_rs.validator_for({**content["schema"], "components": document["components"]}).validate(orjson.loads(answer.content))


def test_every_call_says_how_it_refuses_and_what_opens_it() -> None:
    document = orjson.loads(Client().get(DOCUMENT).content)
    operations = {name["operationId"]: name for path in document["paths"].values() for name in path.values()}
    assert set(operations) == set(openapi.REFUSALS), "a call without a line in config/openapi.py, or a line without a call"
    assert set(openapi.OPENED_BY) <= set(operations)
    for name, operation in operations.items():
        assert ("401" in operation["responses"]) == ("security" in operation), name
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert set(response["content"]) == {"application/problem+json"}


def test_every_reference_in_the_document_leads_somewhere() -> None:
    document = orjson.loads(Client().get(DOCUMENT).content)
    references = set(re.findall(r'"\$ref":\s*"([^"]+)"', orjson.dumps(document).decode()))
    assert len(references) > 8
    for reference in references:
        place = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
