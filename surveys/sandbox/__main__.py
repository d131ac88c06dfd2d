"""`python -P -m surveys.sandbox JOB`: read one file in an empty folder and answer on standard output, as frames.py says.

JOB is JSON: file (its name in the working folder), shown (what it is called in sentences), layer, limits. Ends with status 0 also where
the file is refused; anything else is a reader that broke down.
"""

import json
import sys
from pathlib import Path

from surveys.sandbox import guards
from surveys.sandbox.frames import write_json
from surveys.sandbox.limits import Limits


def main(job: str) -> None:
    """Fence oneself in, read, answer."""
    asked = json.loads(job)
    limits = Limits(**asked["limits"])
    guards.limit_resources(limits)
    # a third of the time it takes to start, and nothing here needs them
    for name in ("pandas", "geopandas", "pyarrow"):
        sys.modules[name] = None  # type: ignore[assignment]  # as Python says that there is no such module
    import pyogrio

    from surveys.sandbox import contents, frames, rows

    if strange := set(pyogrio.list_drivers()) - contents.DRIVERS - {"MEM"}:
        raise SystemExit(f"drivers that no file may come to: {strange}")
    guards.close_in(Path.cwd())
    out = sys.stdout.buffer
    try:
        path = contents.usable(Path.cwd() / asked["file"], limits, asked["shown"])
        head, found = rows.read(path, asked["layer"], limits, asked["shown"])
        write_json(out, head)
        for number, why, values, wkb in found:
            write_json(out, [number, why, values])
            if not why:
                frames.write_bytes(out, wkb)
        write_json(out, {"end": number})
    except contents.Refused as refusal:
        write_json(out, {"refused": str(refusal)})
    except MemoryError:
        del asked
        write_json(out, {"memory": True})
    out.flush()


if __name__ == "__main__":
    main(sys.argv[1])
