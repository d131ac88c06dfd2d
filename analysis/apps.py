"""App configuration."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    """Django's entry to the app."""

    name = "analysis"
    verbose_name = "Analyse"

    def ready(self) -> None:
        """Offer the marks under /ogc/."""
        from analysis.ogc import collections
        from analysis.ogc.marks import MarkCollections

        collections.register(MarkCollections())
