"""What the pages beside the workbench have in common: the workbench's filters in words, as hidden fields, and the way back."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.formats import date_format

from analysis.filters import MarkFilter
from analysis.views import pills
from surveys.models import Survey


@dataclass(frozen=True)
class Said:
    """One filter in words: its heading and what is chosen."""

    heading: str
    chosen: str


def filter_of(request: HttpRequest, survey: Survey, *own: str) -> MarkFilter:
    """The address's filter; own are the names that the page itself has in the query."""
    return MarkFilter.parse(request.GET, survey, ignore=own)


def desk_page(survey: Survey, chosen: MarkFilter) -> dict[str, Any]:
    """For the template: the survey, the filter as query, as pairs for hidden fields, and in words. survey: from with_words()."""
    query = chosen.query_string()
    pairs = [(name, value) for name, values in QueryDict(query).lists() for value in values]
    return {"survey": survey, "query": query, "pairs": pairs, "filters": filters_in_words(survey, chosen)}


def filters_in_words(survey: Survey, chosen: MarkFilter) -> list[Said]:
    """What is chosen, in the order of the workbench's pills; empty where everything passes."""
    labels = [(pill["heading"], [choice["label"] for choice in pill["choices"] if choice["checked"]]) for pill in pills(survey, chosen)]
    said = [Said(heading, ", ".join(found)) for heading, found in labels if found]
    if chosen.since:
        said.append(Said("Fra", date_format(chosen.since, "j. F Y")))
    if chosen.until:
        said.append(Said("Til", date_format(chosen.until, "j. F Y")))
    if chosen.bbox:
        said.append(Said("Område", "utsnittet på kartet"))
    if chosen.area:
        said.append(Said("Område", chosen.area.name or "den tegnede grensen"))
    return said
