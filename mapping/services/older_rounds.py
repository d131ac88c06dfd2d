"""Marks of an older round, or out of another tool, as a survey of ours: read as strictly as a tablet's, and refused one by one.

What a tablet does before it sends is done here: ways are cut round homes, words are held until an adult has read them. Of which child a
mark is, only a keyed hash is kept, so that the same file twice is the same marks and nobody's number is found again.
"""

import hashlib
import hmac
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pandas as pd
import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone
from geopandas import GeoSeries
from shapely.geometry import mapping as as_geojson
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from mapping.geojson import MAX_COMMENT, StudyArea, read_geometry
from mapping.models import Mark
from mapping.trim import FINGER_M, Position, PublicAt, Zone, covers, home_ends, trim_to_zones, zone_beside
from surveys.crs import STORAGE_SRID
from surveys.errors import DomainError, ImportRefused
from surveys.models import Category, ClassGroup, Response, School, Survey
from surveys.plain_text import clean_text
from surveys.services import close_survey
from surveys.services.gis_files import ImportReport, read_rows

FIELDS = ("category", "child", "school", "grade", "mode", "comment", "date")
"""What a file may tell of a mark; the two first are told of each mark, or the same for all."""

_KIND_OF = {"Point": "place", "LineString": "route", "Polygon": "area"}
_AT_ONCE = 2_000


@dataclass(frozen=True)
class _Row:
    """One thing of the file, understood."""

    number: int
    child: str
    category: Category
    school: School
    grade: int
    mode: str
    comment: str
    week: date
    geometry: BaseGeometry


@dataclass
class _Round:
    """The survey as the file's words are held against it."""

    survey: Survey
    columns: Mapping[str, str]
    same: Mapping[str, str]
    schools: dict[str, School] = field(init=False)
    categories: dict[str, list[Category]] = field(init=False)
    modes: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.schools = {_plain(school.name): school for school in self.survey.schools.all()}
        self.categories = defaultdict(list)
        for category in self.survey.categories.all():
            labels = [words.get("label", "") for words in category.words.values()]
            for name in {_plain(name) for name in (category.code, category.official_code, *labels) if name}:
                self.categories[name].append(category)
        self.modes = {}
        for code, mode in self.survey.modes.items():
            for name in (code, mode.get("official_code", ""), *mode.get("words", {}).values()):
                self.modes.setdefault(_plain(name), code)

    def value(self, record: Mapping[str, Any], name: str) -> str:
        """What the row says of it, or what was said of all rows; empty when nobody says."""
        if name in self.columns:
            found = record[self.columns[name]]
            if not pd.isna(found):
                return str(int(found) if isinstance(found, float) and found.is_integer() else found).strip()
        return self.same.get(name, "")


@transaction.atomic
def import_marks(
    *, path: Path, survey: Survey, columns: Mapping[str, str] | None = None, same: Mapping[str, str] | None = None, layer: str = ""
) -> ImportReport:
    """Put a file's points, lines and polygons into a survey as marks; all that can be taken or, when it raises, nothing.

    columns: which column of the file tells category, child, school, grade, mode, comment or date. same: what is so for all rows instead.
    Categories and modes are known by code, official code or label. Without a column for the child each row is a child of its own.
    The report names each refused row; `changed` counts those that are there already. ImportRefused when the file cannot be used.
    """
    here = _Round(survey, dict(columns or {}), dict(same or {}))
    _require_known(here)
    if survey.retention_until < timezone.localdate():
        raise ImportRefused(
            f"Svarene i undersøkelsen skulle slettes etter {survey.retention_until:%d.%m.%Y}, så alt ville vært borte i morgen. "
            "Sett en senere dag på siden Regler først."
        )
    report = ImportReport()
    rows = list(_rows(path, layer, here, report))
    children: dict[tuple[str, int, str], list[_Row]] = defaultdict(list)
    for row in rows:
        children[(str(row.school.pk), row.grade, row.child)].append(row)
    area, public_at = StudyArea(survey.study_area), _public_grounds(survey)
    marks = [mark for found in children.values() for mark in _marks_of_child(found, survey, area, public_at, report)]
    Mark.objects.bulk_create(marks, batch_size=_AT_ONCE)
    report.made = len(marks)
    if marks and survey.status == Survey.Status.DRAFT and survey.closes_on < timezone.localdate():
        close_survey(survey=survey)
    if not marks and not report.changed:
        raise ImportRefused(f"{path.name} har ingenting å ta inn. {report.refused[0] if report.refused else ''}".strip())
    return report


def _require_known(here: _Round) -> None:
    if unknown := [name for name in (*here.columns, *here.same) if name not in FIELDS]:
        raise ImportRefused(f"{unknown[0]!r} er ikke noe et merke har. Velg blant: {', '.join(FIELDS)}.")
    if "category" not in here.columns and "category" not in here.same:
        raise ImportRefused("Si hvilken kolonne som har kategorien (--map category=KOLONNE), eller én for alle (--same category=KODE).")
    if not here.schools:
        raise ImportRefused("Undersøkelsen har ingen skoler. Legg til skolene som var med i den eldre runden først.")


