"""Building, publishing and withdrawing releases."""

from typing import Any
from uuid import UUID

import numpy as np
import orjson
import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from analysis import grid
from analysis.models import Release
from analysis.privacy import release as policy
from analysis.privacy.suppress import MIN_SLICE
from analysis.privacy.trim import Geometries
from mapping.models import Mark
from surveys.errors import NotAllowed
from surveys.models import GradeBand, Response, Survey, Theme
from surveys.official import NONE
from surveys.querysets import ResponseQuerySet
from surveys.services import official_of

MIN_NEW = MIN_SLICE
"""So many must have answered since the last release before the next: docs/privacy.md, "Releases"."""


@transaction.atomic
def build_release(*, survey: Survey) -> Release:
    """A draft release of everything the survey holds now, with MIN_GROUP_SIZE as its k. NotAllowed when too few children have answered."""
    answers, marks = read(survey, answered(survey))
    try:
        payload = policy.build(facts_of(survey), answers, marks, k=settings.MIN_GROUP_SIZE)
    except policy.TooFewResponses as error:
        raise NotAllowed(
            f"{len(answers.keys)} har svart. Det må være minst {MIN_SLICE} før noe kan publiseres, ellers kan noen kjennes igjen."
        ) from error
    return Release.objects.create(
        survey=survey,
        built_on=timezone.localdate(),
        payload=payload,
        sha256=policy.sha256_of(payload),
        response_count=len(answers.keys),
    )


@transaction.atomic
def renew_draft(*, survey: Survey) -> Release:
    """A draft of what the survey holds now in place of the one nobody published. NotAllowed when too few children have answered."""
    draft = build_release(survey=survey)
    survey.releases.filter(status=Release.Status.DRAFT).exclude(pk=draft.pk).delete()
    return draft


@transaction.atomic
def publish_release(*, release: Release) -> Release:
    """Make a draft public; the survey's earlier public release is withdrawn, since two together could be subtracted.

    NotAllowed when it is no draft, or when fewer than MIN_NEW children answered since the last one: whoever kept that one could tell
    what a few added.
    """
    _take_turns(release)
    if release.status != Release.Status.DRAFT:
        raise NotAllowed(f"En publisering som er {release.get_status_display()} kan ikke offentliggjøres.")
    _require_enough_new(release)
    for earlier in Release.objects.select_for_update().filter(survey=release.survey_id, status=Release.Status.PUBLIC):
        withdraw_release(release=earlier)
    release.status = Release.Status.PUBLIC
    release.published_on = timezone.localdate()
    release.save(update_fields=["status", "published_on"])
    return release


@transaction.atomic
def withdraw_release(*, release: Release) -> Release:
    """Take a public release away from the public; NotAllowed when it is not public."""
    _take_turns(release)
    if release.status != Release.Status.PUBLIC:
        raise NotAllowed(f"En publisering som er {release.get_status_display()} kan ikke trekkes tilbake.")
    release.status = Release.Status.WITHDRAWN
    release.save(update_fields=["status"])
    return release


def new_since_last(survey: Survey) -> int | None:
    """How many have answered since the release with the most answers that the public has seen; None when it has seen none."""
    most = _shown(survey.pk).aggregate(most=Max("response_count"))["most"]
    return None if most is None else max(0, answered(survey).count() - most)


def _take_turns(release: Release) -> None:
    """One at a time for each survey, so that a button pressed twice, or by two, is answered by what the first one did."""
    Survey.objects.select_for_update().only("pk").get(pk=release.survey_id)
    release.refresh_from_db(fields=["status"])


def _shown(survey_id: UUID) -> QuerySet[Release]:
    found: QuerySet[Release] = Release.objects.filter(survey=survey_id, published_on__isnull=False)
    return found


def _require_enough_new(release: Release) -> None:
    most = _shown(release.survey_id).exclude(sha256=release.sha256).aggregate(most=Max("response_count"))["most"]
    if most is not None and release.response_count - most < MIN_NEW:
        raise NotAllowed(
            f"Siden forrige publisering har {max(0, release.response_count - most)} nye svart. Det må være minst {MIN_NEW}, "
            "ellers kan noen regne ut hva de få nye har svart."
        )


