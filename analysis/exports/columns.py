"""The columns of every export, with what they mean: the one place to change them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: its name in every file, the SQL that makes it, and what it means, in Norwegian."""

    name: str
    sql: str
    meaning: str


COLUMNS = (
    Column("theme", "t.code", "Tema: koden til steget i undersøkelsen"),
    Column("category", "c.code", "Kategori: koden"),
    Column("category_label", "coalesce(c.words -> 'nb' ->> 'label', c.code)", "Kategori: navnet på bokmål"),
    Column("kind", "m.kind", "Tegning: place (sted), route (veg) eller area (område)"),
    Column("object_type", "c.object_type", "Objekttype i den nasjonale produktspesifikasjonen Barnetråkk"),
    Column("official_code", "c.official_code", "Kode i produktspesifikasjonens kodeliste"),
    Column("mode", "m.mode", "Transportmiddel, for veger"),
    Column("grade_band", "CASE WHEN g.grade < 5 THEN '1-4' WHEN g.grade < 8 THEN '5-7' ELSE '8-10' END", "Klassetrinngruppe"),
    Column("school", "s.name", "Skole"),
    Column("month", "to_char(m.week, 'YYYY-MM')", "Måneden merket ble tegnet; finere tid finnes ikke"),
    Column("comment", "m.published_comment", "Elevens ord, der de er lest og frigitt"),
    Column("answers", "(m.answers - %(texts)s::text[])::text", "Svar på spørsmål om merket, som JSON; fritekst er ikke med"),
)
