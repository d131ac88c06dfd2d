"""Start-up checks: what would break or leak later is said before the first request, with an id, a hint and a document."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import OperationalError, connection

from surveys.sandbox import guards

DOC = "Se docs/settings.md."


@register(Tags.database)
def postgis_is_there(app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The database has PostGIS 3.3 or newer."""
    if not databases:
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT default_version FROM pg_available_extensions WHERE name = 'postgis'")
            row = cursor.fetchone()
    except OperationalError as error:
        return [Error(f"Databasen svarer ikke: {error}", hint=f"Sett DATABASE_URL til en PostGIS som kjører. {DOC}", id="trakk.E001")]
    if row is None:
        return [
            Error(
                "Databasen har ikke PostGIS.",
                hint=f"Installer PostGIS på tjeneren, eller velg en annen DATABASE_URL. {DOC}",
                id="trakk.E002",
            )
        ]
    if tuple(int(part) for part in row[0].split(".")[:2]) < (3, 3):
        return [Error(f"PostGIS {row[0]} er for gammel; 3.3 eller nyere trengs.", hint=DOC, id="trakk.E003")]
    return []


@register(Tags.security)
def hosts_and_https_are_sane(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """No debug pages, wildcard hosts or plain HTTP where children's tablets come in from outside."""
    found: list[CheckMessage] = []
    local = urlsplit(settings.BASE_URL).hostname in {"127.0.0.1", "localhost", "::1"}
    if settings.DEBUG and not local:
        found.append(Error("DEBUG er på, men BASE_URL peker utenfor denne maskinen.", hint=f"Skru DEBUG av. {DOC}", id="trakk.E010"))
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Error("ALLOWED_HOSTS tillater alle vertsnavn.", hint=f"Skriv navnene, med komma mellom. {DOC}", id="trakk.E011"))
    if not local and not settings.BASE_URL.startswith("https://"):
        found.append(CheckWarning("BASE_URL er ikke https.", hint=f"Nettbrett lagrer ikke trygt uten https. {DOC}", id="trakk.W012"))
    if settings.DEMO and not local:
        found.append(CheckWarning("DEMO er på: forsiden viser passord.", hint=f"Bare for en prøve. {DOC}", id="trakk.W013"))
    return found


@register(Tags.security, deploy=True)
def foreign_files_are_fenced_in(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The kernel has what closes in the process that reads uploaded map files."""
    if missing := guards.missing():
        what = " og ".join(missing)
        hint = "Linux 5.13 eller nyere med Landlock har det. Se docs/decisions/061-foreign-files-are-read-in-a-cage.md."
        return [CheckWarning(f"Kjernen har ikke {what}; kartfiler leses med færre sperrer.", hint=hint, id="trakk.W014")]
    return []


@register(Tags.security)
def published_groups_are_large_enough(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """k is not below the number that docs/privacy.md promises."""
    if settings.MIN_GROUP_SIZE < 5:
        return [Error("MIN_GROUP_SIZE er under 5.", hint="Tallet i docs/privacy.md er 5; det kan bare økes.", id="trakk.E020")]
    return []
