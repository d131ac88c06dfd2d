"""Whose hand drew a response, and for how many children it speaks.

Safe on a full table: PostgreSQL takes a column with a constant default without touching a row, and the constraints are checked for new rows
only; 0007 looks at the old ones without keeping anybody from writing. The way back takes the columns away, and with them the marking.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0005_draft_languages_of_a_municipality"),
    ]

    operations = [
        migrations.AddField(
            model_name="response",
            name="entry",
            field=models.CharField(
                choices=[("self", "barnet selv"), ("assisted", "en voksen, for barn"), ("paper", "en voksen, fra papirark")],
                db_default="self",
                default="self",
                max_length=8,
                verbose_name="tegnet av",
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="children",
            field=models.SmallIntegerField(db_default=1, default=1, verbose_name="barn bak svaret"),
        ),
        AddConstraintNotValid(
            model_name="response",
            constraint=models.CheckConstraint(
                condition=models.Q(("entry__in", ["self", "assisted", "paper"])),
                name="response_entry_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="response",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("children", 1), models.Q(("children__gte", 1), ("children__lte", 40), ("entry", "assisted")), _connector="OR"
                ),
                name="response_speaks_for_its_children",
            ),
        ),
    ]
