"""The commands that count the children of many surveys: what they write is what the workbench shows, on this machine and on a cluster."""

from io import StringIO
from pathlib import Path

import geopandas
import orjson
import pytest
from django.core.management import CommandError, call_command

from analysis.filters import MarkFilter
from analysis.layers import hexagons_geojson
from surveys.models import Survey
from tests import dask_cluster

pytestmark = pytest.mark.django_db


def written(folder: Path) -> str:
    """What write_parts says."""
    out = StringIO()
    call_command("write_parts", folder, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("is_on_cluster", [False, True])
def test_the_hexagons_are_those_of_the_workbench(answered: Survey, tmp_path: Path, is_on_cluster: bool) -> None:
    assert written(tmp_path / "parts").startswith("1 undersøkelser skrevet, 0 lå der")
    out = tmp_path / "cells.gpkg"
    if is_on_cluster:
        with dask_cluster.cluster(workers=1) as address:
            call_command("count_children", tmp_path / "parts", size=100, out=out, scheduler=address, stdout=StringIO())
    else:
        call_command("count_children", tmp_path / "parts", size=100, out=out, stdout=StringIO())
    found = geopandas.read_file(out)
    shown = orjson.loads(hexagons_geojson(answered, MarkFilter(), size_m=100))["features"]
    expected = {cell["id"]: (cell["properties"]["said"], cell["properties"]["children"]) for cell in shown}
    told = {row.sekskant: (row.barn, None if row.antall != row.antall else int(row.antall)) for row in found.itertuples()}
    assert told == expected
    assert found.crs.to_epsg() == 25833


def test_what_is_there_already_is_kept_and_nobody_else_reads_it(answered: Survey, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    written(folder)
    assert "0 undersøkelser skrevet, 1 lå der" in written(folder)
    [path] = folder.iterdir()
    assert path.name == f"{answered.pk}.parquet"
    assert path.stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_a_draft_is_nobodys_count_and_a_wrong_call_says_what_to_do(survey: Survey, tmp_path: Path) -> None:
    Survey.objects.update(status="draft")
    assert written(tmp_path / "parts").startswith("0 undersøkelser")
    with pytest.raises(CommandError, match="Kjør write_parts først"):
        call_command("count_children", tmp_path / "parts", out=tmp_path / "a.gpkg")
    with pytest.raises(CommandError, match=r"a\.xlsx.*\.gpkg eller \.geojson"):
        call_command("count_children", tmp_path / "parts", out=tmp_path / "a.xlsx")
    with pytest.raises(CommandError, match="fra 25 til 500"):
        call_command("count_children", tmp_path / "parts", size=2000, out=tmp_path / "a.gpkg")
    (tmp_path / "parts" / "x.parquet").write_bytes(b"")
    with pytest.raises(CommandError, match="Dask svarer ikke på tcp://127"):
        call_command("count_children", tmp_path / "parts", out=tmp_path / "a.gpkg", scheduler="tcp://127.0.0.1:1")
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="er ingen mappe"):
        written(tmp_path / "file")
