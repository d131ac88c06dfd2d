"""A program of its own that reads a layer with GDAL and prints what it got as JSON; GDAL would keep the test's own server waiting.

Argument: JSON with source, layer, and what else pyogrio.read_dataframe() takes; config: GDAL's options; open: the driver's.
"""

import json
import sys
from typing import Any

import pyogrio
import pyogrio.raw

# pyogrio would make a path of the address, but GDAL wants the prefix that names its driver
for module in (pyogrio.core, pyogrio.raw):
    vars(module)["get_vsi_path_or_buffer"] = str


def main() -> None:
    asked: dict[str, Any] = json.loads(sys.argv[1])
    pyogrio.set_gdal_config_options(asked.pop("config", {}))
    source = asked.pop("source")
    if "layer" not in asked:
        print(json.dumps({"layers": [name for name, _ in pyogrio.list_layers(source)]}))
        return
    if "bbox" in asked:
        asked["bbox"] = tuple(asked["bbox"])
    frame = pyogrio.read_dataframe(source, **asked.pop("open", {}), **asked)
    crs = frame.crs.to_epsg() if frame.crs else None
    rows = [
        {**{name: None if value != value else value for name, value in row.items()}, "wkt": shape.wkt if shape else None}  # noqa: PLR0124  # NaN
        for row, shape in zip(frame.drop(columns="geometry").to_dict("records"), frame.geometry, strict=True)
    ]
    print(json.dumps({"crs": crs, "rows": rows}, default=str))


main()
