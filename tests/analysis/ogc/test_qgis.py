"""QGIS itself opens the files and /ogc/. Opt-in: `apt-get install --no-install-recommends python3-qgis`; without it these are skipped."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from analysis.exports import COLUMNS, export
from analysis.filters import MarkFilter
from analysis.models import Release
from analysis.national import FORMATS
from analysis.national.model import CODE_LISTS
from analysis.national.style import STEPS
from analysis.services import build_release, publish_release
from surveys.models import Survey, User
from surveys.services import make_access_token

PYTHON = Path("/usr/bin/python3")
SCRIPT = Path(__file__).parent / "qgis_reads.py"


def _has_qgis() -> bool:
    if not PYTHON.exists():
        return False
    return subprocess.run([str(PYTHON), "-c", "import qgis.core"], capture_output=True, timeout=60, check=False).returncode == 0


pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not _has_qgis(), reason="QGIS is not installed: apt-get install --no-install-recommends python3-qgis"),
]


def qgis(folder: Path, **asked: Any) -> dict[str, Any]:
    """What QGIS says of layers; its warnings are in what it prints before."""
    done = subprocess.run(
        [str(PYTHON), str(SCRIPT), json.dumps({"home": str(folder), **asked})], capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Warning" not in done.stderr, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


@pytest.fixture
def release(answered: Survey) -> Release:
    """The answered survey, published."""
    return publish_release(release=build_release(survey=answered))


def test_qgis_opens_a_release_in_the_colours_of_the_public_page(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "release.gpkg"
    path.write_bytes(b"".join(FORMATS["gpkg"].stream(release)))
    found = qgis(tmp_path, file=str(path), layers=list(CODE_LISTS), picture=str(tmp_path / "release.png"))
    assert all(layer["valid"] and layer["crs"] == "EPSG:25833" for layer in found["layers"].values())
    assert all([colour for _, colour in layer["key"]] == [colour for _, colour in STEPS] for layer in found["layers"].values())
    told = [cell for cell in release.payload["cells"] if cell["theme"] not in {None, "change"}]
    assert sum(layer["read"] for layer in found["layers"].values()) == len(told) > 0
    assert len(found["colours"]) > 1


def test_qgis_opens_an_export_in_the_categories_colours(answered: Survey, tmp_path: Path) -> None:
    path = tmp_path / "marks.gpkg"
    path.write_bytes(b"".join(export(answered, MarkFilter(), "gpkg")[1]))
    found = qgis(tmp_path, file=str(path), layers=["places", "routes", "areas"], picture=str(tmp_path / "marks.png"))
    layers = found["layers"]
    assert {name: layer["read"] for name, layer in layers.items()} == {"places": 33, "routes": 4, "areas": 0}
    categories = answered.categories.filter(kind="route")
    assert layers["routes"]["key"] == [[one.label_in("nb"), one.colour] for one in categories]
    assert categories.get(code="skoleveg").colour in found["colours"]


def test_qgis_reads_ogc_with_a_key_page_by_page(live_server: LiveServer, answered: Survey, pia: User, tmp_path: Path) -> None:
    _, key = make_access_token(user=pia, municipality=answered.municipality, label="QGIS")
    names = [f"{answered.pk}-{name}" for name in ("places", "routes")]
    layers = qgis(tmp_path, url=f"{live_server.url}/ogc/", key=key, collections=names)["layers"]
    assert [(layers[name]["valid"], layers[name]["error"]) for name in names] == [(True, ""), (True, "")]
    assert {name.rpartition("-")[2]: (layer["count"], layer["read"], layer["drawn"]) for name, layer in layers.items()} == {
        "places": (33, 33, 33),
        "routes": (4, 4, 3),
    }
    assert set(layers[names[0]]["fields"]) >= {column.name for column in COLUMNS if column.name != "answers"}


def test_qgis_reads_a_public_release_without_a_key(live_server: LiveServer, release: Release, tmp_path: Path) -> None:
    name = f"release-{release.pk}"
    layer = qgis(tmp_path, url=f"{live_server.url}/ogc/", key="", collections=[name])["layers"][name]
    assert layer["valid"], layer["error"]
    assert layer["read"] == layer["drawn"] == len({cell["id"] for cell in release.payload["cells"]})
