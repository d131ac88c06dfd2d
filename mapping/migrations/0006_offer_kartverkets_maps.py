"""Municipalities that were made before now get Kartverket's maps to choose from, off, as new ones do (mapping/apps.py)."""

from typing import Any

from django.db import migrations


def offer(apps: Any, _schema_editor: Any) -> None:
    """Add what is missing; what is there stays as it is."""
    # the offer has no meaning of its own that could change under this migration but its addresses, of which the newest are right
    from mapping.services.basemaps import KARTVERKETS

    municipality_model, basemap_model = apps.get_model("surveys", "Municipality"), apps.get_model("mapping", "Basemap")
    for municipality in municipality_model.objects.only("pk"):
        for name, url, is_aerial in KARTVERKETS:
            values = {"kind": "xyz", "url": url, "attribution": "© Kartverket", "attribution_url": "https://www.kartverket.no"}
            basemap_model.objects.get_or_create(
                municipality=municipality, name=name, defaults={**values, "is_aerial": is_aerial, "max_zoom": 18}
            )


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0004_sheets"),
        ("mapping", "0005_moderated_on"),
    ]

    operations = [migrations.RunPython(offer, migrations.RunPython.noop)]
