"""Prints DATABASE_URL as the variables that PostgreSQL's own programs read, as lines for a shell to evaluate."""

import os
import shlex
from urllib.parse import unquote, urlsplit


def variables(url: str) -> dict[str, str]:
    """PGHOST and its like; the host may be a percent-encoded socket folder."""
    parts = urlsplit(url)
    host, _, _ = parts.netloc.rpartition("@")[2].partition(":")
    found = {
        "PGHOST": unquote(host),
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    return {name: value for name, value in found.items() if value}


if __name__ == "__main__":
    for name, value in variables(os.environ["DATABASE_URL"]).items():
        print(f"export {name}={shlex.quote(value)}")
