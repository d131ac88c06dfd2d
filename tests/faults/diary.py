"""What a child at a real page meant, written down as it is done, for the recorder to compare with the database."""

import hashlib
import json
from typing import Any

from tests.browser.known import KnownPupil
from tests.faults.proxy import FaultProxy
from tests.faults.recorder import Verdict, compare, secrets_of
from tests.patience import until


class Diary:
    """One child's, from the moment it has joined. joined: the answer to its join, where the tablet keeps nothing that could be asked."""

    def __init__(self, ada: KnownPupil, network: FaultProxy, *, joined: dict[str, Any] | None = None) -> None:
        self.ada = ada
        self.network = network
        self.keeps = joined is None
        session = ada.kept()["session"][0] if joined is None else {"response": joined["response"], "token": joined["write_token"]}
        self.response: str = session["response"]
        self.token: str = session["token"]
        self.marks: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, Any] = {}
        self.seen: list[str] = []

    def note(self, category: str, comment: str = "", *, least_rev: int = 1) -> dict[str, Any]:
        """A mark that the child has just made; what is drawn is as the tablet has it, or has sent it, at this moment.

        least_rev: from which revision on it is as it was meant.
        """

        def new() -> tuple[str, dict[str, Any]] | None:
            for mark_id, body in self._bodies():
                if mark_id not in self.marks and body["properties"]["category"] == category and body["rev"] >= least_rev:
                    return mark_id, body
            return None

        mark_id, body = until(new, f"the tablet to keep {category}", forgiven=self.ada.forgiven)
        self.marks[mark_id] = {"id": mark_id, "category": category, "comment": comment, "geometry": body["geometry"]}
        return self.marks[mark_id]

    def took_back(self, category: str) -> None:
        """A mark that the child wants no more."""
        [gone] = [mark_id for mark_id, mark in self.marks.items() if mark["category"] == category]
        del self.marks[gone]

    def shown_to_another(self, *texts: str) -> None:
        """What the next child at this tablet could see, on the page or in what the tablet keeps: nothing of this one may be in it."""
        self.seen += [secret for secret in secrets_of(self._meant()) if any(secret in text for text in texts)]

    def compare(self, *, hands_in: bool = True) -> Verdict:
        """With what the database holds, once the child has handed in, or has nothing left to send."""
        verdict = compare(self.ada.site, [self.tell(hands_in=hands_in)])
        verdict.anothers += [f"the next child sees {secret}" for secret in self.seen]
        return verdict

    def tell(self, *, hands_in: bool = True, left: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        """All of it, for the recorder. left: what the tablet has still to deliver, where it cannot be asked now."""
        if left is None:
            left = self.ada.kept()["jobs"] if self.keeps else []
        left = [job for job in left if job["response"] == self.response]
        return self._meant() | {
            "said": self._said(),
            "hands_in": hands_in,
            "finished": hands_in,
            "unsaid": [[job["resource"]] for job in left],
            "refused": [[job["resource"], job["refused"]] for job in left if job["refused"]],
        }

    def _meant(self) -> dict[str, Any]:
        return {"response": self.response, "token": self.token, "marks": list(self.marks.values()), "answers": self.answers}

    def _bodies(self) -> list[tuple[str, dict[str, Any]]]:
        """Each mark's id and body that the tablet keeps, else those that it has sent."""
        if self.keeps:
            # after a reload the body of a copy has no revision of its own
            copies = [copy for copy in self.ada.kept()["copies"] if copy["resource"].startswith("marks/")]
            return [(copy["resource"].removeprefix("marks/"), json.loads(copy["body"]) | {"rev": copy["rev"]}) for copy in copies]
        texts = [(path.removeprefix(self._root), body) for method, path, body in self.network.sent if method == "PUT"]
        return [(name.removeprefix("marks/"), json.loads(body)) for name, body in texts if name.startswith("marks/")]

    @property
    def _root(self) -> str:
        return f"/api/v1/responses/{self.response}/"

    def _said(self) -> dict[str, list[str]]:
        """Every body that ever left the tablet: "resource rev" to its hashes."""
        said: dict[str, list[str]] = {}
        for method, path, body in self.network.sent:
            if method == "PUT" and path.startswith(self._root):
                key = f"{path.removeprefix(self._root)} {json.loads(body)['rev']}"
                said.setdefault(key, []).append(hashlib.sha256(body).hexdigest())
        return said
