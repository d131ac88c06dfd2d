"""Where pip is configured to find packages, told to uv, which does not read pip's configuration."""

import os
import re
import subprocess
from collections.abc import Sequence


def for_uv(pythons: Sequence[str]) -> dict[str, str]:
    """uv's environment variables for what pip's configuration says; those the person has set for uv win.

    pythons: interpreters, of which the first that has pip is asked.
    """
    for python in pythons:
        listed = subprocess.run([python, "-m", "pip", "config", "list"], capture_output=True, text=True)
        if listed.returncode == 0:
            found = translated(parsed(listed.stdout))
            return {name: value for name, value in found.items() if name not in os.environ}
    return {}


def parsed(listing: str) -> dict[str, str]:
    """`global.index-url='…'` lines as option → value; the environment's lines come first and win, as in pip."""
    options: dict[str, str] = {}
    for name, value in re.findall(r"^(?:[\w:]+)\.([\w-]+)='(.*)'$", listing, re.M):
        options.setdefault(name, value.replace("\\n", " ").strip())
    return options


def translated(options: dict[str, str]) -> dict[str, str]:
    """pip's options as uv's environment variables."""
    found = {
        "UV_DEFAULT_INDEX": options.get("index-url", ""),
        "UV_EXTRA_INDEX_URL": options.get("extra-index-url", ""),
        "UV_FIND_LINKS": ",".join(options.get("find-links", "").split()),
        "UV_INSECURE_HOST": options.get("trusted-host", ""),
        "UV_NO_INDEX": "1" if options.get("no-index") in {"1", "true", "yes"} else "",
        "UV_HTTP_TIMEOUT": options.get("default-timeout", options.get("timeout", "")),
        "SSL_CERT_FILE": options.get("cert", ""),
        # pip takes the best version of all indexes; the lock's hashes keep a stranger's package out
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        found[name] = options.get("proxy", "")
    return {name: value for name, value in found.items() if value}
