"""A program of its own, for the Python that QGIS came with: opens layers as QGIS's window does, and prints what it got as JSON.

Argument: JSON with `home` (a folder for QGIS's own files) and either `file`, `layers` and `picture` (where to draw them), or `url`, `key`,
`collections`.
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

os.environ["QT_QPA_PLATFORM"] = "offscreen"
asked = json.loads(sys.argv[1])
os.environ["XDG_RUNTIME_DIR"] = asked["home"]

from qgis.core import (  # noqa: E402  # the surroundings above must stand before Qt starts
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize  # noqa: E402
from qgis.PyQt.QtGui import QColor  # noqa: E402

METRES = QgsCoordinateReferenceSystem("EPSG:25833")


def about(layer: Any) -> dict[str, Any]:
    """What QGIS knows of a layer, its key among it."""
    renderer = layer.renderer()
    entries = renderer.ranges() if hasattr(renderer, "ranges") else renderer.categories() if hasattr(renderer, "categories") else []
    rows = list(layer.getFeatures())
    return {
        "valid": layer.isValid(),
        "error": layer.error().message(),
        "crs": layer.crs().authid(),
        "count": layer.featureCount(),
        "read": len(rows),
        "drawn": sum(row.hasGeometry() for row in rows),
        "fields": [field.name() for field in layer.fields()],
        "key": [[entry.label(), entry.symbol().color().name()] for entry in entries],
    }


def draw(layers: list[Any], path: str) -> list[str]:
    """Draw the layers over each other in EPSG:25833, and say which colours are in the picture."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(METRES)
    settings.setOutputSize(QSize(900, 700))
    settings.setBackgroundColor(QColor("white"))
    around = QgsRectangle()
    for layer in layers:
        if layer.featureCount():
            around.combineExtentWith(settings.layerExtentToOutputExtent(layer, layer.extent()))
    around.scale(1.1)
    settings.setExtent(around)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    picture = job.renderedImage()
    picture.save(path)
    return sorted({picture.pixelColor(x, y).name() for x in range(0, 900, 3) for y in range(0, 700, 3)})


def with_key(url: str, key: str) -> str:
    """An address of our own that passes each request on with the key.

    Debian 12's QGIS (3.22) has no authentication of the type API Header, by which newer ones send it themselves.
    """

    class Bearer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # http.server's name
            headers = {"Host": self.headers["Host"], "Accept": self.headers.get("Accept", "*/*"), "Authorization": f"Bearer {key}"}
            with urlopen(Request(url.removesuffix("/ogc/") + self.path, headers=headers)) as answer:  # noqa: S310  # the test's own server
                body = answer.read()
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.headers["Content-Type"])
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # its name for it
            """Say nothing."""

    server = ThreadingHTTPServer(("localhost", 0), Bearer)
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://localhost:{server.server_port}/ogc/"


application = QgsApplication([], False)
application.initQgis()
if "file" in asked:
    opened = {name: QgsVectorLayer(f"{asked['file']}|layername={name}", name, "ogr") for name in asked["layers"]}
else:
    url = with_key(asked["url"], asked["key"]) if asked["key"] else asked["url"]
    paging = "pagingEnabled='true' pageSize='10'"
    opened = {name: QgsVectorLayer(f"{paging} url='{url}' typename='{name}'", name, "OAPIF") for name in asked["collections"]}
found = {"version": QgsApplication.applicationVersion(), "layers": {name: about(layer) for name, layer in opened.items()}}
if "picture" in asked:
    found["colours"] = draw(list(opened.values()), asked["picture"])
print("\n" + json.dumps(found), flush=True)
os._exit(0)  # QGIS' own end waits for threads of the network
