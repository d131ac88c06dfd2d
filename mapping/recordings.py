"""What somebody has read aloud for a survey: sound files in DATA_DIR/recordings/<survey>/<language>/, one for each part that has one.

A file is called <part>.<code>.<ending>, such as questions.arstid.mp3. Parts are themes (what a step asks), questions, modes (how one
travels, by category), why (the last question of a mark's sheet, by theme) and list (which place, by kind).
"""

import re
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.urls import reverse

SOUNDS = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg"}
_NAME = re.compile(rf"(?P<part>(?:themes|questions|modes|why|list)\.[a-z][a-z0-9_-]*)\.(?P<ending>{'|'.join(SOUNDS)})")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def recordings_of(survey_id: UUID, languages: Iterable[str]) -> dict[str, dict[str, str]]:
    """{language: {"questions.arstid": URL}}, without the languages that have none; a changed file has another URL."""
    found = {language: _in(survey_id, language) for language in languages}
    return {language: parts for language, parts in found.items() if parts}


def recording_file(survey_id: UUID, language: str, name: str) -> tuple[Path, str] | None:
    """A recording's file and its media type; None when there is none, or the name is no recording's."""
    match = _NAME.fullmatch(name)
    if not match or not _LANGUAGE.fullmatch(language):
        return None
    path = folder_of(survey_id) / language / name
    return (path, SOUNDS[match["ending"]]) if path.is_file() else None


def folder_of(survey_id: UUID) -> Path:
    """Where a survey's recordings lie, a folder for each language."""
    return Path(settings.DATA_DIR) / "recordings" / str(survey_id)


def _in(survey_id: UUID, language: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    folder = folder_of(survey_id) / language
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if match := _NAME.fullmatch(path.name):
            url = reverse("mapping:recording", args=[survey_id, language, path.name])
            parts[match["part"]] = f"{url}?v={path.stat().st_mtime_ns:x}"
    return parts
