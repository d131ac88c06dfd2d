"""The page where an adult begins to draw for children, and where it is found."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys import services
from surveys.models import ClassGroup, Entry, Response, Survey, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def tors(client: Client, tor: User) -> Client:
    """Tor's browser."""
    client.force_login(tor)
    return client


def _url(group: ClassGroup) -> str:
    return reverse("surveys:draw-for", args=[group.pk])


def test_the_class_page_leads_there_and_says_how_many_were_drawn_so(tors: Client, tor: User, class_group: ClassGroup) -> None:
    page = tors.get(reverse("surveys:class-group", args=[class_group.pk])).content.decode()
    assert _url(class_group) in page
    assert "tegnet av en voksen" not in page
    services.join_for(grant=services.draw_for(class_group=class_group, user=tor, entry=Entry.PAPER))
    page = tors.get(reverse("surveys:class-group", args=[class_group.pk])).content.decode()
    assert "1 av svarene er tegnet av en voksen" in page


def test_the_planners_page_leads_there_when_the_survey_is_open(client: Client, pia: User, class_group: ClassGroup) -> None:
    client.force_login(pia)
    setup = reverse("surveys:setup", args=[class_group.survey_id])
    assert _url(class_group) in client.get(setup).content.decode()
    Survey.objects.update(status="draft")
    assert _url(class_group) not in client.get(setup).content.decode()


@pytest.mark.parametrize(("way", "entry"), [("papirark", "paper"), ("gruppe", "assisted")])
def test_a_way_opens_the_pupils_page_with_the_right_behind_the_hash(tors: Client, class_group: ClassGroup, way: str, entry: str) -> None:
    answer = tors.post(_url(class_group), {"way": way})
    assert answer.status_code == 302
    link = urlsplit(answer["Location"])
    assert (link.netloc, link.path, link.query) == ("", "/tegn/", "")
    named, _, grant = link.fragment.partition(".")
    assert named == way
    services.join_for(grant=grant)
    assert Response.objects.get().entry == entry


def test_a_way_that_is_none_is_refused(tors: Client, class_group: ClassGroup) -> None:
    for way in ("", "self", "andre"):
        assert tors.post(_url(class_group), {"way": way}).status_code == 422


def test_a_survey_that_is_over_says_so_and_has_no_button(tors: Client, class_group: ClassGroup) -> None:
    today = timezone.localdate()
    Survey.objects.update(opens_on=today - timedelta(days=9), closes_on=today - timedelta(days=1))
    page = tors.get(_url(class_group)).content.decode()
    assert "ikke åpen i dag" in page
    assert 'name="way"' not in page
    assert tors.post(_url(class_group), {"way": "papirark"}).status_code == 403
