"""Municipality (the tenant) and School."""

from collections.abc import Collection
from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db.models import F, Q

from surveys.crs import STORAGE_SRID
from surveys.querysets import SchoolQuerySet


class Municipality(models.Model):
    """One municipality: the tenant to which everything else belongs."""

    number = models.CharField("kommunenummer", max_length=4, unique=True, validators=[RegexValidator(r"^\d{4}$")])
    name = models.CharField("navn", max_length=100)
    boundary = models.MultiPolygonField("grense", srid=STORAGE_SRID)
    metric_srid = models.IntegerField("målesone", choices=[(25832, "UTM 32"), (25833, "UTM 33"), (25835, "UTM 35")])
    draft_languages = ArrayField(
        models.CharField(max_length=3),
        verbose_name="språk i utkast som er slått på",
        default=list,
        blank=True,
        help_text="Et utkast er av til det slås på her. Undersøkelsene i kommunen kan da velge språket.",
    )

    class Meta:
        verbose_name = "kommune"
        verbose_name_plural = "kommuner"
        ordering = ("number",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(number__regex=r"^\d{4}$"), name="municipality_number_has_four_digits"),
            models.CheckConstraint(condition=Q(metric_srid__in=[25832, 25833, 25835]), name="municipality_metric_srid_known"),
            models.CheckConstraint(condition=Q(boundary__isvalid=True), name="municipality_boundary_valid"),
            models.CheckConstraint(
                condition=Q(draft_languages__contained_by=["se", "uk", "ar"]), name="municipality_draft_languages_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    """A school with its gate and, where known, its grounds: a way's end inside the grounds is never a home."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="schools", verbose_name="kommune")
    name = models.CharField("navn", max_length=150)
    nsr_id = models.CharField("NSR-nummer", max_length=20, blank=True, help_text="Nasjonalt skoleregister")
    location = models.PointField("skoleport", srid=STORAGE_SRID)
    grounds = models.MultiPolygonField("skolegård", srid=STORAGE_SRID, null=True, blank=True)
    grade_low = models.PositiveSmallIntegerField("laveste trinn", default=1, validators=[MinValueValidator(1), MaxValueValidator(10)])
    grade_high = models.PositiveSmallIntegerField("høyeste trinn", default=10, validators=[MinValueValidator(1), MaxValueValidator(10)])

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = "skole"
        verbose_name_plural = "skoler"
        ordering = ("name",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "name"], name="school_name_unique_in_municipality"),
            models.CheckConstraint(
                condition=Q(grade_low__gte=1, grade_high__lte=10, grade_low__lte=F("grade_high")), name="school_grades_in_order"
            ),
            models.CheckConstraint(condition=Q(grounds__isnull=True) | Q(grounds__isvalid=True), name="school_grounds_valid"),
        ]

    def __str__(self) -> str:
        return self.name

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Django's own, without the grounds where there are none: it would ask whether nothing is valid, which fails."""
        without = {"grounds"} if self.grounds is None else set()
        super().validate_constraints(exclude={*(exclude or ()), *without})
