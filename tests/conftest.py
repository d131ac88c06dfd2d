"""Actors and their world: Ada (pupil in the class), Bo (pupil elsewhere), Tor (teacher), Pia (planner here), Kai (planner elsewhere)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import orjson
import pytest
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from pytest_django.fixtures import Settings

from surveys import codes, services
from surveys.models import ClassGroup, Lesson, Municipality, Role, School, Survey, User
from tests import places
from tests.browser.fixtures import chromium, context, page, site
from tests.factories import ClassGroupFactory, LessonFactory, MunicipalityFactory, SchoolFactory, UserFactory, make_survey
from tests.faults.tally import Tallies, name_rows, tally

if TYPE_CHECKING:  # a response of the test client, with json()
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer


@dataclass
class Tablet:
    """A pupil's tablet without a screen: it speaks the capture API."""

    client: Client
    response: UUID
    token: str

    def put(self, feature: dict[str, Any] | bytes, mark: UUID | None = None) -> "Answer":
        """PUT one mark; a dict is sent as JSON, bytes as they are."""
        body = feature if isinstance(feature, bytes) else orjson.dumps(feature)
        url = f"/api/v1/responses/{self.response}/marks/{mark or uuid4()}"
        return self._send("put", url, body)

    def delete(self, mark: UUID, rev: int) -> "Answer":
        """DELETE one mark."""
        return self._send("delete", f"/api/v1/responses/{self.response}/marks/{mark}?rev={rev}")

    def put_answers(self, rev: int, answers: dict[str, Any]) -> "Answer":
        """PUT the answers that hang on no mark."""
        return self._send("put", f"/api/v1/responses/{self.response}/answers", orjson.dumps({"rev": rev, "answers": answers}))

    def finish(self) -> "Answer":
        """POST finish."""
        return self._send("post", f"/api/v1/responses/{self.response}/finish")

    def read(self) -> "Answer":
        """GET one's own answers."""
        return self._send("get", f"/api/v1/responses/{self.response}")

    def withdraw(self) -> "Answer":
        """DELETE one's own answers."""
        return self._send("delete", f"/api/v1/responses/{self.response}")

    def _send(self, method: str, url: str, body: bytes | None = None) -> "Answer":
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is None:
            answer: Answer = getattr(self.client, method)(url, headers=headers)
        else:
            answer = getattr(self.client, method)(url, body, content_type="application/json", headers=headers)
        return answer


def a_place(category: str = "leke", position: tuple[float, float] = places.PLAYGROUND, rev: int = 1, **properties: Any) -> dict[str, Any]:
    """A mark of kind place, as a tablet sends it."""
    return {
        "type": "Feature",
        "rev": rev,
        "geometry": {"type": "Point", "coordinates": list(position)},
        "properties": {"category": category, **properties},
    }


def a_way(rev: int = 1, mode: str | None = "ga", **properties: Any) -> dict[str, Any]:
    """A way to school, as a tablet sends it."""
    return {
        "type": "Feature",
        "rev": rev,
        "geometry": {"type": "LineString", "coordinates": places.WAY_TO_SCHOOL},
        "properties": {"category": "skoleveg", "mode": mode, **properties},
    }


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep the tests of a file in one worker, so that what they share is made once; those that drive a browser share a server, too.

    The browser's tests take half of the time, so they are two groups, the pupils' and the adults', for two workers; those of
    tests/faults and tests/webkit go with the adults', whose server they share.
    Marked while collected, since xdist reads the groups before other hooks may add any.
    """
    group = str(item.path.relative_to(item.config.rootpath))
    if item.path.parent.name == "browser":
        group = "browser: pupils" if item.path.name.startswith("test_pupil") else "browser: adults"
    elif item.path.parent.name in {"faults", "webkit"}:
        group = "browser: adults"
    item.add_marker(pytest.mark.xdist_group(group))
    name_rows(item)


def pytest_configure(config: pytest.Config) -> None:
    """Have the folder of static files, which WhiteNoise asks for when the application is loaded; count what the fault suite finds."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if not hasattr(config, "workerinput"):  # xdist's workers tell the process that prints
        config.pluginmanager.register(Tallies(config))


