"""The OpenAPI document and /ogc/ agree: requests made out of the document, right and wrong, and the answers held against its schemas."""

import re
from typing import Any

import jsonschema_rs  # comes with schemathesis
import orjson
import pytest
import schemathesis
from django.test import Client

from analysis.ogc.openapi import document
from config.wsgi import application
from surveys.models import Survey, User
from surveys.services import make_access_token
from tests.documented import CHECKS, some

pytestmark = pytest.mark.usefixtures("keep_connection")
schema = schemathesis.openapi.from_wsgi("/ogc/api", application)


@schema.parametrize()
@some(12)
def test_a_planner_s_requests_are_answered_as_documented(case: schemathesis.Case[Any], answered: Survey, pia: User) -> None:
    _, key = make_access_token(user=pia, municipality=answered.municipality, label="QGIS")
    if "collectionId" in case.path_parameters:
        case.path_parameters["collectionId"] = f"{answered.pk}-places"
    # schemathesis asks for gzip, but reads no packed body of an application that it calls without a server
    case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"})


@schema.parametrize()
@some(4)
def test_a_stranger_s_requests_are_answered_as_documented(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})


def test_right_requests_are_answered_with_what_the_document_promises(answered: Survey, desk: Client) -> None:
    described = document("http://testserver/ogc")
    collection = f"/ogc/collections/{answered.pk}-routes"
    feature = desk.get(f"{collection}/items").json()["features"][0]["id"]
    for path, url in {
        "/": "/ogc/",
        "/conformance": "/ogc/conformance",
        "/collections": "/ogc/collections",
        "/collections/{collectionId}": collection,
        "/collections/{collectionId}/items": f"{collection}/items?limit=2&mode=ga&bbox=5,60,6,61",
        "/collections/{collectionId}/items/{featureId}": f"{collection}/items/{feature}",
    }.items():
        answer = desk.get(url)
        promised = described["paths"][path]["get"]["responses"]["200"]["content"][answer["Content-Type"]]
        whole = _as_json_schema({**promised["schema"], "components": described["components"]})
        jsonschema_rs.validator_for(whole).validate(orjson.loads(answer.content))


def _as_json_schema(value: Any) -> Any:
    """OpenAPI 3.0's `nullable` in the words of JSON Schema."""
    if isinstance(value, list):
        return [_as_json_schema(one) for one in value]
    if not isinstance(value, dict):
        return value
    said = {name: _as_json_schema(one) for name, one in value.items() if name != "nullable"}
    return {**said, "type": [said["type"], "null"]} if value.get("nullable") else said


def test_the_document_is_what_the_landing_page_says_it_is(desk: Client) -> None:
    described = next(link for link in desk.get("/ogc/").json()["links"] if link["rel"] == "service-desc")
    answer = desk.get(described["href"])
    assert answer["Content-Type"] == described["type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert answer.json()["openapi"].startswith("3.0")
    assert answer.json()["servers"] == [{"url": "http://testserver/ogc"}]


def test_every_reference_in_the_document_leads_somewhere() -> None:
    described = document("http://testserver/ogc")
    references = set(re.findall(r'"\$ref":\s*"([^"]+)"', orjson.dumps(described).decode()))
    assert len(references) > 20
    for reference in references:
        place: Any = described
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
