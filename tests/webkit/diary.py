"""What a child meant, written down as it is done, for the recorder to compare with the database."""

import hashlib
import json
from typing import Any

from tests.faults.proxy import FaultProxy
from tests.faults.recorder import Verdict, compare
from tests.webkit.pupil import Pupil
from tests.webkit.tablet import until


class Diary:
    """One child's, from the moment it has joined."""

    def __init__(self, ada: Pupil, network: FaultProxy) -> None:
        self.ada = ada
        self.network = network
        self.response = ada.response()
        self.marks: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, Any] = {}

    def note(self, category: str, comment: str = "") -> dict[str, Any]:
        """A mark that the child has just made; what is drawn is as the tablet has it at this moment."""

        def new() -> tuple[str, dict[str, Any]] | None:
            for copy in self.ada.kept()["copies"]:
                mark_id, body = copy["resource"].removeprefix("marks/"), json.loads(copy["body"])
                if mark_id not in self.marks and body.get("properties", {}).get("category") == category:
                    return mark_id, body
            return None

        mark_id, body = until(new, f"the tablet to keep {category}")
        self.marks[mark_id] = {"id": mark_id, "category": category, "comment": comment, "geometry": body["geometry"]}
        return self.marks[mark_id]

    def took_back(self, category: str) -> None:
        """A mark that the child wants no more."""
        [gone] = [mark_id for mark_id, mark in self.marks.items() if mark["category"] == category]
        del self.marks[gone]

    def compare(self) -> Verdict:
        """With what the database holds, once the child has handed in."""
        left = [job for job in self.ada.kept()["jobs"] if job["response"] == self.response]
        told = {
            "response": self.response,
            "marks": list(self.marks.values()),
            "said": self._said(),
            "answers": self.answers,
            "finished": True,
            "unsaid": [[job["resource"]] for job in left],
            "refused": [[job["resource"], job["refused"]] for job in left if job["refused"]],
        }
        return compare(self.ada.site, [told])

    def _said(self) -> dict[str, list[str]]:
        """Every body that ever left the tablet: "resource rev" to its hashes."""
        said: dict[str, list[str]] = {}
        root = f"/api/v1/responses/{self.response}/"
        for method, path, body in self.network.sent:
            if method == "PUT" and path.startswith(root):
                key = f"{path.removeprefix(root)} {json.loads(body)['rev']}"
                said.setdefault(key, []).append(hashlib.sha256(body).hexdigest())
        return said
