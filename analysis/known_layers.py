"""Which layers a municipality has: found by name or id, and in the order in which they are offered."""

from uuid import UUID

from django.db.models import Exists, OuterRef

from surveys.errors import InvalidFilter
from surveys.models import Layer, Municipality

HAS_LAYERS = "has_layers"


def asking_for_layers() -> Exists:
    """For a queryset of surveys, under the name HAS_LAYERS: whether there is any layer to count in."""
    return Exists(Layer.objects.filter(municipality=OuterRef("municipality")))


def layers_of(municipality: Municipality) -> list[Layer]:
    """The municipality's layers; streets last, since they have a look of their own."""
    order = [Layer.Kind.PLAY_AREAS, Layer.Kind.DISTRICTS, Layer.Kind.PLANS, Layer.Kind.ACCIDENTS, Layer.Kind.OTHER, Layer.Kind.STREETS]
    return sorted(Layer.objects.filter(municipality=municipality), key=lambda layer: (order.index(Layer.Kind(layer.kind)), layer.name))


def layer_named(municipality: Municipality, layer: str) -> Layer:
    """One of the municipality's layers by its id; InvalidFilter where it has none of this id."""
    try:
        return Layer.objects.get(municipality=municipality, pk=UUID(layer))
    except (ValueError, Layer.DoesNotExist):
        raise InvalidFilter(f"Kartlaget {layer[:60]!r} finnes ikke i kommunen. Velg et fra lista.") from None
