"""Who may do what: small predicates (user, survey) → bool, asked by every view before it answers.

Seeing is a queryset's matter (`Survey.objects.visible_to(user)`), so that what one may not know of is simply not found.
"""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from surveys.models import ClassGroup, Membership, Municipality, Role, Survey

if TYPE_CHECKING:
    from surveys.models import User


def has_role(user: "User | AnonymousUser", municipality: Municipality, *roles: Role) -> bool:
    """Whether the user has one of the roles in the municipality."""
    if not user.is_authenticated:
        return False
    return Membership.objects.filter(user=user, municipality=municipality, role__in=roles).exists()


def municipalities_of(user: "User | AnonymousUser", *roles: Role) -> QuerySet[Municipality]:
    """The municipalities where the user has one of the roles."""
    if not user.is_authenticated or not user.is_active:
        return Municipality.objects.none()
    return Municipality.objects.filter(pk__in=Membership.objects.filter(user=user, role__in=roles).values("municipality"))


def may_see(user: "User | AnonymousUser", survey: Survey) -> bool:
    """Whether the user may know that the survey exists."""
    return Survey.objects.visible_to(user).filter(pk=survey.pk).exists()


def may_edit(user: "User | AnonymousUser", survey: Survey) -> bool:
    """Whether the user may change the survey's words, dates and categories."""
    return survey.status != Survey.Status.DELETED and has_role(user, survey.municipality, Role.PLANNER)


def may_analyse(user: "User | AnonymousUser", survey: Survey) -> bool:
    """Whether the user may read the survey's marks one by one."""
    return survey.status != Survey.Status.DELETED and has_role(user, survey.municipality, Role.PLANNER)


def may_export(user: "User | AnonymousUser", survey: Survey) -> bool:
    """Whether the user may take the survey's marks out as files."""
    return may_analyse(user, survey)


def may_moderate(user: "User | AnonymousUser", survey: Survey) -> bool:
    """Whether the user may read held texts, to release or drop them."""
    return may_analyse(user, survey)


def may_publish(user: "User | AnonymousUser", survey: Survey) -> bool:
    """Whether the user may build and publish a release of the survey."""
    return survey.status in {Survey.Status.OPEN, Survey.Status.CLOSED} and has_role(user, survey.municipality, Role.PLANNER)


def may_see_drafts_of_releases(user: "User | AnonymousUser", municipality: Municipality) -> bool:
    """Whether the user may read a release before it is public."""
    return has_role(user, municipality, Role.PLANNER, Role.POLITICIAN)


def may_teach(user: "User | AnonymousUser", class_group: ClassGroup) -> bool:
    """Whether the user may open, pause and close lessons of the class."""
    return ClassGroup.objects.taught_by(user).filter(pk=class_group.pk).exists()


def may_assist(user: "User | AnonymousUser", class_group: ClassGroup) -> bool:
    """Whether the user may draw for children of the class, or from their sheets: its teacher, a planner or operator of the municipality."""
    return ClassGroup.objects.assisted_by(user).filter(pk=class_group.pk).exists()


def may_see_class_map(user: "User | AnonymousUser", class_group: ClassGroup) -> bool:
    """Whether the user may see what the class drew as aggregates; the same who may run its lessons."""
    return may_teach(user, class_group)


def may_operate(user: "User | AnonymousUser", municipality: Municipality) -> bool:
    """Whether the user keeps the municipality's accounts, schools and basemaps."""
    return has_role(user, municipality, Role.OPERATOR)
