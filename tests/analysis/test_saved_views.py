"""Saved views: kept in one form, opened as they were, shared in the municipality, and kind when the survey has changed."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.gis.geos import Polygon
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analysis.looks import SHOWN, Look
from analysis.models import SavedView
from analysis.saved_views import MOST_VIEWS, what_is_left
from surveys.models import Layer, LayerFeature, Role, Survey, User
from surveys.services import add_member
from tests import places
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pias(pia: User) -> Client:
    """Pia's browser."""
    browser = Client()
    browser.force_login(pia)
    return browser


def saved(browser: Client, survey: Survey, query: str, name: str = "Veger") -> SavedView:
    answer = browser.post(reverse("analysis:save-view", args=[survey.pk]), {"name": name, "query": query})
    assert answer.status_code == 302, answer.content.decode()
    return SavedView.objects.get(survey=survey, name=name)


def opened(browser: Client, view: SavedView) -> tuple[int, str]:
    answer = browser.get(reverse("analysis:saved-view", args=[view.survey_id, view.pk]))
    return answer.status_code, answer.get("Location", "") or answer.content.decode()


def test_what_is_saved_is_opened_as_it_was(pias: Client, pia: User, survey: Survey) -> None:
    view = saved(pias, survey, "size=50&kind=route,place&show=hexagons&bandwidth=60&bbox=5.3,60.3,5.4,60.4&to=&area=")
    # one form: names in order, the look after the filters, nothing that is as usual or empty
    assert view.query == "kind=place&kind=route&bbox=5.300000%2C60.300000%2C5.400000%2C60.400000&show=hexagons&size=50"
    assert (view.made_by, view.made_on) == (pia, timezone.localdate())
    assert opened(pias, view) == (302, f"{reverse('analysis:workbench', args=[survey.pk])}?{view.query}")
    page = pias.get(opened(pias, view)[1]).content.decode()
    assert ('value="route" checked' in page, ">Veger</a>" in page) == (True, True)
    assert 'name="query" id="view-query" value="kind=place&amp;kind=route&amp;bbox=' in page


@pytest.mark.parametrize("show", SHOWN)
def test_a_look_that_is_written_and_read_is_the_same(show: str) -> None:
    look = Look(show, 250, 120, "school:1", "school:2", "00000000-0000-0000-0000-000000000000", 50)
    assert Look.parse(QueryDict(look.query_string())) == look
    assert Look().query_string() == ""


def test_a_view_that_would_not_open_is_not_saved(pias: Client, survey: Survey) -> None:
    url = reverse("analysis:save-view", args=[survey.pk])
    for given, said in (
        ({"name": "x", "query": "category=nei"}, "finnes ikke her"),
        ({"name": "x", "query": "size=7000"}, "en sekskant kan være"),
        ({"name": "x", "query": "layer=nei&show=within"}, "finnes ikke i kommunen"),
        ({"name": "x", "query": "hallo=1"}, "Filteret &#x27;hallo&#x27; finnes ikke"),
        ({"name": "  ", "query": ""}, "navn på 1 til 80 tegn"),
        ({"name": "x" * 81, "query": ""}, "har 81"),
    ):
        answer = pias.post(url, given)
        assert (answer.status_code, said in answer.content.decode()) == (422, True), said
    assert not SavedView.objects.exists()


def test_a_name_is_given_once_and_what_was_to_be_saved_is_not_lost(pias: Client, survey: Survey) -> None:
    saved(pias, survey, "kind=route")
    answer = pias.post(reverse("analysis:save-view", args=[survey.pk]), {"name": " Veger ", "query": "kind=place"})
    page = answer.content.decode()
    assert (answer.status_code, "heter «Veger»" in page, 'value="kind=place"' in page) == (422, True, True)


def test_there_is_an_end_to_how_many(pias: Client, survey: Survey) -> None:
    day = timezone.localdate()
    SavedView.objects.bulk_create(SavedView(survey=survey, name=f"nr {at}", made_on=day) for at in range(MOST_VIEWS))
    answer = pias.post(reverse("analysis:save-view", args=[survey.pk]), {"name": "en til", "query": ""})
    assert (answer.status_code, "100 visninger alt" in answer.content.decode()) == (422, True)


