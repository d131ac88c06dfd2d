"""Puts Solvik into the database, through the same services that a real survey goes through: places, survey, lessons, answers, words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import orjson
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from mapping.demo.dice import Dice
from mapping.demo.known_ground import layer_files
from mapping.demo.layers import basemap_layers
from mapping.demo.live import NUMBER, OPEN_AT_ONCE, OPEN_CLASS
from mapping.demo.pupils import Classroom, DemoMark, Pupil, make_pupils, public_places
from mapping.demo.solvik import SOLVIK
from mapping.demo.town import Town, build_town
from mapping.geojson import parse_json, read_feature
from mapping.models import Mark
from mapping.services import build_basemap, drop_comment, put_mark, release_comment
from surveys import codes, services
from surveys.crs import STORAGE_SRID
from surveys.models import ClassGroup, Municipality, School, Survey

TITLE = {"nb": "Barnetråkk i Solvik", "nn": "Barnetråkk i Solvik", "en": "Children's tracks in Solvik"}
ATTRIBUTION = "Solvik, en by som ikke finnes"
BODY_LIMIT = 512_000
WEEKS = 6


def seed_town(today: date) -> Survey:
    """Make all of Solvik: municipality, schools, basemap, an open survey with six weeks of answers, one lesson open now."""
    town = build_town(SOLVIK)
    municipality = _municipality(town)
    build_basemap(municipality=municipality, sources=basemap_layers(town), name="Solvik", attribution=ATTRIBUTION)
    schools = _schools(town, municipality)
    _layers(town, municipality)
    monday = today - timedelta(days=today.weekday() + 7 * WEEKS)
    survey = services.create_survey_from_template(
        template="barnetrakk",
        municipality=municipality,
        schools=schools.values(),
        title=TITLE,
        study_area=_multi_polygon(town.to_lonlat(town.area)),
        start=_geos(town.to_lonlat(Point(1780, 1480))),
        opens_on=monday,
        closes_on=today + timedelta(days=180),
        public_places=[{"type": "Feature", "properties": {"name": name}, "geometry": _geojson(area)} for name, area in public_places(town)],
    )
    services.open_survey(survey=survey)
    dice = Dice(SOLVIK.seed)
    for classroom, pupils in groupby(make_pupils(town), key=lambda pupil: pupil.classroom):
        group = services.add_class_group(
            survey=survey,
            school=schools[classroom.school],
            grade=classroom.grade,
            letter=classroom.letter,
            pupils=classroom.pupils + dice.whole(0, 3),
        )
        _hold_lesson(group, classroom, list(pupils), monday, dice.fork())
    return survey


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Let the services believe that it is this moment: the demo's lessons were held in the weeks behind us.

    For one process that does nothing else, as a command is.
    """
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real


def _municipality(town: Town) -> Municipality:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "solvik.geojson"
        _write(path, [({"number": NUMBER, "name": town.plan.name}, town.to_lonlat(box(*town.plan.region)))])
        services.import_municipalities(path=path, number_field="number", name_field="name")
    return Municipality.objects.get(number=NUMBER)


def _schools(town: Town, municipality: Municipality) -> dict[str, School]:
    """The schools by their code in the plan, with their grounds."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "schools.geojson"
        _write(path, [({"name": school.name, "type": school.code}, town.to_lonlat(school.grounds)) for school in town.schools])
        services.import_schools(path=path, municipality=municipality, name_field="name", type_field="type")
    return {school.code: School.objects.get(municipality=municipality, name=school.name) for school in town.schools}


def _layers(town: Town, municipality: Municipality) -> None:
    """What is known of the ground, to count children along and in."""
    for layer in layer_files(town):
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"{slugify(layer.name)}.geojson"
            _write(path, layer.things)
            services.import_layer(
                path=path, municipality=municipality, name=layer.name, kind=layer.kind, source=ATTRIBUTION, name_field="navn"
            )


@transaction.atomic
def _hold_lesson(group: ClassGroup, classroom: Classroom, pupils: list[Pupil], monday: date, dice: Dice) -> None:
    """A class's lesson as it went: all join, draw and finish; in the class that is at it just now some are still drawing or not there."""
    is_now = (classroom.grade, classroom.letter) == OPEN_CLASS
    day = monday + timedelta(days=7 * classroom.week + dice.whole(0, 4))
    start = timezone.now() if is_now else timezone.make_aware(datetime.combine(day, time(dice.pick((8, 9, 10, 12)), 30)))
    there = pupils[: len(pupils) * 3 // 4] if is_now else pupils
    with clock_at(start):
        lesson = services.open_lesson(class_group=group, opened_by=None, length=OPEN_AT_ONCE if is_now else timedelta(minutes=90))
    code = codes.class_code(group.pk, group.code_serial)
    for seat, pupil in enumerate(there):
        with clock_at(start + timedelta(seconds=20 * seat)):
            _answer(pupil, code, dice.fork(), finishes=not is_now or seat % 4 != 3)
    if not is_now:
        with clock_at(start + timedelta(minutes=44)):
            services.close_lesson(lesson=lesson)
    _moderate(group, pupils, dice, keep_all_held=is_now)


def _answer(pupil: Pupil, code: str, dice: Dice, *, finishes: bool) -> None:
    """One pupil's session, as its tablet would send it."""
    response = services.join(code=code, response_id=_uuid(dice)).response
    for mark in pupil.marks:
        body = orjson.dumps(_feature(mark))
        feature = read_feature(parse_json(body, max_bytes=BODY_LIMIT))
        put_mark(response_id=response.pk, mark_id=_uuid(dice), feature=feature, sha256=hashlib.sha256(body).digest())
    answers = orjson.dumps(pupil.answers)
    services.put_answers(response=response, rev=1, answers=pupil.answers, sha256=hashlib.sha256(answers).digest())
    if finishes:
        services.finish(response=response)


def _feature(mark: DemoMark) -> dict[str, Any]:
    properties: dict[str, Any] = {"category": mark.category}
    if mark.mode:
        properties["mode"] = mark.mode
    if mark.comment.text:
        properties["comment"] = mark.comment.text
    if mark.answers:
        properties["answers"] = mark.answers
    return {"type": "Feature", "rev": 1, "geometry": mark.geometry, "properties": properties}


def _moderate(group: ClassGroup, pupils: list[Pupil], dice: Dice, *, keep_all_held: bool) -> None:
    """The moderator has been through most words: what points at somebody is dropped or still held, the rest released."""
    caught = {mark.comment.text for pupil in pupils for mark in pupil.marks if mark.comment.to_catch}
    for mark in Mark.objects.filter(response__class_group=group).exclude(comment="").order_by("id"):
        if keep_all_held:
            continue
        if mark.comment not in caught:
            if dice.chance(0.94):
                release_comment(mark=mark, confirmed=True)
        elif dice.chance(0.5):
            drop_comment(mark=mark)


def _uuid(dice: Dice) -> UUID:
    return UUID(int=(dice.bits() << 64) | dice.bits(), version=4)


def _write(path: Path, rows: list[tuple[dict[str, str], BaseGeometry]]) -> None:
    features = [{"type": "Feature", "properties": properties, "geometry": _geojson(shape)} for properties, shape in rows]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def _geojson(shape: BaseGeometry) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(shape.__geo_interface__))
    return plain


def _geos(shape: BaseGeometry) -> Any:
    return GEOSGeometry(shape.wkt, srid=STORAGE_SRID)


def _multi_polygon(shape: BaseGeometry) -> MultiPolygon:
    return MultiPolygon(_geos(shape), srid=STORAGE_SRID)
