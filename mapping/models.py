"""The tables of drawing: marks, what is left of deleted ones, who judged their words, and basemaps."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils import timezone

from mapping.querysets import JudgementQuerySet, MarkQuerySet
from surveys.crs import STORAGE_SRID
from surveys.models import Category, Kind, Municipality, Response, Survey


class Mark(models.Model):
    """One thing a child drew: a place, a route or an area. Replaced in place; no history is kept."""

    class CommentState(models.TextChoices):
        HELD = "held", "venter"
        RELEASED = "released", "frigitt"
        DROPPED = "dropped", "holdt tilbake"

    id = models.UUIDField(primary_key=True, editable=False)
    response = models.ForeignKey(Response, models.CASCADE, related_name="marks", verbose_name="svarsett", db_constraint=False)
    # repeated from the response, so that a survey's marks are read without a join; a composite key keeps the two in step
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="marks", verbose_name="undersøkelse", db_constraint=False)
    # RESTRICT, not PROTECT: a category that children have used stays, unless its whole survey goes
    category = models.ForeignKey(Category, models.RESTRICT, related_name="marks", verbose_name="kategori")
    kind = models.CharField("geometri", max_length=5, choices=Kind)
    geom = models.GeometryField("tegning", srid=STORAGE_SRID, null=True, blank=True)
    mode = models.CharField("transportmiddel", max_length=40, blank=True)
    comment = models.TextField("elevens ord", blank=True)
    comment_state = models.CharField("ordene er", max_length=8, choices=CommentState, default=CommentState.HELD)
    published_comment = models.TextField("frigitte ord", blank=True)
    moderated_on = models.DateField("lest", null=True, blank=True, help_text="Elevens egne ord slettes 90 dager etter")
    answers = models.JSONField("svar", default=dict, blank=True)
    rev = models.PositiveIntegerField("utgave")
    sha256 = models.BinaryField(max_length=32, editable=False)
    week = models.DateField("uke", help_text="Mandagen i uka; noe nærmere tidspunkt lagres ikke")

    objects = MarkQuerySet.as_manager()

    class Meta:
        verbose_name = "merke"
        verbose_name_plural = "merker"
        indexes: ClassVar = [models.Index(fields=["survey", "category"], name="mark_survey_category")]
        # that the geometry fits the kind, is valid and flat is a CHECK of PostGIS functions: see migration 0002

    def __str__(self) -> str:
        return str(self.id)


class Tombstone(models.Model):
    """What is left of a deleted mark: enough to refuse a late copy of it, and nothing more."""

    id = models.UUIDField(primary_key=True, editable=False)
    rev = models.PositiveIntegerField("utgave")
    deleted_on = models.DateField("slettet")

    class Meta:
        verbose_name = "gravstein"
        verbose_name_plural = "gravsteiner"

    def __str__(self) -> str:
        return f"{self.id} ({self.rev})"


class Judgement(models.Model):
    """One decision on a mark's words: who, when and what, never the words. Written with it, changed by nobody, gone with the mark."""

    class Decision(models.TextChoices):
        RELEASED = "released", "frigitt"
        EDITED = "edited", "frigitt med endringer"
        DROPPED = "dropped", "holdt tilbake"
        UNDONE = "undone", "angret"

    # what it is called in addresses
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="judgements", verbose_name="undersøkelse", db_index=False)
    # The database deletes it with its mark (migration 0007). Left to Django, each deletion of answers would read every mark first.
    mark = models.ForeignKey(Mark, models.DO_NOTHING, related_name="judgements", verbose_name="merke", db_constraint=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="judgements", verbose_name="avgjort av"
    )
    at = models.DateTimeField("avgjort", default=timezone.now, editable=False)
    decision = models.CharField("avgjørelse", max_length=8, choices=Decision)
    from_state = models.CharField("ordene var", max_length=8, choices=Mark.CommentState)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        verbose_name = "avgjørelse om ord"
        verbose_name_plural = "avgjørelser om ord"
        ordering = ("-pk",)
        indexes: ClassVar = [models.Index(fields=["survey", "-id"], name="judgement_survey_newest")]
        constraints: ClassVar = [
            # only held words are judged, and only a judgement is undone
            models.CheckConstraint(
                condition=Q(decision="undone") & ~Q(from_state="held") | ~Q(decision="undone") & Q(from_state="held"),
                name="judgement_from_state_fits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} {self.at:%Y-%m-%d %H:%M}"

    @property
    def leads_to(self) -> str:
        """The state that the words have after it."""
        return _LEADS_TO[self.Decision(self.decision)]


_LEADS_TO = {
    Judgement.Decision.RELEASED: Mark.CommentState.RELEASED,
    Judgement.Decision.EDITED: Mark.CommentState.RELEASED,
    Judgement.Decision.DROPPED: Mark.CommentState.DROPPED,
    Judgement.Decision.UNDONE: Mark.CommentState.HELD,
}


class Basemap(models.Model):
    """A background map of one municipality: our own vector tiles, or a chosen provider's picture tiles."""

    class Kind(models.TextChoices):
        PMTILES = "pmtiles", "egne vektorfliser (PMTiles)"
        XYZ = "xyz", "en tilbyders bildefliser"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="basemaps", verbose_name="kommune")
    name = models.CharField("navn", max_length=80)
    kind = models.CharField("slag", max_length=7, choices=Kind)
    file_name = models.CharField("fil", max_length=120, blank=True, help_text="For PMTiles: navnet i mappa var/basemaps")
    url = models.CharField("adresse", max_length=300, blank=True, help_text="For bildefliser: https://…/{z}/{y}/{x}.png")
    attribution = models.CharField("kilde", max_length=200)
    attribution_url = models.URLField("lenke til kilden", blank=True)
    min_zoom = models.PositiveSmallIntegerField("minste zoom", default=0)
    max_zoom = models.PositiveSmallIntegerField("største zoom", default=20)
    is_aerial = models.BooleanField("flyfoto", default=False)
    is_default = models.BooleanField("vises først", default=False)
    is_active = models.BooleanField("i bruk", default=False)

    class Meta:
        verbose_name = "bakgrunnskart"
        verbose_name_plural = "bakgrunnskart"
        ordering = ("-is_default", "name")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "name"], name="basemap_name_unique"),
            models.UniqueConstraint(fields=["municipality"], condition=Q(is_default=True), name="basemap_one_default"),
            models.CheckConstraint(
                condition=Q(kind="pmtiles", url="") & ~Q(file_name="") | Q(kind="xyz", file_name="") & ~Q(url=""),
                name="basemap_has_file_or_url",
            ),
            models.CheckConstraint(condition=~Q(attribution=""), name="basemap_names_its_source"),
        ]

    def __str__(self) -> str:
        return self.name
