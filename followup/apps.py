"""App configuration."""

from django.apps import AppConfig


class FollowupConfig(AppConfig):
    """Django's entry to the app."""

    name = "followup"
    verbose_name = "Oppfølging"

    def ready(self) -> None:
        """Offer the public releases under /ogc/."""
        from analysis.ogc import collections
        from followup.ogc import ReleaseCollections

        collections.register(ReleaseCollections())
