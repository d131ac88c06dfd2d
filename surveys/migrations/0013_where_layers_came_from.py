"""Of a layer: from which file, by whom, with which columns, and which of them names its things.

Safe on a full table: layers are few, and columns with a default are added without rewriting them.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0012_conditions_and_retirement"),
    ]

    operations = [
        migrations.AddField(
            model_name="layer",
            name="imported_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="hentet inn av",
            ),
        ),
        migrations.AddField(
            model_name="layer",
            name="file_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=120, verbose_name="fil"),
        ),
        migrations.AddField(
            model_name="layer",
            name="columns",
            field=models.JSONField(
                blank=True, default=list, editable=False, help_text="Som filen hadde dem, i rekkefølge", verbose_name="kolonner"
            ),
        ),
        migrations.AddField(
            model_name="layer",
            name="name_field",
            field=models.CharField(blank=True, default="", editable=False, max_length=200, verbose_name="kolonne med navn"),
        ),
    ]
