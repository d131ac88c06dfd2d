"""With which of its steps an answer came onto the class's map.

Safe on a full table: a column that may be empty is added without touching a row. Answers from before get their step when the map is next looked at.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0010_withdrawn_responses"),
    ]

    operations = [
        migrations.AddField(
            model_name="response",
            name="map_step",
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True, verbose_name="trinn i klassekartet"),
        ),
    ]
