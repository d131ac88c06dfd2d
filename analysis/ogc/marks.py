"""A survey's marks of one kind as a collection: what MarkFilter lets through, with the columns of the exports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL
from django.http import HttpRequest, QueryDict

from analysis.exports import COLUMNS
from analysis.exports.source import Source, raw_cursor
from analysis.filters import MarkFilter
from analysis.ogc.collections import Collection, Item, Page
from analysis.ogc.crs import Box, Crs
from analysis.ogc.ids import Lent, days
from analysis.ogc.parameters import ItemsQuery
from analysis.readers import reader_of
from analysis.tile_scheme import Degrees
from analysis.views import readable_survey
from mapping.models import Mark
from mapping.querysets import MarkQuerySet
from surveys.errors import InvalidFilter, InvalidGeometry
from surveys.models import Kind, Survey

FILTERS = ("theme", "category", "mode", "grade_band", "school", "entry", "area")
NAMES = {"places": Kind.PLACE, "routes": Kind.ROUTE, "areas": Kind.AREA}
"""The last part of a collection's id, and the kind of its marks."""

_SAYS = {
    Kind.PLACE: ("steder", "Steder som barn har satt på kartet"),
    Kind.ROUTE: ("veger", "Veger som barn har tegnet, kuttet ved hjemmet før de ble sendt; de som ble for korte, er uten geometri"),
    Kind.AREA: ("områder", "Områder som barn har tegnet"),
}


@dataclass(frozen=True)
class MarkCollection:
    """The marks of one kind of a survey, for one reader."""

    survey: Survey
    name: str
    reader_id: int

    @property
    def kind(self) -> Kind:
        """The kind of all its marks."""
        return NAMES[self.name]

    @property
    def id(self) -> str:
        """Its name in addresses."""
        return f"{self.survey.pk}-{self.name}"

    @property
    def title(self) -> str:
        """Its name on pages and in QGIS."""
        return f"{self.survey}: {_SAYS[self.kind][0]}"

    @property
    def description(self) -> str:
        """What it holds."""
        held = "Som i eksportene: uten kobling mellom merker fra samme barn, og bare frigitte ord."
        return f"{_SAYS[self.kind][1]}. {self.survey.municipality}. {held}"

    @property
    def extent(self) -> Degrees:
        """That of the survey's area: marks outside it are refused, and it tells nothing of the marks."""
        west, south, east, north = self.survey.study_area.extent
        return west, south, east, north

    @property
    def period(self) -> tuple[date, date]:
        """The days on which the survey takes answers."""
        return self.survey.opens_on, self.survey.closes_on

    @property
    def filters(self) -> tuple[str, ...]:
        """Those of a MarkFilter, but for the kind, which is given."""
        return FILTERS

    @property
    def columns(self) -> list[tuple[str, str]]:
        """The columns of the exports."""
        return [(column.name, column.meaning) for column in COLUMNS]

    @property
    def has_tiles(self) -> bool:
        """All of them have."""
        return True

    def page(self, query: ItemsQuery) -> Page:
        """Two questions: which marks, in the order lent for the day, and then all that is told of those few."""
        marks = self.marks(query.filters, query.box)
        lent = self.lent(query.day)
        place = RawSQL("uuid_hash_extended(mapping_mark.id, %s::bigint)", [lent.seed], output_field=BigIntegerField())
        ordered = marks.annotate(place=place).order_by("place", "pk").values_list("pk", flat=True)
        ids = list(ordered[query.offset : query.offset + query.limit])
        return Page(matched=marks.count(), items=self._items(ids, lent, query.crs))

    def item(self, item_id: str, crs: Crs) -> Item | None:
        """By an id lent today or yesterday."""
        for day in days():
            lent = self.lent(day)
            try:
                mark_id = lent.mark_of(item_id)
            except ValueError:
                return None
            if self.marks(QueryDict(), None).filter(pk=mark_id).exists():
                return next(iter(self._items([mark_id], lent, crs)), None)
        return None

    def marks(self, filters: QueryDict, box: Box | None) -> MarkQuerySet:
        """The marks that pass the filters and touch the box."""
        try:
            chosen = MarkFilter.parse(self._with_school_numbers(filters), self.survey)
        except InvalidGeometry as refusal:
            # to the standard a boundary that cannot be is a wrong parameter like any other
            raise InvalidFilter(f"area: {refusal.message}") from refusal
        marks = replace(chosen, kind=(self.kind.value,)).marks_of(self.survey)
        return box.of(marks) if box else marks

    def lent(self, day: date) -> Lent:
        """The reader's ids and order of that day."""
        return Lent(self.survey.pk, self.reader_id, day)

    def _items(self, ids: Sequence[UUID], lent: Lent, crs: Crs) -> list[Item]:
        """The marks with these ids, in their order; one that is deleted just now is left out."""
        if not ids:
            return []
        source = Source(self.survey, MarkFilter())
        source.marks = Mark.objects.filter(survey=self.survey, pk__in=ids).order_by()
        written = f"coalesce({crs.geojson_sql()}, 'null'), '{{' || {source.vocabulary.properties_sql()} || '}}'"
        with raw_cursor() as cursor:
            rows = cursor.execute(f"SELECT id, {written} FROM {source.joined()}".encode()).fetchall()  # noqa: S608  # compiled and bound
        found = {mark: (geometry.encode(), properties.encode()) for mark, geometry, properties in rows}
        return [Item(lent.id_of(mark), *found[mark]) for mark in ids if mark in found]

    def _with_school_numbers(self, filters: QueryDict) -> QueryDict:
        """The filters with schools by number: here they may be named as the property `school` names them."""
        if "school" not in filters:
            return filters
        numbers = {name: str(number) for number, name in self.survey.schools.values_list("pk", "name")}
        chosen = filters.copy()
        chosen.setlist("school", [numbers.get(value, value) for value in filters.getlist("school")])
        return chosen


class MarkCollections:
    """The marks of the surveys that who asks may read, three collections each."""

    def all(self, request: HttpRequest) -> Iterable[Collection]:
        """Those of the caller's surveys; none for who has not logged in and sent no key, but TokenRefused for a wrong key."""
        if "Authorization" not in request.headers and not request.user.is_authenticated:
            return []
        user, municipality = reader_of(request)
        of_token = {} if municipality is None else {"municipality": municipality}
        surveys = Survey.objects.analysable_by(user).filter(**of_token).select_related("municipality")
        return [MarkCollection(survey, name, user.pk or 0) for survey in surveys for name in NAMES]

    def find(self, request: HttpRequest, collection_id: str) -> Collection | None:
        """By a survey's id and a kind. Who is nobody learns of no survey whether it is there: TokenRefused for all of them."""
        survey_id, _, name = collection_id.rpartition("-")
        if name not in NAMES or not (survey := _uuid(survey_id)):
            return None
        user, _ = reader_of(request)
        return MarkCollection(readable_survey(request, survey), name, user.pk or 0)


def _uuid(text: str) -> UUID | None:
    """A UUID written as we write them, so that each collection has one id."""
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None
