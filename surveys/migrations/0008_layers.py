import django.contrib.gis.db.models.fields
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0007_who_drew_is_checked"),
    ]

    operations = [
        migrations.CreateModel(
            name="Layer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, verbose_name="navn")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("streets", "gater og veger"),
                            ("plans", "planer"),
                            ("districts", "kretser og bydeler"),
                            ("play_areas", "lekeplasser"),
                            ("accidents", "ulykker"),
                            ("other", "annet"),
                        ],
                        max_length=10,
                        verbose_name="slag",
                    ),
                ),
                ("source", models.CharField(help_text="Hvem som har laget dataene, og lisensen", max_length=200, verbose_name="kilde")),
                ("imported_at", models.DateTimeField(verbose_name="hentet inn")),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="layers",
                        to="surveys.municipality",
                        verbose_name="kommune",
                    ),
                ),
            ],
            options={
                "verbose_name": "kartlag",
                "verbose_name_plural": "kartlag",
                "ordering": ("municipality", "name"),
            },
        ),
        migrations.CreateModel(
            name="LayerFeature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="I kartlaget, fra 1", verbose_name="nummer")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="navn")),
                ("geom", django.contrib.gis.db.models.fields.GeometryField(srid=4326, verbose_name="geometri")),
                ("properties", models.JSONField(blank=True, default=dict, verbose_name="egenskaper")),
                (
                    "layer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="features", to="surveys.layer", verbose_name="kartlag"
                    ),
                ),
            ],
            options={
                "verbose_name": "ting i et kartlag",
                "verbose_name_plural": "ting i kartlag",
                "ordering": ("layer", "number"),
            },
        ),
        migrations.AddConstraint(
            model_name="layer",
            constraint=models.UniqueConstraint(fields=("municipality", "name"), name="layer_name_unique_in_municipality"),
        ),
        migrations.AddConstraint(
            model_name="layer",
            constraint=models.CheckConstraint(condition=models.Q(("source", ""), _negated=True), name="layer_names_its_source"),
        ),
        migrations.AddConstraint(
            model_name="layerfeature",
            constraint=models.UniqueConstraint(fields=("layer", "number"), name="layer_feature_number_unique"),
        ),
        migrations.AddConstraint(
            model_name="layerfeature",
            constraint=models.CheckConstraint(condition=models.Q(("geom__isvalid", True)), name="layer_feature_valid"),
        ),
    ]
