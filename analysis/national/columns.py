"""The columns of both files, with what they mean: the model's properties, flat, in its order. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa

from analysis.national.model import CODE_LISTS, DRAWN_BY_HAND_ON_SCREEN, WAYS, NationalModel, NationalObject

Value = str | int | None
OWN = "antallBarn"
"""The one property that is not the model's: how many children, in a namespace of Tråkk's own."""


@dataclass(frozen=True)
class Column:
    """A property: its name, what it means in Norwegian, its value, its type, and which object types have it ("" for all)."""

    name: str
    meaning: str
    value: Callable[[NationalModel, NationalObject], Value]
    type: pa.DataType = field(default_factory=pa.string)
    only: str = ""


def code_property(object_type: str) -> str:
    """The name of the property that a code list gives values to: SOSI's way, the list's name with a small first letter."""
    name = CODE_LISTS[object_type]
    return name[0].lower() + name[1:]


IDENTITY = (
    Column(
        "lokalId", "Objektets navn: temaets kode og rutas navn. Det samme i hver publisering av undersøkelsen", lambda _, one: one.local_id
    ),
    Column("navnerom", "Undersøkelsen som navnet gjelder i", lambda model, _: model.namespace),
    Column("versjonId", "Publiseringens kontrollsum (SHA-256)", lambda model, _: model.version),
)
QUALITY = (
    Column("målemetode", "82: frihåndstegning på skjerm, slik barna tegnet", lambda *_: DRAWN_BY_HAND_ON_SCREEN, pa.int32()),
    Column(
        "nøyaktighet",
        "Centimeter: så langt fra rutas midtpunkt kan det som er tegnet, ligge",
        lambda model, _: model.accuracy_cm,
        pa.int32(),
    ),
)
COMMON = (
    Column("datafangstdato", "Siste dag noe av dette kan være tegnet", lambda model, _: model.captured_on.isoformat(), pa.date32()),
    Column("opphav", "Hvem som har samlet inn", lambda model, _: f"{model.municipality_name} kommune"),
    Column("kommune", "Kommunenummer, fire sifre", lambda model, _: model.municipality),
)
OF_TYPE = (
    Column(
        "klassetrinngruppe",
        "Klassetrinnene som deltok, der alle spurte klasser er i én gruppe; ellers tom",
        lambda model, _: model.grade_group or None,
        only=WAYS,
    ),
    *(
        Column(
            code_property(object_type),
            f"Kode i {code_list}, der temaet bare har én; ellers tom, for rutene teller hele temaet",
            lambda _, one: one.code or None,
            only=object_type,
        )
        for object_type, code_list in CODE_LISTS.items()
    ),
)
COUNT = Column(OWN, "Barn, avrundet til nærmeste fem. Ikke en del av den nasjonale modellen", lambda _, one: one.children, pa.int32())


def columns_of(object_type: str) -> list[Column]:
    """An object type's columns, in the order of the model."""
    return [column for column in (*IDENTITY, *QUALITY, *COMMON, *OF_TYPE, COUNT) if column.only in {"", object_type}]
