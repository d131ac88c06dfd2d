"""What is left of withdrawn responses: their ids. A new table; nothing else is touched."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0009_receipt_of_what_was_never_handed_in"),
    ]

    operations = [
        migrations.CreateModel(
            name="WithdrawnResponse",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("withdrawn_on", models.DateField(verbose_name="trukket tilbake")),
            ],
            options={
                "verbose_name": "tilbaketrukket svarsett",
                "verbose_name_plural": "tilbaketrukne svarsett",
            },
        ),
    ]
