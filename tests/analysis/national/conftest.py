"""The survey of tests/followup that 60 children have answered, published; and the national schema over OGC's own of GML 3.2.1."""

from pathlib import Path

import pytest
from lxml import etree

from analysis.national.gml import NAMESPACE, OWN_NAMESPACE
from tests.followup.conftest import answered, draft, payload, release

__all__ = ["answered", "draft", "payload", "release"]

ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = {NAMESPACE: "barnetrakk-aggregert.xsd", OWN_NAMESPACE: "trakk-publisering.xsd"}
OGC = "http://schemas.opengis.net/"


@pytest.fixture(scope="session")
def schema(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    """The schemas that are served, together, over the whole of GML 3.2.1, which is read from tests/schemas: nothing is fetched."""
    folder = tmp_path_factory.mktemp("schema")
    imports = ""
    for namespace, name in SCHEMAS.items():
        text = (ROOT / "static" / "schema" / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(OGC, f"{(ROOT / 'tests' / 'schemas').as_uri()}/"), encoding="utf-8")
        imports += f'<import namespace="{namespace}" schemaLocation="{(folder / name).as_uri()}"/>'
    whole = f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{imports}</schema>'
    return etree.XMLSchema(etree.fromstring(whole, etree.XMLParser(no_network=True)))
