"""The list in the bundle: what lies in the area, nearest to the school first, each once."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from mapping.bundle import build_bundle
from mapping.models import Basemap
from mapping.named_places import MOST_PLACES
from surveys.models import Survey
from tests import places

pytestmark = pytest.mark.django_db


def _entry(name: str, position: tuple[float, float], kind: str = "playground", **more: str) -> dict[str, Any]:
    return {"name": name, "kind": kind, "position": list(position), **more}


@pytest.fixture
def listed(settings: Any, tmp_path: Path, survey: Survey) -> Path:
    """Where the basemap's list lies; empty to begin with."""
    settings.BASEMAP_ROOT = tmp_path
    Basemap.objects.create(
        municipality=survey.municipality, name="Kart", kind="pmtiles", file_name="kart.pmtiles", attribution="Prøve", is_active=True
    )
    path = tmp_path / "kart.places.json"
    path.write_text("[]", encoding="utf-8")
    return path


def _write(path: Path, *entries: dict[str, Any]) -> None:
    path.write_text(json.dumps(entries), encoding="utf-8")


def _names(survey: Survey) -> list[str]:
    return [place["name"] for place in build_bundle(survey)["places"]]


def test_the_nearest_to_the_school_comes_first_and_the_school_before_all(listed: Path, survey: Survey) -> None:
    _write(listed, _entry("Lekeplassen", places.PLAYGROUND), _entry("Overgangen", places.CROSSING, "corner", other="Storgata"))
    school = survey.schools.get().name
    assert _names(survey) == [school, "Overgangen", "Lekeplassen"]
    first, second, _ = build_bundle(survey)["places"]
    assert first == {"name": school, "kind": "school", "position": list(places.SCHOOL_GATE)}
    assert second == {"name": "Overgangen", "kind": "corner", "position": list(places.CROSSING), "other": "Storgata"}


def test_what_lies_outside_the_area_is_not_offered(listed: Path, survey: Survey) -> None:
    _write(listed, _entry("Langt unna", places.OUTSIDE))
    assert "Langt unna" not in _names(survey)


def test_the_areas_own_outline_counts_not_its_box(listed: Path, survey: Survey) -> None:
    survey.study_area = MultiPolygon(Polygon(((5.30, 60.36), (5.36, 60.36), (5.36, 60.40), (5.30, 60.36))), srid=places.SRID)
    survey.save()
    _write(listed, _entry("I hjørnet utenfor", (5.305, 60.395)), _entry("Innenfor", (5.355, 60.37)))
    names = _names(survey)
    assert "Innenfor" in names
    assert "I hjørnet utenfor" not in names


def test_both_stops_of_a_bus_are_one_place_and_two_of_a_name_far_apart_are_two(listed: Path, survey: Survey) -> None:
    lon, lat = places.PLAYGROUND
    _write(listed, *(_entry("Florida", at, "bus_stop") for at in ((lon, lat), (lon + 0.0002, lat), (lon, lat - 0.01))))
    assert _names(survey).count("Florida") == 2


def test_public_places_are_offered_without_any_basemap(survey: Survey) -> None:
    square = [[5.334, 60.381], [5.336, 60.381], [5.336, 60.383], [5.334, 60.383], [5.334, 60.381]]
    survey.public_places = [
        {"type": "Feature", "properties": {"name": "Biblioteket"}, "geometry": {"type": "Polygon", "coordinates": [square]}},
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [5.33, 60.38]}},
    ]
    survey.save()
    library = build_bundle(survey)["places"][1]
    assert (library["name"], library["kind"]) == ("Biblioteket", "public")
    assert library["position"] == pytest.approx([5.335, 60.382], abs=1e-4)


def test_the_list_has_an_end(listed: Path, survey: Survey) -> None:
    _write(listed, *(_entry(f"Sted {n}", (5.331 + n * 1e-5, 60.381)) for n in range(MOST_PLACES * 3)))
    assert len(_names(survey)) == MOST_PLACES
    assert "Sted 0" in _names(survey)


def test_a_new_list_is_read_and_a_broken_one_is_none(listed: Path, survey: Survey) -> None:
    _write(listed, _entry("Før", places.PLAYGROUND))
    assert "Før" in _names(survey)
    _write(listed, _entry("Etter", places.PLAYGROUND))
    os.utime(listed, ns=(1, 1))
    assert "Etter" in _names(survey)
    listed.write_text("ikke en liste", encoding="utf-8")
    os.utime(listed, ns=(2, 2))
    assert _names(survey) == [survey.schools.get().name]
