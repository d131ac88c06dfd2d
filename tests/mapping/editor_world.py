"""What the tests of the editor's pages share."""

import re
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

from surveys.models import Survey


def fields_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of the page's last form as it stands: names with their values, ticked boxes only."""
    form = re.findall(r'<form class="form.*?</form>', page, re.S)[-1]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        is_ticked = given.get("type") not in {"checkbox", "radio"} or " checked" in tag
        if "name" in given and is_ticked and " disabled" not in tag and given.get("type") != "file":
            sent.setdefault(given["name"], []).append(unescape(given.get("value", "")))
    for attributes, text in re.findall(r"<textarea([^>]*)>(.*?)</textarea>", form, re.S):
        sent[re.findall(r'name="([^"]*)"', attributes)[0]] = [unescape(text).removeprefix("\n")]
    for attributes, inside in re.findall(r"<select([^>]*)>(.*?)</select>", form, re.S):
        chosen = re.findall(r'<option value="([^"]*)" selected', inside)
        if " disabled" not in attributes:
            sent[re.findall(r'name="([^"]*)"', attributes)[0]] = [unescape(one) for one in chosen]
    return sent


def send(client: Client, name: str, survey: Survey, *more: str, query: Any = "", **changed: Any) -> tuple[int, str]:
    """Open a page, change some of its fields, send it: the answer's status and text. A None takes a field away."""
    url = reverse(f"editor:{name}", args=[survey.pk, *more]) + query
    fields: dict[str, Any] = {**fields_of(client.get(url).content.decode()), **changed}
    answer = client.post(url, {key: value for key, value in fields.items() if value is not None})
    return answer.status_code, answer.content.decode()
