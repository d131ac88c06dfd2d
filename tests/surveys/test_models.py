"""The database itself refuses bad rows: every constraint is broken once, past full_clean()."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mapping.models import Mark
from surveys.models import (
    AccessToken,
    Category,
    ClassGroup,
    GradeBand,
    Layer,
    LayerFeature,
    Lesson,
    Membership,
    Municipality,
    Question,
    Response,
    Role,
    School,
    Survey,
    Theme,
    User,
    WrongTry,
)
from tests import places
from tests.factories import ClassGroupFactory, MarkFactory, MunicipalityFactory, ResponseFactory, SchoolFactory, make_survey

pytestmark = pytest.mark.django_db

BOW_TIE = MultiPolygon(Polygon(((5.3, 60.3), (5.4, 60.4), (5.4, 60.3), (5.3, 60.4), (5.3, 60.3))), srid=places.SRID)
NOW = timezone.make_aware(datetime(2026, 9, 7, 9, 0))  # noqa: DTZ001  (made aware in the same breath)


@dataclass
class World:
    """One valid row of everything, made past the services so that it is quick."""

    municipality: Municipality
    school: School
    survey: Survey
    theme: Theme
    category: Category
    question: Question
    class_group: ClassGroup
    lesson: Lesson
    response: Response
    user: User


@pytest.fixture
def world(db: None) -> World:
    """One valid row of everything."""
    municipality = MunicipalityFactory.create(number="4601")
    school = SchoolFactory.create(municipality=municipality, name="Fjellheim skole")
    survey = Survey.objects.create(**_survey(municipality))
    theme = Theme.objects.create(survey=survey, code="way", position=0, icon="way", colour="#000000", words={})
    category = Category.objects.create(**_category(survey, theme, "skoleveg"))
    question = Question.objects.create(survey=survey, code="alder", position=0, type="text", words={})
    group = ClassGroupFactory.create(survey=survey, school=school, grade=5, letter="A", code_hash="c" * 64, token_hash="t" * 64)
    lesson = Lesson.objects.create(class_group=group, opened_at=NOW, closes_at=NOW + timedelta(hours=1))
    response = ResponseFactory.create(class_group=group, seat=0, receipt_hash=b"r" * 32)
    return World(municipality, school, survey, theme, category, question, group, lesson, response, User.objects.create(username="tor"))


def _survey(municipality: Municipality, **different: Any) -> dict[str, Any]:
    values = {
        "municipality": municipality,
        "title": {"nb": "Barnetråkk"},
        "study_area": places.STUDY_AREA,
        "opens_on": date(2026, 9, 1),
        "closes_on": date(2026, 9, 30),
        "retention_until": date(2028, 9, 30),
        "languages": ["nb", "en"],
    }
    return {**values, **different}


def _category(survey: Survey, theme: Theme, code: str, **different: Any) -> dict[str, Any]:
    values = {
        "survey": survey,
        "theme": theme,
        "code": code,
        "position": 0,
        "kind": "route",
        "icon": code,
        "colour": "#000000",
        "words": {},
    }
    return {**values, **different}


def _question(world: World, **different: Any) -> Question:
    return Question.objects.create(**{"survey": world.survey, "code": "ny", "position": 1, "type": "text", "words": {}, **different})


def _membership(world: World, role: str, school: School | None) -> Membership:
    return Membership.objects.create(user=world.user, municipality=world.municipality, role=role, school=school)


def _twice(make: Callable[[], object]) -> None:
    make()
    make()


def _lesson(world: World, group: ClassGroup, minutes: int) -> Lesson:
    return Lesson.objects.create(class_group=group, opened_at=NOW, closes_at=NOW + timedelta(minutes=minutes))


def _wrong_try() -> WrongTry:
    return WrongTry.objects.create(minute=NOW, address_hash="a")


def _token(world: World) -> AccessToken:
    return AccessToken.objects.create(user=world.user, municipality=world.municipality, label="QGIS", token_hash="h" * 64)


def _layer(world: World, **different: Any) -> Layer:
    return Layer.objects.create(
        **{"municipality": world.municipality, "name": "Gater", "kind": "streets", "source": "Kommunen", "imported_at": NOW, **different}
    )


def _feature(layer: Layer, geom: GEOSGeometry) -> LayerFeature:
    return LayerFeature.objects.create(layer=layer, number=1, geom=geom)


def _two_alike(world: World) -> None:
    layer = _layer(world)
    _twice(lambda: _feature(layer, places.point(places.PLAYGROUND)))


# constraint → what breaks it. One row a way of breaking it; a constraint without a row fails test_every_constraint_is_broken_once.
BROKEN: list[tuple[str, Callable[[World], object]]] = [
    ("municipality_number_has_four_digits", lambda w: MunicipalityFactory.create(number="46a1")),
    ("municipality_number_has_four_digits", lambda w: MunicipalityFactory.create(number="461")),
    ("municipality_metric_srid_known", lambda w: MunicipalityFactory.create(number="4602", metric_srid=3857)),
    ("municipality_boundary_valid", lambda w: MunicipalityFactory.create(number="4603", boundary=BOW_TIE)),
    ("municipality_draft_languages_known", lambda w: MunicipalityFactory.create(number="4604", draft_languages=["ar", "xx"])),
    ("school_name_unique_in_municipality", lambda w: SchoolFactory.create(municipality=w.municipality, name=w.school.name)),
    ("school_grades_in_order", lambda w: SchoolFactory.create(municipality=w.municipality, grade_low=8, grade_high=7)),
    ("school_grades_in_order", lambda w: SchoolFactory.create(municipality=w.municipality, grade_low=0)),
    ("school_grades_in_order", lambda w: SchoolFactory.create(municipality=w.municipality, grade_high=11)),
    ("school_grounds_valid", lambda w: SchoolFactory.create(municipality=w.municipality, grounds=BOW_TIE)),
    ("membership_unique", lambda w: _twice(lambda: _membership(w, Role.PLANNER, None))),
    ("membership_unique", lambda w: _twice(lambda: _membership(w, Role.TEACHER, w.school))),
    ("membership_role_known", lambda w: _membership(w, "king", None)),
    ("membership_teacher_has_school_others_none", lambda w: _membership(w, Role.TEACHER, None)),
    ("membership_teacher_has_school_others_none", lambda w: _membership(w, Role.PLANNER, w.school)),
    ("survey_status_known", lambda w: Survey.objects.create(**_survey(w.municipality, status="lost"))),
    ("survey_dates_in_order", lambda w: Survey.objects.create(**_survey(w.municipality, opens_on=date(2026, 10, 1)))),
    ("survey_retention_after_close", lambda w: Survey.objects.create(**_survey(w.municipality, retention_until=date(2026, 9, 29)))),
    ("survey_trim_at_least_100_m", lambda w: Survey.objects.create(**_survey(w.municipality, trim_min_m=99))),
    ("survey_trim_at_least_100_m", lambda w: Survey.objects.create(**_survey(w.municipality, trim_min_m=300, trim_max_m=200))),
    ("survey_default_language_offered", lambda w: Survey.objects.create(**_survey(w.municipality, default_language="se"))),
    ("survey_study_area_valid", lambda w: Survey.objects.create(**_survey(w.municipality, study_area=BOW_TIE))),
    ("theme_code_unique", lambda w: Theme.objects.create(survey=w.survey, code="way", position=1, icon="x", colour="#000000", words={})),
    ("theme_position_unique", lambda w: Theme.objects.create(survey=w.survey, code="b", position=0, icon="x", colour="#000000", words={})),
    ("category_code_unique", lambda w: Category.objects.create(**_category(w.survey, w.theme, "skoleveg"))),
    ("category_kind_known", lambda w: Category.objects.create(**_category(w.survey, w.theme, "b", kind="cube"))),
    ("category_only_routes_have_modes", lambda w: Category.objects.create(**_category(w.survey, w.theme, "b", kind="place", modes=["ga"]))),
    ("category_takes_a_mark", lambda w: Category.objects.create(**_category(w.survey, w.theme, "b", max_per_response=0))),
    ("question_code_unique", lambda w: _question(w, code="alder")),
    ("question_belongs_to_one_thing", lambda w: _question(w, theme=w.theme, category=w.category)),
    ("question_choices_have_options", lambda w: _question(w, type="single")),
    ("question_choices_have_options", lambda w: _question(w, type="scale")),
    ("question_type_known", lambda w: _question(w, type="essay", options=["ja"])),
    ("question_matrix_has_rows", lambda w: _question(w, type="matrix", options=["ja"])),
    ("question_condition_is_whole", lambda w: _question(w, asked_after="arstid")),
    ("class_group_unique", lambda w: ClassGroupFactory.create(survey=w.survey, school=w.school, grade=5, letter="A")),
    ("class_group_grade_in_school", lambda w: ClassGroupFactory.create(survey=w.survey, school=w.school, grade=11)),
    ("class_group_grade_in_school", lambda w: ClassGroupFactory.create(survey=w.survey, school=w.school, grade=0)),
    ("surveys_classgroup_code_hash", lambda w: ClassGroupFactory.create(survey=w.survey, school=w.school, code_hash="c" * 64)),
    ("surveys_classgroup_token_hash", lambda w: ClassGroupFactory.create(survey=w.survey, school=w.school, token_hash="t" * 64)),
    ("lesson_times_in_order", lambda w: _lesson(w, ClassGroupFactory.create(survey=w.survey, school=w.school), 0)),
    ("lesson_one_open_per_class", lambda w: _lesson(w, w.class_group, 60)),
    ("response_seat_unique_in_class", lambda w: ResponseFactory.create(class_group=w.class_group, seat=0)),
    ("response_entry_known", lambda w: ResponseFactory.create(class_group=w.class_group, entry="ghost")),
    ("response_speaks_for_its_children", lambda w: ResponseFactory.create(class_group=w.class_group, entry="self", children=2)),
    ("response_speaks_for_its_children", lambda w: ResponseFactory.create(class_group=w.class_group, entry="assisted", children=41)),
    ("surveys_response_receipt_hash", lambda w: ResponseFactory.create(class_group=w.class_group, receipt_hash=b"r" * 32)),
    ("wrong_try_unique", lambda w: _twice(_wrong_try)),
    ("surveys_accesstoken_token_hash", lambda w: _twice(lambda: _token(w))),
    ("layer_name_unique_in_municipality", lambda w: _twice(lambda: _layer(w))),
    ("layer_names_its_source", lambda w: _layer(w, source="")),
    ("layer_feature_number_unique", _two_alike),
    ("layer_feature_valid", lambda w: _feature(_layer(w), BOW_TIE)),
]


def _at_once(break_it: Callable[[World], object], world: World) -> None:
    with transaction.atomic():
        break_it(world)
        connection.check_constraints()  # those that wait for the commit


@pytest.mark.parametrize(("constraint", "break_it"), [pytest.param(*row, id=f"{row[0]}-{index}") for index, row in enumerate(BROKEN)])
def test_the_database_refuses_a_row_that_breaks_the_constraint(world: World, constraint: str, break_it: Callable[[World], object]) -> None:
    with pytest.raises(IntegrityError) as refusal:
        _at_once(break_it, world)
    named = refusal.value.__cause__.diag.constraint_name  # type: ignore[union-attr]  # psycopg's error
    assert named.startswith(constraint)


def test_every_constraint_is_broken_once() -> None:
    declared = {constraint.name for model in apps.get_app_config("surveys").get_models() for constraint in model._meta.constraints}
    # response_and_survey holds the primary key, so no row can break it alone: it is there for mapping.Mark to point at
    assert declared - {name for name, _ in BROKEN} == {"response_and_survey"}


@pytest.mark.parametrize(("grade", "band"), [(1, "1-4"), (4, "1-4"), (5, "5-7"), (7, "5-7"), (8, "8-10"), (10, "8-10")])
def test_a_grade_belongs_to_its_official_band(grade: int, band: str) -> None:
    assert GradeBand.of(grade) == band
    assert grade in GradeBand(band).grades
    assert ClassGroup(grade=grade).grade_band == band


def test_deleting_a_survey_for_good_takes_its_responses_and_marks_along() -> None:
    school = SchoolFactory.create()
    survey = make_survey(municipality=school.municipality, schools=[school])
    group = ClassGroupFactory.create(survey=survey, school=school)
    MarkFactory.create(response=ResponseFactory.create(class_group=group), category=survey.categories.get(code="leke"))
    survey.delete()
    assert not Response.objects.exists()
    assert not Mark.objects.exists()
    assert School.objects.filter(pk=school.pk).exists()


def test_a_category_that_children_have_used_cannot_be_deleted_by_itself() -> None:
    school = SchoolFactory.create()
    survey = make_survey(municipality=school.municipality, schools=[school])
    category = survey.categories.get(code="leke")
    MarkFactory.create(
        response=ResponseFactory.create(class_group=ClassGroupFactory.create(survey=survey, school=school)), category=category
    )
    with pytest.raises(IntegrityError):
        category.delete()
    assert Mark.objects.count() == 1


def test_a_school_without_grounds_is_as_right_as_one_with(world: World) -> None:
    School(municipality=world.municipality, name="Ny skole", location=world.school.location).full_clean()
    with pytest.raises(ValidationError, match="school_grounds_valid"):
        School(municipality=world.municipality, name="Ny skole", location=world.school.location, grounds=BOW_TIE).full_clean()


def test_words_fall_back_to_the_survey_s_language_and_then_to_any() -> None:
    survey = Survey(title={"nb": "Barnetråkk", "en": "Tracks"}, default_language="en")
    assert (survey.title_in("nb"), survey.title_in("nn")) == ("Barnetråkk", "Tracks")
    assert Survey(title={"nb": "Bare dette"}, default_language="en").title_in("nn") == "Bare dette"
    assert Category(code="leke", words={}).label_in("nb") == "leke", "a category without words is named by its code"
