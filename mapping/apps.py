"""App configuration."""

from django.apps import AppConfig


class MappingConfig(AppConfig):
    """Django's entry to the app."""

    name = "mapping"
    verbose_name = "Kart"
