"""Who judged a child's words, when and how. A new, empty table: nothing in a full one is read or rewritten."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Marks are deleted in SQL as well as by Django: the database itself takes their judgements along. The table is empty, so nothing is
# checked, and marks are locked against writing for a moment only.
FORWARDS = """
ALTER TABLE mapping_judgement ADD CONSTRAINT judgement_falls_with_its_mark
    FOREIGN KEY (mark_id) REFERENCES mapping_mark (id) ON DELETE CASCADE;
"""
BACKWARDS = "ALTER TABLE mapping_judgement DROP CONSTRAINT judgement_falls_with_its_mark"

STATES = [("held", "venter"), ("released", "frigitt"), ("dropped", "holdt tilbake")]
DECISIONS = [("released", "frigitt"), ("edited", "frigitt med endringer"), ("dropped", "holdt tilbake"), ("undone", "angret")]


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0006_offer_kartverkets_maps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Judgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="avgjort")),
                ("decision", models.CharField(choices=DECISIONS, max_length=8, verbose_name="avgjørelse")),
                ("from_state", models.CharField(choices=STATES, max_length=8, verbose_name="ordene var")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="judgements",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="avgjort av",
                    ),
                ),
                (
                    "mark",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="judgements",
                        to="mapping.mark",
                        verbose_name="merke",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="judgements",
                        to="surveys.survey",
                        verbose_name="undersøkelse",
                    ),
                ),
            ],
            options={
                "verbose_name": "avgjørelse om ord",
                "verbose_name_plural": "avgjørelser om ord",
                "ordering": ("-pk",),
                "indexes": [models.Index(fields=["survey", "-id"], name="judgement_survey_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "undone"), models.Q(("from_state", "held"), _negated=True)),
                            models.Q(models.Q(("decision", "undone"), _negated=True), ("from_state", "held")),
                            _connector="OR",
                        ),
                        name="judgement_from_state_fits",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
