"""What a municipality knows of its ground besides what children say: its streets, plans, districts; imported from files."""

import uuid
from typing import ClassVar

from django.contrib.gis.db import models
from django.db.models import Q

from surveys.crs import STORAGE_SRID
from surveys.models.people import User
from surveys.models.place import Municipality


class Layer(models.Model):
    """One layer of the municipality's; importing it again under its name takes the place of what it held."""

    class Kind(models.TextChoices):
        STREETS = "streets", "gater og veger"
        PLANS = "plans", "planer"
        DISTRICTS = "districts", "kretser og bydeler"
        PLAY_AREAS = "play_areas", "lekeplasser"
        ACCIDENTS = "accidents", "ulykker"
        OTHER = "other", "annet"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="layers", verbose_name="kommune")
    name = models.CharField("navn", max_length=80)
    kind = models.CharField("slag", max_length=10, choices=Kind)
    source = models.CharField("kilde", max_length=200, help_text="Hvem som har laget dataene, og lisensen")
    imported_at = models.DateTimeField("hentet inn")
    imported_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name="hentet inn av"
    )
    file_name = models.CharField("fil", max_length=120, blank=True, default="", editable=False)
    columns = models.JSONField("kolonner", default=list, blank=True, editable=False, help_text="Som filen hadde dem, i rekkefølge")
    name_field = models.CharField("kolonne med navn", max_length=200, blank=True, default="", editable=False)

    class Meta:
        verbose_name = "kartlag"
        verbose_name_plural = "kartlag"
        ordering = ("municipality", "name")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "name"], name="layer_name_unique_in_municipality"),
            models.CheckConstraint(condition=~Q(source=""), name="layer_names_its_source"),
        ]

    def __str__(self) -> str:
        return self.name


class LayerFeature(models.Model):
    """One thing of a layer, with the fields that the file had."""

    layer = models.ForeignKey(Layer, models.CASCADE, related_name="features", verbose_name="kartlag")
    number = models.PositiveIntegerField("nummer", help_text="I kartlaget, fra 1")
    name = models.CharField("navn", max_length=200, blank=True)
    geom = models.GeometryField("geometri", srid=STORAGE_SRID)
    properties = models.JSONField("egenskaper", default=dict, blank=True)

    class Meta:
        verbose_name = "ting i et kartlag"
        verbose_name_plural = "ting i kartlag"
        ordering = ("layer", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["layer", "number"], name="layer_feature_number_unique"),
            models.CheckConstraint(condition=Q(geom__isvalid=True), name="layer_feature_valid"),
        ]

    def __str__(self) -> str:
        return self.name or f"nr. {self.number}"
