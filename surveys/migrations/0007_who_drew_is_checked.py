"""The constraints of 0006 hold for the rows from before, and the few responses that adults drew are found by an index."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    # an index is made without keeping anybody from writing only outside a transaction
    atomic = False

    dependencies = [
        ("surveys", "0006_who_drew"),
    ]

    operations = [
        ValidateConstraint(model_name="response", name="response_entry_known"),
        ValidateConstraint(model_name="response", name="response_speaks_for_its_children"),
        AddIndexConcurrently(
            model_name="response",
            index=models.Index(condition=models.Q(("entry", "self"), _negated=True), fields=["survey"], name="response_drawn_by_adult"),
        ),
    ]
