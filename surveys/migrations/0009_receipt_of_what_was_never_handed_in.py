"""From when the receipt of answers that were never handed in runs, once it was used.

Safe on a full table: a column that may be empty is added without touching a row, and a version of the site from before it goes on writing.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0008_layers"),
    ]

    operations = [
        migrations.AddField(
            model_name="response",
            name="receipt_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="kvitteringen gjelder fra"),
        ),
    ]