def answered(survey: Survey) -> ResponseQuerySet:
    """The responses that count and say something: who only came in has not answered."""
    said = Exists(Mark.objects.filter(response=OuterRef("pk"))) | Q(finished_at__isnull=False) | ~Q(answers={})
    found: ResponseQuerySet = Response.objects.counted().filter(said, survey=survey)
    return found


def read(survey: Survey, responses: QuerySet[Response]) -> tuple[policy.Answers, policy.Marks]:
    """Responses of the survey and their marks as arrays; geometry projected to the public grid's EPSG:25833."""
    responses = responses.order_by("id")
    rows = list(responses.values_list("id", "class_group_id", "class_group__grade"))
    place = {row[0]: index for index, row in enumerate(rows)}
    class_numbers = {group: number for number, group in enumerate(sorted({row[1] for row in rows}))}
    answers = policy.Answers(
        keys=np.array([policy.child_key(row[0].bytes) for row in rows], dtype=np.uint64),
        classes=np.array([class_numbers[row[1]] for row in rows], dtype=np.int64),
        bands=np.array([GradeBand.of(row[2]).value for row in rows], dtype=object),
    )
    drawn = Mark.objects.filter(survey=survey, response__in=responses.order_by().values("pk")).order_by("id")
    columns = list(drawn.values_list("response_id", "category__theme__code", "category__code", "mode", "geom"))
    marks = policy.Marks(
        child=np.array([place[row[0]] for row in columns], dtype=np.int64),
        theme=np.array([row[1] for row in columns], dtype=object),
        category=np.array([row[2] for row in columns], dtype=object),
        mode=np.array([row[3] for row in columns], dtype=object),
        geometry=_on_the_grid([row[4] for row in columns]),
    )
    return answers, marks


def facts_of(survey: Survey) -> policy.Facts:
    """What is known of the survey without its answers."""
    groups = list(survey.class_groups.values_list("pupils", flat=True))
    bands = {GradeBand.of(grade) for grade in survey.class_groups.values_list("grade", flat=True)}
    schools = list(survey.schools.all())
    shapes = [school.location for school in schools] + [school.grounds for school in schools if school.grounds]
    places = [GEOSGeometry(orjson.dumps(place["geometry"]).decode()) for place in survey.public_places]
    return policy.Facts(
        survey={
            "id": str(survey.pk),
            "title": survey.title,
            "municipality": {"number": survey.municipality.number, "name": survey.municipality.name},
            "opens_on": survey.opens_on.isoformat(),
            "closes_on": survey.closes_on.isoformat(),
            "languages": survey.languages,
            "default_language": survey.default_language,
            # several are not told: that a band was asked and is not among the numbers would say that few of it answered
            "grade_band": bands.pop().value if len(bands) == 1 else None,
        },
        themes=[_theme(theme) for theme in survey.themes.prefetch_related("categories")],
        modes=[{"code": code, "words": mode["words"]} for code, mode in survey.modes.items()],
        schools=len(schools),
        pupils=sum(groups) if groups and all(groups) else None,
        public=_on_the_grid([*shapes, *places]),
    )


def _theme(theme: Theme) -> dict[str, Any]:
    categories = [
        {
            "code": category.code,
            "words": category.words,
            "kind": category.kind,
            "icon": category.icon,
            "colour": category.colour,
            # kept with the numbers, so that a release is the same file for ever, whatever becomes of the code lists
            "official": list(official_of(category)) if official_of(category) != NONE else None,
        }
        for category in theme.categories.all()
    ]
    return {"code": theme.code, "words": theme.words, "icon": theme.icon, "colour": theme.colour, "categories": categories}


def _on_the_grid(geometries: list[GEOSGeometry | None]) -> Geometries:
    """shapely geometries in EPSG:25833 of GEOS ones in EPSG:4326; None stays None."""
    wkb = np.array([None if geometry is None else bytes(geometry.wkb) for geometry in geometries], dtype=object)
    return grid.project_shapes(shapely.from_wkb(wkb))
