"""What planners save of the workbench, under names: a table of its own, so nothing that is there is touched."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("analysis", "0003_release_responses"),
        ("surveys", "0013_where_layers_came_from"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, verbose_name="navn")),
                ("query", models.CharField(blank=True, editable=False, max_length=6000, verbose_name="adresse")),
                ("made_on", models.DateField(editable=False, verbose_name="lagret")),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="lagret av",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to="surveys.survey",
                        verbose_name="undersøkelse",
                    ),
                ),
            ],
            options={
                "verbose_name": "visning",
                "verbose_name_plural": "visninger",
                "ordering": ("survey", "name"),
                "constraints": [
                    models.UniqueConstraint(fields=("survey", "name"), name="saved_view_name_unique_in_survey"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="saved_view_has_a_name"),
                ],
            },
        ),
    ]
