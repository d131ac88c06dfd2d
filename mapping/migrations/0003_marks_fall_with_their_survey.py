import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0002_geometry_fits_kind"),
        ("surveys", "0002_question_type_and_category_limit_known"),
    ]

    operations = [
        migrations.AlterField(
            model_name="mark",
            name="category",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="marks", to="surveys.category", verbose_name="kategori"
            ),
        ),
    ]
