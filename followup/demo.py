"""The demo from end to end: Solvik with its answers, accounts, a public release with findings, and the file that says how to get in."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from analysis.models import Release
from analysis.services import build_release, publish_release
from followup import services as followup
from followup.models import Decision, Finding
from mapping.demo.live import NUMBER, keep_open
from mapping.models import Basemap, Mark
from surveys import codes
from surveys import services as surveys
from surveys.errors import NotAllowed
from surveys.models import AccessToken, Membership, Municipality, Response, Role, School, Survey, User

Entrances = dict[str, Any]
Progress = Callable[[str], None]

LABEL = "Solvik-demo"
ACCOUNTS = {
    "teacher": ("laerer", Role.TEACHER, "Lærer i Solvik"),
    "planner": ("planlegger", Role.PLANNER, "Planlegger i Solvik"),
    "politician": ("politiker", Role.POLITICIAN, "Politiker i Solvik"),
    "operator": ("drift", Role.OPERATOR, "Drift i Solvik"),
}


def seed_demo(*, base: str, folder: Path, reset: bool = False, progress: Progress = lambda _: None) -> Entrances:
    """Have the demo: make what is missing, open the class's code, and write the entrances to folder/demo.json (0600).

    What is already there stays as it is; reset begins anew.
    """
    survey = None if reset else _living_survey()
    known = _read(folder / "demo.json")
    if survey is None:
        remove_demo()
        survey = _make(progress)
        known = {}
    elif known.get("survey") != str(survey.pk):
        known = {}
    entrances = _entrances(base, survey, known)
    _write(folder / "demo.json", entrances)
    return entrances


@transaction.atomic
def remove_demo() -> None:
    """Take Solvik out of the database, with everything in it and its accounts."""
    municipality = Municipality.objects.filter(number=NUMBER).first()
    if municipality is None:
        return
    # Categories protect the marks that need them, so marks go first.
    Mark.objects.filter(survey__municipality=municipality).delete()
    Response.objects.filter(survey__municipality=municipality).delete()
    User.objects.filter(username__in=[name for name, _, _ in ACCOUNTS.values()], memberships__municipality=municipality).delete()
    municipality.delete()


def _living_survey() -> Survey | None:
    survey: Survey | None = Survey.objects.open_now().filter(municipality__number=NUMBER).order_by("-opens_on").first()
    has_all = survey is not None and Release.objects.filter(survey=survey, status=Release.Status.PUBLIC).exists()
    return survey if has_all and Basemap.objects.filter(municipality__number=NUMBER, is_active=True).exists() else None


@transaction.atomic
def _make(progress: Progress) -> Survey:
    # The town brings numpy, GDAL and shapely with it; a second start needs none of them.
    from mapping.demo.seed import seed_town

    _require_free_names()
    progress("tegner Solvik, og lar 285 barn svare")
    survey = seed_town(timezone.localdate())
    progress("regner ut det som er offentlig")
    _accounts(survey.municipality)
    release = publish_release(release=build_release(survey=survey))
    _conclude(survey, release)
    return survey


def _require_free_names() -> None:
    """The demo never takes over an account; asked before the town is made, which takes a while."""
    for name, _, _ in ACCOUNTS.values():
        if User.objects.filter(username=name).exists():
            raise NotAllowed(f"Det finnes alt en konto som heter «{name}», og den er ikke demoens. Demoen lages bare der den er alene.")


def _accounts(municipality: Municipality) -> None:
    schools = list(School.objects.filter(municipality=municipality))
    for name, role, title in ACCOUNTS.values():
        user = User(username=name, first_name=title)
        user.set_unusable_password()
        user.save()
        for school in schools if role == Role.TEACHER else [None]:
            surveys.add_member(user=user, municipality=municipality, role=role, school=school)


def _conclude(survey: Survey, release: Release) -> None:
    """Three findings at the cells where most children say so, and what was decided about them."""
    today = release.built_on
    crossing = followup.add_finding(
        survey=survey,
        title="Barna krysser Fjordvegen der det ikke er gangfelt",
        text="Mange går over Fjordvegen der det verken er gangfelt eller lys, fordi det er kortest til skolen. "
        "De sier at bilene ikke stopper, og at det er vanskelig å se dem i tide.",
        theme="negative",
        cell_ids=_busiest(release, "negative", 3),
    )
    _step(crossing, "Gangfelt og fartsdempere ved de mest brukte kryssene legges inn i trafikksikkerhetsplanen.", "decided", today, 16)
    _step(crossing, "Befaring sammen med elevrådene", "done", today, 30)
    woods = followup.add_finding(
        survey=survey,
        title="Lekeplassene og skogen er de kjæreste stedene",
        text="Barna bygger hytter, spiller ball og møter venner her nesten hver dag. De ber om at skogen mellom husene får stå.",
        theme="positive",
        cell_ids=_busiest(release, "positive", 3),
    )
    _step(woods, "Grøntdragene tas inn som hensynssone i kommunedelplanen.", "proposed", today, 0)
    youth = followup.add_finding(
        survey=survey,
        title="De eldste mangler et sted å være",
        text="Ungdommene møtes ved butikken og på biblioteket. De ønsker seg et sted som er åpent om kvelden, og noe å gjøre.",
        theme="change",
        cell_ids=_busiest(release, "change", 2),
    )
    _step(youth, "Biblioteket holder åpent to kvelder i uka på prøve.", "started", today, 9)


def _step(finding: Finding, text: str, status: str, today: date, days_ago: int) -> None:
    when = today - timedelta(days=days_ago) if days_ago else None
    body = "Utvalg for plan og miljø" if status == "decided" else ""
    followup.decide(finding=finding, text=text, status=Decision.Status(status), decided_on=when, body=body)


def _busiest(release: Release, theme: str, count: int) -> list[str]:
    """Names of the public cells with most children in a theme."""
    there = [cell for cell in release.payload["cells"] if cell["theme"] == theme and cell["children_rounded"]]
    return [cell["id"] for cell in sorted(there, key=lambda cell: (-cell["children_rounded"], cell["id"]))[:count]]


def _entrances(base: str, survey: Survey, known: Entrances) -> Entrances:
    """Where everybody gets in. Passwords and the token are made once and then live only in the file."""
    group = keep_open(survey)
    token = codes.class_token(group.pk, group.code_serial)
    base = base.rstrip("/")
    release = Release.objects.get(survey=survey, status=Release.Status.PUBLIC)
    urls = {
        "teacher": reverse("surveys:teacher"),
        "planner": reverse("analysis:workbench", args=[survey.pk]),
        "politician": reverse("followup:release", args=[release.pk]),
        "operator": reverse("admin:index"),
    }
    entrances: Entrances = {"base": base, "survey": str(survey.pk)}
    entrances["pupil"] = {
        "url": f"{base}{reverse('mapping:draw')}#{token}",
        "code": codes.class_code(group.pk, group.code_serial),
        "token": token,
    }
    for role, (name, _, _) in ACCOUNTS.items():
        password = known.get(role, {}).get("password") or _new_password(name)
        entrances[role] = {"url": base + urls[role], "user": name, "password": password}
    entrances["planner"]["token"] = known.get("planner", {}).get("token") or _new_token(survey.municipality)
    return entrances


def _new_password(name: str) -> str:
    """A password one can read aloud, of 48 random bits."""
    password = "-".join(secrets.token_hex(2) for _ in range(3))
    user = User.objects.get(username=name)
    user.set_password(password)
    user.save(update_fields=["password"])
    return password


def _new_token(municipality: Municipality) -> str:
    planner = Membership.objects.get(municipality=municipality, role=Role.PLANNER, user__username=ACCOUNTS["planner"][0]).user
    for old in AccessToken.objects.filter(user=planner, label=LABEL, revoked_at__isnull=True):
        surveys.revoke_access_token(token=old)
    return surveys.make_access_token(user=planner, municipality=municipality, label=LABEL)[1]


def _read(path: Path) -> Entrances:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, entrances: Entrances) -> None:
    """Readable for its owner only, from its first byte on, and never half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(entrances, file, ensure_ascii=False, indent=2)
    part.replace(path)
