"""The forms of the municipality's layers."""

from typing import Any

from django import forms

from surveys.models import Layer, LayerFeature
from surveys.services.reading import allowed_files

ACCEPTED = ".geojson,.json,.gpkg,.fgb,.zip"
NAME_HELP = "Slik det heter i listene, for eksempel «Lekeplasser 2026»."
SOURCE_HELP = "Hvem som har laget dataene, og lisensen. Vises under kartet."
_LONGEST_EXAMPLE = 40


class FileForm(forms.Form):
    """A file, and which of its layers."""

    file = forms.FileField(
        label="Fil", widget=forms.FileInput(attrs={"accept": ACCEPTED}), error_messages={"required": "Velg en fil først."}
    )
    layer = forms.CharField(
        label="Lag i filen", required=False, max_length=200, help_text="Bare når filen har flere lag. Står det tomt, tas det første."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = f"{allowed_files()} Koordinatsystemet må stå i filen; hvilket er det samme."


class NewLayerForm(FileForm):
    """What a planner says of a new layer."""

    name = forms.CharField(label="Navn på kartlaget", max_length=80, help_text=NAME_HELP)
    kind = forms.ChoiceField(
        label="Slag",
        choices=[("", "Velg …"), *((kind.value, str(kind.label).capitalize()) for kind in Layer.Kind)],
        help_text="Gater er linjer, planer og kretser er flater, resten kan være hva som helst.",
    )
    source = forms.CharField(label="Kilde", max_length=200, help_text=SOURCE_HELP)
    field_order = ("file", "name", "kind", "source", "layer")


class ChangeLayerForm(forms.Form):
    """What a layer and its things are called."""

    name = forms.CharField(label="Navn på kartlaget", max_length=80, help_text=NAME_HELP)
    source = forms.CharField(label="Kilde", max_length=200, help_text=SOURCE_HELP)
    name_field = forms.ChoiceField(
        label="Kolonne med navnet på hver ting", required=False, help_text="Tråkk har gjettet. Velg en annen om navnene i tabellen er feil."
    )

    def __init__(self, *args: Any, layer: Layer, things: list[LayerFeature], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "source"):
            self.fields[name].initial = getattr(layer, name)
        columns = self.fields["name_field"]
        if isinstance(columns, forms.ChoiceField):
            none = "Slik det er nå" if not layer.columns else "Ingen navn, bare nummer"
            columns.choices = [("", none), *((column, _with_example(column, things)) for column in layer.columns)]
            columns.initial = layer.name_field


def _with_example(column: str, things: list[LayerFeature]) -> str:
    """A column with what the first thing that has it says there."""
    found = next((str(thing.properties[column]) for thing in things if thing.properties.get(column) not in {None, ""}), "")
    return f"{column} (for eksempel «{found[:_LONGEST_EXAMPLE]}»)" if found else column
