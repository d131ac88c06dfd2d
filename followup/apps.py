"""App configuration."""

from django.apps import AppConfig


class FollowupConfig(AppConfig):
    """Django's entry to the app."""

    name = "followup"
    verbose_name = "Oppfølging"
