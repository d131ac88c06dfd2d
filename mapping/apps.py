"""App configuration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save


class MappingConfig(AppConfig):
    """Django's entry to the app."""

    name = "mapping"
    verbose_name = "Kart"

    def ready(self) -> None:
        """Every municipality gets Kartverket's maps to choose from, however it is made; surveys, below, know nothing of maps."""
        post_save.connect(_offer_basemaps, sender="surveys.Municipality", dispatch_uid="mapping.offer_basemaps")


def _offer_basemaps(*, instance: Any, created: bool, raw: bool = False, **_: Any) -> None:
    from mapping.services import add_kartverket_basemaps  # models are not there yet when this module is read

    # raw: a fixture is being loaded, which brings its own rows
    if created and not raw:
        add_kartverket_basemaps(municipality=instance)
