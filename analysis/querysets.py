"""Querysets over releases; they compose and never write."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:  # only names of types: models import this module
    from django.contrib.auth.models import AnonymousUser

    from surveys.models import User


class ReleaseQuerySet(models.QuerySet[Any]):
    """Releases the public may read, and those a user may."""

    def public(self) -> Self:
        """Published, not withdrawn, and of a survey that is not deleted."""
        return self.filter(status="public").exclude(survey__status="deleted")

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The public ones, and for planners and politicians the drafts of their municipality."""
        seen = Q(status="public")
        if user.is_authenticated:
            roles = {
                "survey__municipality__memberships__user": user,
                "survey__municipality__memberships__role__in": ["planner", "politician"],
            }
            seen |= Q(status="draft", **roles)
        return self.filter(seen).exclude(survey__status="deleted").distinct()
