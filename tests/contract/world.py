"""A municipality in every state at once: one survey each that is a draft, open, closed and deleted, and everybody who may come."""

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from analysis.models import Release, SavedView
from analysis.services import build_release
from mapping.models import Basemap, Mark
from mapping.services import drop_comment
from surveys import codes, services
from surveys.models import ClassGroup, Layer, Municipality, Role, School, Survey, User
from tests import places
from tests.factories import ClassGroupFactory, MarkFactory, MunicipalityFactory, ResponseFactory, SchoolFactory, make_survey

STATES = ("draft", "open", "closed", "deleted")
SIGNED_IN = ("tor", "tea", "pia", "kai", "pol", "ole")
"""Tor teaches at the school, Tea at another one; Pia plans here and Kai elsewhere; Pol is a politician; Ole keeps the accounts."""
HEADERS = ("ada", "bo", "key", "kais_key")
"""Who comes with a token in the header: two pupils' write tokens, and the access tokens of Pia and Kai."""
ACTORS = ("anonymous", *HEADERS, *SIGNED_IN)

CHILDREN = 25
"""Enough for a release to be built."""


@dataclass(frozen=True)
class Objects:
    """What there is of one survey."""

    survey: UUID
    class_group: UUID
    lesson: UUID
    code: str
    response: UUID
    seat: int
    mark: UUID
    judgement: UUID
    saved_view: UUID
    public_release: UUID
    draft_release: UUID
    withdrawn_release: UUID
    receipt: str

    @property
    def places(self) -> str:
        """The collection of the survey's places under /ogc/."""
        return f"{self.survey}-places"


@dataclass(frozen=True)
class World:
    """One set of objects for each state, and a way to come in as anybody."""

    objects: dict[str, Objects]
    basemap: UUID
    layer: UUID
    pias_key: UUID
    secrets: dict[str, str]
    sessions: dict[str, Client]
    kais: Objects

    def client(self, actor: str, state: str) -> Client:
        """A browser or script of this actor, as if just come in."""
        if actor in SIGNED_IN:
            client = Client()
            client.cookies = deepcopy(self.sessions[actor].cookies)
            return client
        token = codes.write_token(self.objects[state].response) if actor == "ada" else self.secrets.get(actor, "")
        return Client(headers={"Authorization": f"Bearer {token}"} if token else {})


def build(basemap_folder: Path) -> World:
    """Make all of it; the caller rolls it back."""
    here = MunicipalityFactory.create(number="4601", name="Bergen")
    there = MunicipalityFactory.create(number="5501", name="Tromsø", boundary=places.OTHER_MUNICIPALITY, metric_srid=25833)
    school, other_school = SchoolFactory.create(municipality=here), SchoolFactory.create(municipality=here)
    people = {name: get_user_model().objects.create(username=name, is_staff=name == "ole") for name in SIGNED_IN}
    _give_roles(people, here, there, school, other_school)
    objects = {state: _survey_in(state, here, school) for state in STATES}
    bo = _pupil(ClassGroupFactory.create(survey=make_survey(municipality=here, schools=[other_school]), school=other_school))
    key, secret = services.make_access_token(user=people["pia"], municipality=here, label="QGIS")
    _, kais_secret = services.make_access_token(user=people["kai"], municipality=there, label="QGIS")
    return World(
        objects=objects,
        basemap=_basemap(here, basemap_folder).pk,
        layer=Layer.objects.create(municipality=here, name="Kretser", kind="districts", source="Bergen", imported_at=timezone.now()).pk,
        pias_key=key.pk,
        secrets={"bo": codes.write_token(bo), "key": secret, "kais_key": kais_secret},
        sessions={name: _signed_in(user) for name, user in people.items()},
        kais=_survey_in("open", there, SchoolFactory.create(municipality=there)),
    )


def _give_roles(people: dict[str, User], here: Municipality, there: Municipality, school: School, other_school: School) -> None:
    services.add_member(user=people["tor"], municipality=here, role=Role.TEACHER, school=school)
    services.add_member(user=people["tea"], municipality=here, role=Role.TEACHER, school=other_school)
    for name, municipality, role in (
        ("pia", here, Role.PLANNER),
        ("kai", there, Role.PLANNER),
        ("pol", here, Role.POLITICIAN),
        ("ole", here, Role.OPERATOR),
    ):
        services.add_member(user=people[name], municipality=municipality, role=role)


def _survey_in(state: str, municipality: Municipality, school: School) -> Objects:
    """Everything is made while the survey is open, and then it gets its state."""
    survey = make_survey(municipality=municipality, schools=[school])
    group: ClassGroup = ClassGroupFactory.create(survey=survey, school=school)
    lesson = services.open_lesson(class_group=group, opened_by=None)
    response = _pupil(group)
    receipt = services.finish(response=survey.responses.get(pk=response))
    mark: Mark = MarkFactory.create(
        id=uuid4(), response=survey.responses.get(pk=response), category=survey.categories.get(code="leke"), comment="Fint her"
    )
    bathing = MarkFactory.create(id=uuid4(), response=mark.response, category=survey.categories.get(code="bade"), comment="Kaldt her")
    judgement = drop_comment(mark=bathing)
    releases = _releases(survey, group)
    view = SavedView.objects.create(survey=survey, name="Veger", query="kind=route", made_on=survey.opens_on)
    Survey.objects.filter(pk=survey.pk).update(status=state)
    return Objects(
        survey=survey.pk,
        class_group=group.pk,
        lesson=lesson.pk,
        code=codes.class_code(group.pk, group.code_serial),
        response=response,
        seat=0,
        mark=mark.pk,
        judgement=judgement.key,
        saved_view=view.pk,
        receipt=receipt,
        **releases,
    )


def _pupil(group: ClassGroup) -> UUID:
    if not group.lessons.exists():
        services.open_lesson(class_group=group, opened_by=None)
    joined = services.join(code=codes.class_code(group.pk, group.code_serial))
    return joined.response.pk


def _releases(survey: Survey, group: ClassGroup) -> dict[str, Any]:
    category = survey.categories.get(code="leke")
    for number in range(CHILDREN):
        # seats that joining does not come to
        response = ResponseFactory.create(class_group=group, seat=1000 + number)
        MarkFactory.create(id=uuid4(), response=response, category=category)
    draft = build_release(survey=survey)
    again = {"survey": survey, "built_on": draft.built_on, "published_on": draft.built_on, "payload": draft.payload, "sha256": draft.sha256}
    public = Release.objects.create(status=Release.Status.PUBLIC, **again)
    withdrawn = Release.objects.create(status=Release.Status.WITHDRAWN, **again)
    return {"withdrawn_release": withdrawn.pk, "public_release": public.pk, "draft_release": draft.pk}


def _basemap(municipality: Municipality, folder: Path) -> Basemap:
    (folder / "solvik.pmtiles").write_bytes(b"PMTiles" + b"\3" + b"\0" * 200)
    basemap: Basemap = Basemap.objects.create(
        municipality=municipality, name="Kart", kind="pmtiles", file_name="solvik.pmtiles", attribution="Solvik", is_active=True
    )
    return basemap


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
