"""App configuration."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Django's entry to the app."""

    name = "surveys"
    verbose_name = "Undersøkelser"
