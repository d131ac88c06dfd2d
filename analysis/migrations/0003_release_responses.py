"""How many had answered when a release was built, so that the next one waits for enough new ones."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("analysis", "0002_releases_are_immutable")]
    operations = [
        migrations.AddField(
            model_name="release",
            name="response_count",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="svarsett"),
        ),
    ]
