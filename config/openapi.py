"""The OpenAPI document: what django-ninja writes, and what it cannot know: refusals, keys, and bodies that our own reader reads."""

from http import HTTPStatus
from typing import Any

from config.problems import PROBLEM_TYPE
from mapping.api import MARK_PARTS

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable, `detail` a sentence for people, `pointer` the place in the body (RFC 6901).",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "pattern": "^[a-z][a-z0-9-]*$"},
        "detail": {"type": "string"},
        "pointer": {"type": "string"},
        "rev": {"type": "integer", "minimum": 1, "description": "With revision-conflict: the revision that is stored."},
    },
}

KEYS = {
    "write_token": {
        "type": "http",
        "scheme": "bearer",
        "description": "The write token that join gave: one response, until seven days after the lesson.",
    },
    "receipt": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Receipt <code>`, the code that finish gave: for thirty days.",
    },
}

BODY = {400, 413, 422}
"""What any call that takes a body may answer: no JSON, too large, not as the schema or the survey says."""

BUSY = 503
"""What any call may answer, with Retry-After: nothing was written, and it may work in some seconds."""

REFUSALS: dict[str, set[int]] = {
    "surveys_api_join": {*BODY, 404, 429},
    "surveys_api_take_up": {*BODY, 403, 404, 429},
    "surveys_api_put_answers": {*BODY, 401, 403, 404, 409},
    "surveys_api_pulse": {*BODY, 401, 404},
    "surveys_api_finish": {401, 403, 404},
    "mapping_api_bundle": {404},
    "mapping_api_put_mark": {*BODY, 401, 403, 404, 409, 410},
    "mapping_api_delete_mark": {401, 403, 404, 409, 422},
    "mapping_api_get_response": {401, 404},
    "mapping_api_withdraw": {401, 404},
}
"""The statuses each call refuses with; a call without a line fails when the document is made."""

RECEIPTS = {"mapping_api_delete_mark": "`<mark> <rev>`: that it is gone.", "mapping_api_withdraw": "`<response>`: that all of it is gone."}
"""What an answer without a body is known as ours by: docs/decisions/046."""

OPENED_BY: dict[str, list[dict[str, list[str]]]] = {
    "surveys_api_put_answers": [{"write_token": []}, {"receipt": []}],
    "surveys_api_pulse": [{"write_token": []}],
    "surveys_api_finish": [{"write_token": []}],
    "mapping_api_put_mark": [{"write_token": []}],
    "mapping_api_delete_mark": [{"write_token": []}],
    "mapping_api_get_response": [{"write_token": []}, {"receipt": []}],
    "mapping_api_withdraw": [{"write_token": []}, {"receipt": []}],
}
"""The keys that open a call; the others are open to everybody."""


def complete(document: dict[str, Any]) -> None:
    """Add to ninja's document, in place, what it cannot know."""
    components = document["components"]
    components["schemas"].update(MARK_PARTS, Problem=PROBLEM)
    components["securitySchemes"] = KEYS
    for path in document["paths"].values():
        for operation in path.values():
            name = operation["operationId"]
            operation["responses"].update({str(status): _refusal(status) for status in sorted({*REFUSALS[name], BUSY})})
            if name in RECEIPTS:
                operation["responses"][HTTPStatus.NO_CONTENT]["headers"] = {
                    "Trakk-Receipt": {"description": RECEIPTS[name], "schema": {"type": "string"}}
                }
            if name in OPENED_BY:
                operation["security"] = OPENED_BY[name]


def _refusal(status: int) -> dict[str, Any]:
    content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": HTTPStatus(status).phrase, "content": content}