@pytest.fixture(scope="session")
def no_static_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder."""
    return tmp_path_factory.mktemp("no-static-files")


@pytest.fixture(autouse=True)
def plain_static_files(settings: Settings, no_static_files: Path) -> None:
    """Pages name static files as they are; the hashed ones are for the browser tests' server and tests/contract/test_static.py.

    Every test client loads the middleware anew, and with it WhiteNoise, which would read a thousand collected files each time.
    """
    settings.STATIC_ROOT = str(no_static_files)
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Argon2 is slow on purpose, and no test guesses a password."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def municipality(db: None) -> Municipality:
    """The municipality everything here belongs to."""
    return MunicipalityFactory.create(number="4601", name="Bergen")


@pytest.fixture
def school(municipality: Municipality) -> School:
    """Its school."""
    return SchoolFactory.create(municipality=municipality, name="Fjellheim skole")


@pytest.fixture
def survey(municipality: Municipality, school: School) -> Survey:
    """Its survey, open today, from the default template."""
    return make_survey(municipality=municipality, schools=[school])


@pytest.fixture
def class_group(survey: Survey, school: School) -> ClassGroup:
    """Class 5A."""
    return ClassGroupFactory.create(survey=survey, school=school, grade=5, letter="A")


@pytest.fixture
def lesson(class_group: ClassGroup) -> Lesson:
    """Class 5A's lesson, open, with its code stored."""
    return services.open_lesson(class_group=class_group, opened_by=None)


@pytest.fixture
def ada(lesson: Lesson, client: Client) -> Tablet:
    """Ada, a pupil of 5A, has joined."""
    return _join(lesson.class_group)


@pytest.fixture
def bo(municipality: Municipality) -> Tablet:
    """Bo, a pupil at another school of another survey, has joined."""
    other_school = SchoolFactory.create(municipality=municipality, name="Bekkevik skole")
    other = make_survey(municipality=municipality, schools=[other_school])
    group = ClassGroupFactory.create(survey=other, school=other_school, grade=6, letter="B")
    services.open_lesson(class_group=group, opened_by=None)
    return _join(group)


@pytest.fixture
def tor(school: School) -> User:
    """Tor, teacher at the school."""
    return _account("tor", school.municipality, Role.TEACHER, school)


@pytest.fixture
def pia(municipality: Municipality) -> User:
    """Pia, planner of the municipality."""
    return _account("pia", municipality, Role.PLANNER)


@pytest.fixture
def pol(municipality: Municipality) -> User:
    """Pol, politician of the municipality."""
    return _account("pol", municipality, Role.POLITICIAN)


@pytest.fixture
def kai(db: None) -> User:
    """Kai, planner of another municipality."""
    other = MunicipalityFactory.create(number="5501", name="Tromsø", boundary=places.OTHER_MUNICIPALITY, metric_srid=25833)
    return _account("kai", other, Role.PLANNER)


def _account(name: str, municipality: Municipality, role: Role, school: School | None = None) -> User:
    user: User = UserFactory.create(username=name)
    services.add_member(user=user, municipality=municipality, role=role, school=school)
    return user


def _join(group: ClassGroup) -> Tablet:
    group.refresh_from_db()
    joined = services.join(code=codes.class_code(group.pk, group.code_serial))
    return Tablet(Client(), joined.response.pk, joined.write_token)


__all__ = ["LessonFactory", "Tablet", "a_place", "a_way", "chromium", "context", "page", "site", "tally"]


@pytest.fixture
def keep_connection(db: None) -> Iterator[None]:
    """A real request closes its connection in the end, and the test's transaction with it; Django's test client does the same as this."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
