"""Release: the immutable, privacy-checked aggregate of a survey, all that the public ever sees. SavedView: what planners looked at."""

import uuid
from typing import ClassVar

from django.contrib.gis.db import models
from django.db.models import Q

from analysis.querysets import ReleaseQuerySet
from surveys.models import Survey, User


class Release(models.Model):
    """One built payload (analysis/privacy/release.py describes it) with its fingerprint; a trigger keeps both as they are."""

    class Status(models.TextChoices):
        DRAFT = "draft", "kladd"
        PUBLIC = "public", "offentlig"
        WITHDRAWN = "withdrawn", "trukket tilbake"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="releases", verbose_name="undersøkelse")
    status = models.CharField("status", max_length=9, choices=Status, default=Status.DRAFT)
    built_on = models.DateField("bygd")
    published_on = models.DateField("offentlig fra", null=True, blank=True)
    payload = models.JSONField("innhold", editable=False)
    sha256 = models.CharField("fingeravtrykk", max_length=64, editable=False)
    # exact, and therefore no part of what is published: it says when enough have answered for the next release
    response_count = models.PositiveIntegerField("svarsett", default=0, editable=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = "publisering"
        verbose_name_plural = "publiseringer"
        ordering = ("-built_on", "id")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=["draft", "public", "withdrawn"]), name="release_status_known"),
            models.CheckConstraint(
                condition=Q(status="draft", published_on__isnull=True) | Q(status__in=["public", "withdrawn"], published_on__isnull=False),
                name="release_published_has_date",
            ),
            models.UniqueConstraint(fields=["survey"], condition=Q(status="public"), name="release_one_public_per_survey"),
        ]

    def __str__(self) -> str:
        return f"{self.survey} ({self.built_on:%d.%m.%Y})"


class SavedView(models.Model):
    """A workbench's address under a name: filters and look, shared by the municipality's planners."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="saved_views", verbose_name="undersøkelse")
    name = models.CharField("navn", max_length=80)
    # as MarkFilter and Look write it; without them, all of the survey
    query = models.CharField("adresse", max_length=6000, blank=True, editable=False)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name="lagret av")
    made_on = models.DateField("lagret", editable=False)

    class Meta:
        verbose_name = "visning"
        verbose_name_plural = "visninger"
        ordering = ("survey", "name")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "name"], name="saved_view_name_unique_in_survey"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