def _rows(path: Path, layer: str, here: _Round, report: ImportReport) -> Iterator[_Row]:
    """The rows that say what they are; the others are refused with the reason."""
    checked = False
    for number, record, geometry in read_rows(path, layer, report):
        if not checked:
            if missing := [column for column in here.columns.values() if column not in record]:
                raise ImportRefused(f"{path.name} mangler kolonnen {missing[0]}. Filen har: {', '.join(record)}.")
            checked = True
        try:
            yield _understood(number, record, geometry, here)
        except DomainError as error:
            report.refused.append(f"rad {number}: {error.message}")


def _understood(number: int, record: Mapping[str, Any], geometry: BaseGeometry, here: _Round) -> _Row:
    return _Row(
        number=number,
        child=here.value(record, "child") or f"rad {number}",
        category=_category(here, here.value(record, "category"), geometry),
        school=_school(here, here.value(record, "school")),
        grade=_grade(here.value(record, "grade")),
        mode=_mode(here, here.value(record, "mode")),
        comment=clean_text(here.value(record, "comment") or None, max_length=MAX_COMMENT, at="") or "",
        week=_week(here.value(record, "date"), here.survey),
        geometry=geometry,
    )


def _category(here: _Round, said: str, geometry: BaseGeometry) -> Category:
    kind = _KIND_OF.get(geometry.geom_type.removeprefix("Multi"), "")
    named = here.categories.get(_plain(said), [])
    fits = [category for category in named if category.kind == kind]
    if not named:
        known = ", ".join(sorted({category.code for found in here.categories.values() for category in found}))
        raise ImportRefused(f"kategorien «{said[:60]}» finnes ikke i undersøkelsen. Den har: {known}")
    if len(fits) != 1:
        raise ImportRefused(f"kategorien «{said[:60]}» er ingen kategori for {geometry.geom_type}, eller flere")
    return fits[0]


def _school(here: _Round, said: str) -> School:
    if said == "" and len(here.schools) == 1:
        return next(iter(here.schools.values()))
    if (found := here.schools.get(_plain(said))) is None:
        raise ImportRefused(
            f"skolen «{said[:60]}» er ikke med i undersøkelsen. Den har: {', '.join(s.name for s in here.schools.values())}"
        )
    return found


def _grade(said: str) -> int:
    if not said:
        raise ImportRefused("klassetrinn mangler (--map grade=KOLONNE, eller --same grade=5 for alle)")
    found = re.fullmatch(r"(\d{1,2})(\D.*)?", said)
    if found is None or re.search(r"\d", found[2] or "") or not 1 <= int(found[1]) <= 10:
        raise ImportRefused(f"«{said[:20]}» er ikke ett klassetrinn fra 1 til 10")
    return int(found[1])


def _mode(here: _Round, said: str) -> str:
    if said and _plain(said) not in here.modes:
        raise ImportRefused(f"transportmiddelet «{said[:40]}» finnes ikke i undersøkelsen. Den har: {', '.join(here.survey.modes)}")
    return here.modes.get(_plain(said), "")


def _week(said: str, survey: Survey) -> date:
    """The Monday of the day; a mark keeps no more. A survey's first day where the file does not say."""
    day = survey.opens_on
    if said:
        try:
            day = date.fromisoformat(said[:10])
        except ValueError as error:
            raise ImportRefused(f"datoen «{said[:30]}» er ikke skrevet som 2019-05-31") from error
    return day - timedelta(days=day.weekday())


def _marks_of_child(rows: list[_Row], survey: Survey, area: StudyArea, public_at: PublicAt, report: ImportReport) -> list[Mark]:
    """A child's marks that are not there yet, under a response of its own; none when nothing of it can be taken."""
    first = rows[0]
    response_id = _keyed_id(survey, "child", str(first.school.pk), str(first.grade), first.child)
    parts = [(row, part) for row in rows for part in shapely.get_parts(row.geometry)]
    lines = [list(part.coords) for _, part in parts if part.geom_type == "LineString"]
    zones = _zones([[(x, y) for x, y, *_ in line] for line in lines], survey, response_id, public_at)
    found: dict[UUID, Mark] = {}
    for row, part in parts:
        mark_id = _keyed_id(survey, response_id.hex, row.category.code, shapely.to_wkb(part, hex=True), row.comment, row.mode)
        try:
            geometry = _geometry(part, row.category.kind, area, lambda line: trim_to_zones(line, zones, public_at))
        except DomainError as error:
            report.refused.append(f"rad {row.number}: {error.message}")
            continue
        if why := _too_many(found.values(), row.category, survey):
            report.refused.append(f"rad {row.number}: {why}")
            continue
        found[mark_id] = Mark(
            id=mark_id,
            response_id=response_id,
            survey=survey,
            category=row.category,
            kind=row.category.kind,
            geom=geometry,
            mode=row.mode if row.mode in row.category.modes else "",
            comment=row.comment,
            rev=1,
            sha256=hashlib.sha256(mark_id.bytes).digest(),
            week=row.week,
        )
    there = set(Mark.objects.filter(pk__in=found).values_list("pk", flat=True))
    report.changed += len(there)
    new = [mark for mark_id, mark in found.items() if mark_id not in there]
    if new:
        _require_response(response_id, survey, first)
    return new


