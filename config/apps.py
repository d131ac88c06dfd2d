"""App configuration: registers the start-up checks."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Django's entry to the composition root."""

    name = "config"
    verbose_name = "Oppsett"

    def ready(self) -> None:
        """Register the start-up checks."""
        from config import checks  # noqa: F401  (importing registers them)
