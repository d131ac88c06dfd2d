"""The screen, the exports and /ogc/ agree to the feature, whatever the filter."""

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import orjson
import pytest
from django.http import QueryDict

from analysis.exports import export
from analysis.filters import MarkFilter
from analysis.ogc.marks import NAMES
from mapping.geojson import read_geojson_object
from surveys.models import Entry, GradeBand, Survey

pytestmark = pytest.mark.django_db
Pages = Callable[..., list[dict[str, Any]]]


def as_said(feature: dict[str, Any]) -> bytes:
    """A feature without its id and links, to be counted."""
    return orjson.dumps([feature["geometry"], feature["properties"]])


def random_filters(survey: Survey, number: int) -> Iterator[str]:
    """Query strings over all that can be filtered by; always the same ones."""
    dice = Random(51)  # noqa: S311  # the same filters each time are wanted
    values = {
        "theme": list(survey.themes.values_list("code", flat=True)),
        "category": ["leke", "farlig", "skoleveg", "bade"],
        "mode": list(survey.modes),
        "grade_band": list(GradeBand.values),
        "school": [str(number) for number in survey.schools.values_list("pk", flat=True)],
        "entry": list(Entry.values),
        "bbox": ["5.3245,60.3785,5.3260,60.3795", "5,60,6,61", "5.32,60.37,5.3255,60.379"],
        "datetime": ["2026-09-14", "../2026-09-10", "2026-09-01T00:00:00Z/2026-09-09T12:00:00Z", "1999-01-01/..", "2200-01-01/.."],
    }
    for _ in range(number):
        chosen = dice.sample(sorted(values), k=dice.randint(0, 3))
        parts = [
            f"{name}={','.join(dice.sample(values[name], k=1 if name in {'bbox', 'datetime'} else dice.randint(1, len(values[name]))))}"
            for name in chosen
        ]
        yield "&".join(parts)


def test_screen_export_and_ogc_hold_the_same_marks_for_random_filters(answered: Survey, pages: Pages) -> None:
    seen = Counter[int]()
    for query in random_filters(answered, 60):
        # what no mark can be of is refused by the page's own filter, and is nothing here
        shared = query.replace("1999-01-01", "2000-01-01").replace("2200-01-01", "2100-12-31")
        chosen = MarkFilter.parse(QueryDict(shared), answered)
        exported = orjson.loads(b"".join(export(answered, chosen, "geojson")[1]))["features"]
        read = [feature for name in NAMES for feature in pages(answered, name, query)]
        assert chosen.marks_of(answered).count() == len(exported) == len(read), query
        assert Counter(map(as_said, read)) == Counter(map(as_said, exported)), query
        assert len({feature["id"] for feature in read}) == len(read)
        seen[len(read)] += 1
    assert len(seen) > 6, "the filters choose too much alike to show anything"
    assert seen[0] < 40


def test_features_are_read_by_our_own_strict_reader(answered: Survey, pages: Pages) -> None:
    for name in NAMES:
        found = pages(answered, name)
        assert len(read_geojson_object({"type": "FeatureCollection", "features": found})) == len(found)