def _too_many(marks: Iterable[Mark], category: Category, survey: Survey) -> str:
    """Why a child can have no more of a category, by the survey's own limits; empty when it can."""
    categories = [mark.category_id for mark in marks]
    if len(categories) >= survey.max_marks:
        return f"barnet har {survey.max_marks} merker alt, og flere tar undersøkelsen ikke"
    if categories.count(category.pk) >= category.max_per_response:
        return f"barnet har {category.max_per_response} «{category.label_in('nb')}» alt, og flere tar undersøkelsen ikke"
    return ""


def _zones(lines: list[list[Position]], survey: Survey, response_id: UUID, public_at: PublicAt) -> list[Zone]:
    """The zones of all of a child's homes. By chance beside them, and the same chance for every file: another each time would show more."""
    chance = hmac.new(f"zones:{settings.SECRET_KEY}".encode(), response_id.bytes, hashlib.sha256).digest()
    aside, turn = (int.from_bytes(part) / 2**64 for part in (chance[:8], chance[8:16]))
    zones: list[Zone] = []
    for end in sorted(end for line in lines for end in home_ends(line, public_at)):
        if not any(covers(zone, end) for zone in zones):
            zones.append(zone_beside(end, (survey.trim_min_m, survey.trim_max_m), aside=aside, turn=turn))
    return zones


def _geometry(
    part: BaseGeometry, kind: str, area: StudyArea, trimmed: Callable[[list[Position]], list[Position] | None]
) -> GEOSGeometry | None:
    """As a tablet would have sent it; None for a way of which too little is left to be safe."""
    document = as_geojson(shapely.force_2d(part))
    geometry: dict[str, Any] = {"type": document["type"], "coordinates": _lists(document["coordinates"])}
    # a way is refused by all of it: what is cut off must lie in the survey's area as well
    whole = read_geometry(geometry, kind=kind, within=area)
    if kind != "route":
        return whole
    sent = trimmed([(x, y) for x, y in geometry["coordinates"]])
    return None if sent is None else read_geometry({"type": "LineString", "coordinates": _lists(sent)}, kind=kind, within=area)


def _lists(coordinates: Any) -> Any:
    return [_lists(one) for one in coordinates] if isinstance(coordinates, tuple | list) else coordinates


def _require_response(response_id: UUID, survey: Survey, row: _Row) -> None:
    """The child's response, in the grade's class without a letter. It counts as come in today: from now on its months are counted."""
    if Response.objects.filter(pk=response_id).exists():
        return
    group, _ = ClassGroup.objects.select_for_update().get_or_create(survey=survey, school=row.school, grade=row.grade, letter="")
    today = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    Response.objects.create(
        id=response_id, survey=survey, class_group=group, seat=group.next_seat, joined_at=today, finished_at=today, writable_until=today
    )
    group.next_seat += 1
    group.save(update_fields=["next_seat"])


def _public_grounds(survey: Survey) -> PublicAt:
    """Whether an end lies well inside a school's or a listed public place's ground, where nobody lives."""
    found: list[tuple[str, BaseGeometry, float]] = []
    for school in School.objects.filter(municipality=survey.municipality):
        found.append((f"school:{school.pk}", shapely.from_wkb(bytes(school.location.wkb)), FINGER_M))
        if school.grounds:
            found.append((f"school:{school.pk}", shapely.from_wkb(bytes(school.grounds.wkb)), -FINGER_M))
    found += [(f"place:{number}", shape(place["geometry"]), -FINGER_M) for number, place in enumerate(survey.public_places)]
    flat = GeoSeries([ground for _, ground, _ in found], crs=STORAGE_SRID).to_crs(survey.municipality.metric_srid)
    grown = flat.buffer([metres for _, _, metres in found]).to_crs(STORAGE_SRID)
    named = [(name, ground) for (name, _, _), ground in zip(found, grown, strict=True) if not ground.is_empty]
    for _, ground in named:
        shapely.prepare(ground)
    return lambda place: next((name for name, ground in named if shapely.contains_xy(ground, *place)), None)


def _keyed_id(survey: Survey, *parts: str) -> UUID:
    """The same for the same parts in the same survey; nobody without the secret key can try which parts they were."""
    key = f"older-rounds:{settings.SECRET_KEY}".encode()
    made = hmac.new(key, "\0".join((survey.pk.hex, *parts)).encode(), hashlib.sha256).digest()
    return UUID(bytes=made[:16], version=4)


def _plain(name: Any) -> str:
    """A name as it is compared: without case, and one space where there are several."""
    return " ".join(str(name).casefold().split())
