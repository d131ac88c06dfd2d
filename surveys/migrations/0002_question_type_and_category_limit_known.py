from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0001_initial"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="category",
            constraint=models.CheckConstraint(condition=models.Q(("max_per_response__gte", 1)), name="category_takes_a_mark"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("type__in", ["single", "multiple", "text", "scale", "number", "matrix"])), name="question_type_known"
            ),
        ),
    ]
