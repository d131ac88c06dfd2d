"""Questions that are asked only after some answers; categories and questions that are taken out of use and keep their answers.

Safe on a full table: PostgreSQL adds a column with a constant default without touching a row, and the default stays in the database,
so that a version of the site from before it goes on writing. The constraint reads the questions once, a few for each survey.
"""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0011_steps_of_the_class_map"),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="is_retired",
            field=models.BooleanField(
                db_default=False, default=False, help_text="Tilbys ikke elevene lenger; svarene blir", verbose_name="skjult"
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="asked_after",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Kode til et tidligere spørsmål",
                max_length=40,
                verbose_name="stilles etter",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="asked_if",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                db_default=[],
                default=list,
                help_text="Minst ett av dem",
                size=None,
                verbose_name="stilles ved svarene",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="is_retired",
            field=models.BooleanField(
                db_default=False, default=False, help_text="Stilles ikke lenger; svarene blir", verbose_name="skjult"
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("asked_after", ""), ("asked_if", [])),
                    models.Q(models.Q(("asked_after", ""), _negated=True), models.Q(("asked_if", []), _negated=True)),
                    _connector="OR",
                ),
                name="question_condition_is_whole",
            ),
        ),
    ]
