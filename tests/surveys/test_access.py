"""Who may do what: each predicate for each role and each state of the survey."""

import pytest
from django.contrib.auth.models import AnonymousUser

from surveys import access, services
from surveys.models import ClassGroup, Municipality, Role, Survey, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

STATES = ["draft", "open", "closed", "deleted"]


@pytest.fixture
def people(tor: User, pia: User, pol: User, kai: User, municipality: Municipality) -> dict[str, User | AnonymousUser]:
    """Everyone, by role."""
    operator = UserFactory.create(username="ole")
    services.add_member(user=operator, municipality=municipality, role=Role.OPERATOR)
    return {"teacher": tor, "planner": pia, "politician": pol, "operator": operator, "foreigner": kai, "nobody": AnonymousUser()}


# who may, per state: draft, open, closed, deleted
GRID = {
    "may_see": ["planner operator", "teacher planner politician operator", "teacher planner politician operator", ""],
    "may_edit": ["planner", "planner", "planner", ""],
    "may_analyse": ["planner", "planner", "planner", ""],
    "may_export": ["planner", "planner", "planner", ""],
    "may_moderate": ["planner", "planner", "planner", ""],
    "may_publish": ["", "planner", "planner", ""],
}


@pytest.mark.parametrize("predicate", GRID)
def test_who_may_in_which_state(people: dict[str, User | AnonymousUser], survey: Survey, predicate: str) -> None:
    for state, expected in zip(STATES, GRID[predicate], strict=True):
        survey.status = state
        survey.save()
        allowed = {role for role, user in people.items() if getattr(access, predicate)(user, survey)}
        assert allowed == set(expected.split()), state


def test_only_the_school_s_teacher_may_teach(people: dict[str, User | AnonymousUser], class_group: ClassGroup) -> None:
    for state, expected in zip(STATES, [set(), {"teacher"}, {"teacher"}, set()], strict=True):
        Survey.objects.update(status=state)
        assert {role for role, user in people.items() if access.may_teach(user, class_group)} == expected, state


def test_the_teacher_and_who_plans_or_keeps_the_municipality_may_draw_for_children(
    people: dict[str, User | AnonymousUser], class_group: ClassGroup
) -> None:
    may = {"teacher", "planner", "operator"}
    for state, expected in zip(STATES, [set(), may, may, set()], strict=True):
        Survey.objects.update(status=state)
        assert {role for role, user in people.items() if access.may_assist(user, class_group)} == expected, state


def test_only_operators_operate_and_only_planners_and_politicians_see_unpublished_releases(
    people: dict[str, User | AnonymousUser], municipality: Municipality
) -> None:
    assert {role for role, user in people.items() if access.may_operate(user, municipality)} == {"operator"}
    seen = {role for role, user in people.items() if access.may_see_drafts_of_releases(user, municipality)}
    assert seen == {"planner", "politician"}


def test_a_planner_reads_the_marks_of_the_own_municipality_only(survey: Survey, people: dict[str, User | AnonymousUser]) -> None:
    for role, user in people.items():
        assert Survey.objects.analysable_by(user).exists() == (role == "planner"), role
    Survey.objects.update(status="deleted")
    assert not Survey.objects.analysable_by(people["planner"]).exists()


def test_a_survey_with_two_of_a_teacher_s_schools_is_seen_once(survey: Survey, tor: User, municipality: Municipality) -> None:
    services.add_member(user=tor, municipality=municipality, role=Role.PLANNER)
    assert Survey.objects.visible_to(tor).count() == 1
    assert Survey.objects.of_municipality("4601").count() == 1
    assert not Survey.objects.of_municipality("5501").exists()
