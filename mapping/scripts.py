"""A page's script and what it imports: the modules, and the one file they are joined into for slow tablets.

Modules are what we write and what a browser can run as they are. The pupils' page has some fifty of them, and a tablet on a school's
network waits for each; joined and squeezed they are one file of a third of the size (docs/decisions/046). The joined file begins with
a digest of the modules it was made of, so one that is out of date is never served: then the page gets the modules themselves.
"""

import hashlib
import re
from collections.abc import Callable
from pathlib import PurePosixPath

Read = Callable[[str], str]
"""A static file's text by its path below static/."""

JOINED = ("js/pages/pupil.js",)
"""The scripts that are joined."""

_IMPORT = re.compile(r"""^(?:import|export)\b[^;]*?["'](?P<path>\.{1,2}/[^"']+)["'];""", re.MULTILINE)


def modules_of(entry: str, read: Read) -> tuple[str, ...]:
    """Paths below static/ of a script and everything it imports, each once, the script first."""
    found: dict[str, None] = {}
    waiting = [entry]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = None
            waiting += [_resolved(path, imported) for imported in _IMPORT.findall(read(path))]
    return tuple(found)


def joined_path(entry: str) -> str:
    """Where a script's joined file lies, below static/."""
    return f"joined/{PurePosixPath(entry).name}"


def headline(entry: str, read: Read) -> str:
    """The first line of a script's joined file, made of these very modules."""
    digest = hashlib.sha256()
    for path in modules_of(entry, read):
        digest.update(f"{path}\0{read(path)}\0".encode())
    return f"// Made by ./dev check --fix from {entry} and all it imports, {digest.hexdigest()[:32]}"


def _resolved(importer: str, imported: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(importer).parent / imported).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
