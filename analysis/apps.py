"""App configuration."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    """Django's entry to the app."""

    name = "analysis"
    verbose_name = "Analyse"
