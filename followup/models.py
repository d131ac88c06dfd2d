"""The tables of acting: what planners conclude from a survey, and what was decided about it."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from analysis import grid
from followup.querysets import FindingQuerySet
from followup.wording import traces_in
from surveys.models import Survey


class Finding(models.Model):
    """One conclusion of the planners, in words a politician reads in ten seconds."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="findings", verbose_name="undersøkelse")
    position = models.PositiveSmallIntegerField("nummer")
    title = models.CharField("overskrift", max_length=100)
    text = models.CharField("hva barna viser", max_length=500, help_text="Offentlig. Ingen klasse, ingen person, ikke noe nøyaktig sted.")
    theme = models.CharField("tema", max_length=40, blank=True, help_text="Koden til et tema i undersøkelsen")
    cell_ids = ArrayField(
        models.CharField(max_length=24),
        verbose_name="ruter på kartet",
        default=list,
        blank=True,
        help_text="Som h250_312_29144, med komma mellom. Bare ruter som er publisert, vises.",
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "funn"
        verbose_name_plural = "funn"
        ordering = ("survey", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "position"], name="finding_position_unique", deferrable=models.Deferrable.DEFERRED),
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="finding_says_something"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse words that could lead to a class or an exact place, an unknown theme, and cells finer than the public ones."""
        errors: dict[str, Any] = _traces(self.survey, title=self.title, text=self.text)
        if self.theme and not self.survey.themes.filter(code=self.theme).exists():
            known = ", ".join(self.survey.themes.values_list("code", flat=True))
            errors["theme"] = f"Undersøkelsen har ikke temaet «{self.theme}»; den har {known}."
        wrong = [name for name in self.cell_ids if not _is_public_cell(name)]
        if wrong:
            errors["cell_ids"] = f"«{wrong[0]}» er ikke en rute på {grid.DEFAULT_SIZE_M} m eller mer, som h250_312_29144."
        if errors:
            raise ValidationError(errors)


class Decision(models.Model):
    """One step in what is done about a finding; the latest one is where it stands."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "foreslått"
        DECIDED = "decided", "vedtatt"
        STARTED = "started", "i gang"
        DONE = "done", "gjennomført"
        DECLINED = "declined", "ikke vedtatt"

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="decisions", verbose_name="funn")
    status = models.CharField("status", max_length=8, choices=Status)
    text = models.CharField("hva", max_length=300, help_text="Offentlig")
    decided_on = models.DateField("dato", null=True, blank=True, help_text="Kan stå tom for et forslag")
    body = models.CharField("av hvem", max_length=80, blank=True, help_text="For eksempel: Formannskapet")

    class Meta:
        verbose_name = "vedtak"
        verbose_name_plural = "vedtak"
        # A step that has no date yet is a proposal and comes first; steps of one day stand in the order they were written.
        ordering = ("finding", models.F("decided_on").asc(nulls_first=True), "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "decided", "started", "done", "declined"]), name="decision_status_known"
            ),
            models.CheckConstraint(condition=Q(status="proposed") | Q(decided_on__isnull=False), name="decision_has_a_date"),
            models.CheckConstraint(condition=~Q(text=""), name="decision_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()}: {self.text}"

    def clean(self) -> None:
        """Refuse a step without its date, and words that could lead to a class or an exact place."""
        errors: dict[str, Any] = _traces(self.finding.survey, text=self.text, body=self.body)
        if self.status != self.Status.PROPOSED and self.decided_on is None:
            errors["decided_on"] = "Bare et forslag kan stå uten dato."
        if self.decided_on is not None and self.decided_on < date(2000, 1, 1):
            errors["decided_on"] = f"{self.decided_on:%d.%m.%Y} er før det fantes noe å vedta."
        if errors:
            raise ValidationError(errors)


def _traces(survey: Survey, **texts: str) -> dict[str, str]:
    classes = [str(group) for group in survey.class_groups.exclude(letter="")]
    found = {field: traces_in(text, class_names=classes) for field, text in texts.items()}
    return {field: f"Teksten blir offentlig og kan ikke ha {' eller '.join(traces)}." for field, traces in found.items() if traces}


def _is_public_cell(name: str) -> bool:
    try:
        size_m, _, _ = name.removeprefix("h").split("_")
        grid.cell_from_name(name)
    except ValueError:
        return False
    return int(size_m) >= grid.DEFAULT_SIZE_M
