"""The adults: accounts, their role in a municipality, and tokens for their machines. Pupils have no account."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.gis.db import models
from django.db.models import Q

from surveys.models.place import Municipality, School


class User(AbstractUser):
    """A teacher's, planner's, politician's or operator's account."""

    class Meta:
        verbose_name = "bruker"
        verbose_name_plural = "brukere"


class Role(models.TextChoices):
    """What an account is for in one municipality."""

    TEACHER = "teacher", "lærer"
    PLANNER = "planner", "planlegger"
    POLITICIAN = "politician", "politiker"
    OPERATOR = "operator", "driftsansvarlig"


class Membership(models.Model):
    """One role of one user in one municipality; a teacher's also names the school."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name="bruker")
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="memberships", verbose_name="kommune")
    role = models.CharField("rolle", max_length=12, choices=Role)
    school = models.ForeignKey(School, models.CASCADE, null=True, blank=True, related_name="memberships", verbose_name="skole")

    class Meta:
        verbose_name = "rolle"
        verbose_name_plural = "roller"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "municipality", "role", "school"], name="membership_unique", nulls_distinct=False),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            models.CheckConstraint(
                condition=Q(role=Role.TEACHER, school__isnull=False) | (~Q(role=Role.TEACHER) & Q(school__isnull=True)),
                name="membership_teacher_has_school_others_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} i {self.municipality}"


class AccessToken(models.Model):
    """A planner's key for a GIS or a script: one municipality, revocable, only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="access_tokens", verbose_name="bruker")
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="access_tokens", verbose_name="kommune")
    label = models.CharField("merkelapp", max_length=80)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("laget", auto_now_add=True)
    revoked_at = models.DateTimeField("trukket tilbake", null=True, blank=True)

    class Meta:
        verbose_name = "tilgangsnøkkel"
        verbose_name_plural = "tilgangsnøkler"

    def __str__(self) -> str:
        return self.label
