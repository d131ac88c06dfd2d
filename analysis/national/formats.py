"""The two files of a release in the national model."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analysis.models import Release
from analysis.national.geopackage import stream_geopackage
from analysis.national.gml import stream_gml
from analysis.national.model import NationalModel, national_model
from analysis.national.wording import description, left_out_told
from surveys.models.survey import words_in


@dataclass(frozen=True)
class NationalFormat:
    """A format: its media type, and how a model with a name and a description becomes a file."""

    media_type: str
    write: Callable[..., Iterator[bytes]]

    def stream(self, release: Release) -> Iterator[bytes]:
        """The release's file in pieces; the same bytes each time."""
        model = national_model(release.payload, sha256=release.sha256, built_on=release.built_on)
        left = left_out_told(release.payload["themes"], model.default_language)
        return self.write(model, name=_name(model), description=description(left))


FORMATS = {
    "gml": NationalFormat("application/gml+xml; version=3.2", stream_gml),
    "gpkg": NationalFormat("application/geopackage+sqlite3", stream_geopackage),
}


def _name(model: NationalModel) -> str:
    return f"{words_in(dict(model.title), 'nb', model.default_language)}, {model.municipality_name} kommune"
