"""How QGIS draws a layer, kept inside the GeoPackage: the table `layer_styles`, which QGIS reads when it opens the file. Pure."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

TABLE = "layer_styles"
_CREATE = f"""CREATE TABLE {TABLE} (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,
    description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)"""
"""As QGIS makes it."""
_SYMBOLS = {"place": ("marker", "SimpleMarker"), "route": ("line", "SimpleLine"), "area": ("fill", "SimpleFill")}


@dataclass(frozen=True)
class Look:
    """One entry of a layer's key: its words, its colour as #rrggbb, and the value or the numbers (from, to) that it stands for."""

    label: str
    colour: str
    value: str = ""
    numbers: tuple[float, float] = (0, 0)


def by_value(column: str, looks: Iterable[Look], kind: str) -> str:
    """QML of a layer coloured by the values of a column; kind: place, route or area."""
    renderer, root = _renderer("categorizedSymbol", column)
    symbols, categories = ET.SubElement(renderer, "symbols"), ET.SubElement(renderer, "categories")
    for number, look in enumerate(looks):
        ET.SubElement(categories, "category", symbol=str(number), value=look.value, label=look.label, render="true", type="string")
        _symbol(symbols, number, look.colour, kind)
    return ET.tostring(root, encoding="unicode")


def by_number(column: str, looks: Iterable[Look], kind: str) -> str:
    """QML of a layer coloured by a number."""
    renderer, root = _renderer("graduatedSymbol", column)
    renderer.set("graduatedMethod", "GraduatedColor")
    symbols, ranges = ET.SubElement(renderer, "symbols"), ET.SubElement(renderer, "ranges")
    for number, look in enumerate(looks):
        lower, upper = look.numbers
        ET.SubElement(ranges, "range", symbol=str(number), lower=str(lower), upper=str(upper), label=look.label, render="true")
        _symbol(symbols, number, look.colour, kind)
    return ET.tostring(root, encoding="unicode")


def add_styles(path: Path, styles: Mapping[str, str], geometry: str, *, made_on: date) -> None:
    """Put QML by layer into a GeoPackage, each as its layer's default."""
    day = f"{made_on.isoformat()}T00:00:00.000Z"
    with closing(sqlite3.connect(path)) as database:
        database.execute(_CREATE)
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) VALUES (?, 'attributes', ?, ?)", [TABLE, TABLE, day]
        )
        database.executemany(
            f"INSERT INTO {TABLE} (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, "  # noqa: S608  # a constant
            "useAsDefault, description, owner, update_time) VALUES ('', '', ?, ?, 'Tråkk', ?, '', 1, '', '', ?)",
            [(layer, geometry, qml, day) for layer, qml in styles.items()],
        )
        database.commit()


def _renderer(kind: str, column: str) -> tuple[ET.Element, ET.Element]:
    root = ET.Element("qgis", version="3.22.0", styleCategories="Symbology")
    renderer = ET.SubElement(root, "renderer-v2", type=kind, attr=column, symbollevels="0", enableorderby="0", forceraster="0")
    return renderer, root


def _symbol(symbols: ET.Element, number: int, colour: str, kind: str) -> None:
    shape, name = _SYMBOLS[kind]
    symbol = ET.SubElement(symbols, "symbol", name=str(number), type=shape, alpha="0.8" if kind == "area" else "1")
    layer = ET.SubElement(symbol, "layer", {"class": name, "enabled": "1", "locked": "0", "pass": "0"})
    options = ET.SubElement(layer, "Option", type="Map")
    told = {
        "place": {"name": "circle", "color": _rgba(colour), "size": "2.6", "outline_color": "255,255,255,255", "outline_width": "0.2"},
        "route": {"line_color": _rgba(colour), "line_width": "0.6", "line_width_unit": "MM", "capstyle": "round", "joinstyle": "round"},
        "area": {"color": _rgba(colour), "style": "solid", "outline_color": "255,255,255,255", "outline_width": "0.2"},
    }[kind]
    for key, value in told.items():
        ET.SubElement(options, "Option", name=key, value=value, type="QString")


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"
