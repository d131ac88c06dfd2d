"""Querysets of acting; they compose and never write."""

from typing import Any, Self

from django.db import models


class FindingQuerySet(models.QuerySet[Any]):
    """Findings of a survey with what became of them."""

    def with_steps(self) -> Self:
        """With `decisions` fetched in their order, in one query more."""
        return self.prefetch_related("decisions").order_by("position")
