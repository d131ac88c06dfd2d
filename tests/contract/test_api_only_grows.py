"""A tablet that opened its page a month ago can still deliver: what the capture API takes and answers may grow, and never shrink.

`api_v1.json` is the API as it was first promised, words left out. It is not written anew when the API grows: only a new version of the API
(/api/v2/) gets a promise of its own.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from config.api import api

PROMISED = json.loads(Path(__file__).with_name("api_v1.json").read_text(encoding="utf-8"))
Schema = dict[str, Any]


def _today() -> Schema:
    document: Schema = json.loads(json.dumps(api.get_openapi_schema()))
    return document


def _broken(before: Schema, now: Schema) -> list[str]:
    """What a client that was made for `before` can no longer rely on."""
    wrong: list[str] = []
    for path, methods in before["paths"].items():
        for method, old in methods.items():
            new = now["paths"].get(path, {}).get(method)
            where = f"{method.upper()} {path}"
            wrong += [f"{where} is gone"] if new is None else [f"{where}: {words}" for words in _of_call(old, new, before, now)]
    return wrong


def _of_call(old: Schema, new: Schema, before: Schema, now: Schema) -> Iterator[str]:
    asked_before = {(one["in"], one["name"]) for one in old.get("parameters", [])}
    for one in new.get("parameters", []):
        if one.get("required") and (one["in"], one["name"]) not in asked_before:
            yield f"asks for {one['name']}"
    body = _json_of(old.get("requestBody"))
    if body is not None:
        yield from _refuses(_whole(body, before), _whole(_json_of(new.get("requestBody")) or {}, now), "the body")
    elif new.get("requestBody", {}).get("required"):
        yield "asks for a body"
    for status, answer in old["responses"].items():
        if status not in new["responses"]:
            yield f"answers no {status} any more"
        elif (told := _json_of(answer)) is not None:
            yield from _holds_back(_whole(told, before), _whole(_json_of(new["responses"][status]) or {}, now), f"the answer {status}")


def _json_of(part: Schema | None) -> Schema | None:
    content = (part or {}).get("content", {})
    return next((one.get("schema") for kind, one in content.items() if "json" in kind), None)


def _whole(schema: Schema, document: Schema) -> Schema:
    """A schema with what it refers to in its place."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema | {"properties": {name: _whole(one, document) for name, one in schema.get("properties", {}).items()}}


def _refuses(old: Schema, new: Schema, where: str) -> Iterator[str]:
    """What was taken and is no longer."""
    yield from (f"{where} must have {name}" for name in set(new.get("required", [])) - set(old.get("required", [])))
    for name, one in old["properties"].items():
        if name not in new["properties"] and new.get("additionalProperties") is False:
            yield f"{where} may not have {name}"
        elif name in new["properties"]:
            yield from _is_another(one, new["properties"][name], f"{where}'s {name}")
            yield from _refuses(one, new["properties"][name], f"{where}'s {name}")
    for limit, is_narrower in (("maxLength", int.__lt__), ("maximum", int.__lt__), ("minLength", int.__gt__), ("minimum", int.__gt__)):
        if limit in new and (limit not in old or is_narrower(int(new[limit]), int(old[limit]))):
            yield f"{where} has a {limit} of {new[limit]}"


def _holds_back(old: Schema, new: Schema, where: str) -> Iterator[str]:
    """What was answered and is no longer."""
    for name, one in old["properties"].items():
        if name not in new["properties"] or (name in old.get("required", []) and name not in new.get("required", [])):
            yield f"{where} may lack {name}"
        else:
            yield from _is_another(one, new["properties"][name], f"{where}'s {name}")
            yield from _holds_back(one, new["properties"][name], f"{where}'s {name}")


def _is_another(old: Schema, new: Schema, where: str) -> Iterator[str]:
    for what in ("type", "format", "pattern", "enum", "const", "anyOf", "items"):
        if what in old and old[what] != new.get(what):
            yield f"{where} is another {what}"


def test_what_was_promised_to_a_tablet_of_last_month_still_holds() -> None:
    assert len(PROMISED["paths"]) >= 8
    assert _broken(PROMISED, _today()) == []


JOIN = "/api/v1/join"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda doc: doc["paths"].pop(JOIN), "POST /api/v1/join is gone"),
        (lambda doc: doc["paths"][JOIN]["post"]["responses"].pop("200"), "answers no 200 any more"),
        (lambda doc: doc["components"]["schemas"]["JoinAnswer"]["properties"].pop("seat"), "the answer 200 may lack seat"),
        (lambda doc: doc["components"]["schemas"]["JoinBody"].update(required=["device"]), "the body must have device"),
        (lambda doc: doc["components"]["schemas"]["JoinBody"]["properties"].pop("code"), "the body may not have code"),
        (lambda doc: doc["components"]["schemas"]["JoinAnswer"]["properties"]["seat"].update(type="string"), "seat is another type"),
        (lambda doc: doc["components"]["schemas"]["ReceiptBody"]["properties"]["code"].update(maxLength=10), "has a maxLength of 10"),
    ],
)
def test_a_promise_that_is_broken_is_seen(change: Any, words: str) -> None:
    broken = deepcopy(PROMISED)
    change(broken)
    assert any(words in one for one in _broken(PROMISED, broken)), _broken(PROMISED, broken)


def test_what_is_new_breaks_nothing() -> None:
    grown = deepcopy(PROMISED)
    grown["paths"]["/api/v1/weather"] = grown["paths"][JOIN]
    grown["components"]["schemas"]["JoinAnswer"]["properties"]["more"] = {"type": "string"}
    grown["components"]["schemas"]["JoinBody"]["properties"]["more"] = {"type": "string"}
    assert _broken(PROMISED, grown) == []
