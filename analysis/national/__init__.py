"""A public release in the national model "Barnetråkk – aggregert" (Geonorge, 2023-09-01), as GML 3.2.1 and as GeoPackage.

Made of the release's payload and nothing else; docs/decisions/062-the-national-model.md says what of the model is told and what is not.
"""

from analysis.national.formats import FORMATS, NationalFormat
from analysis.national.wording import LeftOutTold, told_of

__all__ = ["FORMATS", "LeftOutTold", "NationalFormat", "told_of"]
