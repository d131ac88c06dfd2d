"""Saved views: a planner's filters and look of a survey under a name, for all who plan in the municipality."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from analysis.filters import MarkFilter
from analysis.known_layers import layer_named
from analysis.looks import Look
from analysis.models import SavedView
from surveys.errors import DomainError, InvalidFilter
from surveys.models import Layer, Survey, User

MOST_VIEWS = 100
LONGEST_NAME = 80


def canonical(query: QueryDict, survey: Survey) -> str:
    """A workbench's query string in its one form; InvalidFilter or InvalidGeometry where some of it no longer fits the survey."""
    look = Look.parse(query)
    chosen = MarkFilter.parse(query, survey, ignore=Look.NAMES)
    if look.layer:
        layer_named(survey.municipality, look.layer)
    return "&".join(filter(None, (chosen.query_string(), look.query_string())))


def what_is_left(query: QueryDict, survey: Survey) -> str:
    """Of a query string that no longer fits, what still does: value by value, in its one form."""
    fitting = [(name, value) for name, value in _values(query) if _fits(urlencode([(name, value)]), survey)]
    # each may fit and not all together: a period that ends before it begins
    return canonical(QueryDict(urlencode(fitting)), survey) if _fits(urlencode(fitting), survey) else ""


def _values(query: QueryDict) -> Iterator[tuple[str, str]]:
    for name, values in query.lists():
        for value in values:
            yield name, str(value)


def _fits(query: str, survey: Survey) -> bool:
    try:
        canonical(QueryDict(query), survey)
    except DomainError:
        return False
    return True


@transaction.atomic
def save_view(*, survey: Survey, name: str, query: QueryDict, by: User | None) -> SavedView:
    """Keep what a query string shows; InvalidFilter where it does not fit, or the name is taken or none."""
    # two who save under one name are one after the other
    Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
    name = _free_name(survey, name)
    if survey_views(survey).count() >= MOST_VIEWS:
        raise InvalidFilter(f"Undersøkelsen har {MOST_VIEWS} visninger alt. Slett en som ikke trengs, og prøv igjen.")
    view = SavedView(survey=survey, name=name, query=canonical(query, survey), made_by=by, made_on=timezone.localdate())
    view.full_clean()
    view.save()
    return view


@transaction.atomic
def rename_view(*, view: SavedView, name: str) -> SavedView:
    """Call it something else; InvalidFilter where the name is taken or none."""
    Survey.objects.select_for_update(no_key=True).get(pk=view.survey_id)
    if name.strip() != view.name:
        view.name = _free_name(view.survey, name)
        view.save(update_fields=["name"])
    return view


def delete_view(*, view: SavedView) -> None:
    """Forget it."""
    view.delete()


def survey_views(survey: Survey) -> QuerySet[SavedView]:
    """The survey's views, by name."""
    return SavedView.objects.filter(survey=survey).order_by("name")


def views_that_show(layer: Layer) -> QuerySet[SavedView]:
    """Those of the municipality's views that count in a layer or lie within a thing of it."""
    return SavedView.objects.filter(
        survey__in=Survey.objects.alive().filter(municipality=layer.municipality), query__contains=str(layer.pk)
    )


def _free_name(survey: Survey, name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidFilter(f"Visningen må ha et navn på 1 til {LONGEST_NAME} tegn; det som kom, har {len(name)}.")
    if survey_views(survey).filter(name=name).exists():
        raise InvalidFilter(f"Undersøkelsen har alt en visning som heter «{name}». Velg et annet navn.")
    return name