def test_views_are_shared_renamed_and_deleted_by_any_planner_here_and_outlive_who_made_them(
    pias: Client, pia: User, kai: User, survey: Survey
) -> None:
    view = saved(pias, survey, "kind=route")
    colleague: User = UserFactory.create(username="per")
    add_member(user=colleague, municipality=survey.municipality, role=Role.PLANNER)
    browser = Client()
    browser.force_login(colleague)
    where = [survey.pk, view.pk]
    assert browser.post(reverse("analysis:rename-view", args=where), {"name": "Skoleveger"}).status_code == 302
    pia.delete()
    page = browser.get(reverse("analysis:saved-views", args=[survey.pk])).content.decode()
    assert ("Skoleveger" in page, "pia" in page) == (True, False)
    browser.force_login(kai)
    assert browser.get(reverse("analysis:saved-view", args=where)).status_code == 404
    browser.force_login(colleague)
    saved(browser, survey, "", "Alt")
    assert browser.post(reverse("analysis:rename-view", args=where), {"name": "Alt"}).status_code == 422
    assert browser.post(reverse("analysis:delete-view", args=where)).status_code == 302
    assert list(SavedView.objects.values_list("name", flat=True)) == ["Alt"]


def test_a_view_of_another_survey_is_not_found_below_ones_own(pias: Client, survey: Survey) -> None:
    view = saved(pias, survey, "")
    Survey.objects.filter(pk=survey.pk).update(status="deleted")
    assert opened(pias, view)[0] == 404


def test_a_view_whose_category_is_gone_says_so_and_offers_what_is_left(pias: Client, survey: Survey) -> None:
    view = saved(pias, survey, "category=leke&category=fint&kind=place&show=hexagons")
    survey.categories.filter(code="leke").delete()
    status, page = opened(pias, view)
    assert (status, "category=&#x27;leke&#x27; finnes ikke her" in page) == (200, True)
    assert "?category=fint&amp;kind=place&amp;show=hexagons" in page
    assert "Vis det som fortsatt passer" in page


def test_a_view_of_a_layer_that_is_gone_says_so(pias: Client, survey: Survey) -> None:
    layer = Layer.objects.create(municipality=survey.municipality, name="Kretser", kind="districts", source="x", imported_at=timezone.now())
    LayerFeature.objects.create(layer=layer, number=1, name="Nordnes", geom=Polygon.from_bbox((5.31, 60.37, 5.33, 60.38)))
    within = saved(pias, survey, f"show=within&layer={layer.pk}", "Kretser")
    inside = saved(pias, survey, f"area={layer.pk}.1", "Nordnes")
    hidden = saved(pias, survey, "category=leke", "Lek")
    page = pias.get(reverse("analysis:delete-layer", args=[survey.municipality.number, layer.pk])).content.decode()
    assert "kan ikke åpnes slik de var: «Kretser», «Nordnes»." in page
    layer.delete()
    assert "Vis det som fortsatt passer" in opened(pias, within)[1], "the look is left, and the first layer there is"
    assert "Vis alt, uten filtre" in opened(pias, inside)[1]
    # a hidden category has its answers, and can be looked at as before
    survey.categories.filter(code="leke").update(is_retired=True)
    assert opened(pias, hidden)[0] == 302


def test_what_each_fits_and_not_together_is_left_out(survey: Survey) -> None:
    day = survey.opens_on
    query = urlencode({"from": day.isoformat(), "to": (day - timedelta(days=7)).isoformat()})
    assert what_is_left(QueryDict(query), survey) == ""
    area = " ".join(f"{lon},{lat}" for lon, lat in places.STUDY_AREA[0].coords[0][:-1])
    assert "area=" in what_is_left(QueryDict(urlencode({"area": area, "kind": "hus"})), survey)
