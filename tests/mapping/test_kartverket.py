"""Kartverket's maps: a choice in every municipality, off until its operator turns one on; their host is allowed only then."""

from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from mapping.bundle import build_bundle
from mapping.models import Basemap
from mapping.services import add_kartverket_basemaps
from mapping.tile_hosts import active_tile_hosts, host_of
from surveys.models import Municipality, Survey

pytestmark = pytest.mark.django_db

NAMES = {"Kart fra Kartverket", "Flyfoto fra Kartverket"}
HOSTS = ("cache.kartverket.no", "opencache.statkart.no")


def _turn_on(municipality: Municipality, name: str) -> None:
    Basemap.objects.filter(municipality=municipality, name=name).update(is_active=True)


def test_a_new_municipality_has_both_maps_off_and_with_their_source(municipality: Municipality) -> None:
    offered = Basemap.objects.filter(municipality=municipality)
    assert {basemap.name for basemap in offered} == NAMES
    assert {(basemap.is_active, basemap.is_default, basemap.attribution) for basemap in offered} == {(False, False, "© Kartverket")}


def test_offering_again_changes_nothing_that_was_chosen(municipality: Municipality) -> None:
    _turn_on(municipality, "Kart fra Kartverket")
    municipality.save()
    assert add_kartverket_basemaps(municipality=municipality) == []
    assert set(Basemap.objects.filter(municipality=municipality, is_active=True).values_list("name", flat=True)) == {"Kart fra Kartverket"}


def test_municipalities_from_before_get_them_by_migration(municipality: Municipality) -> None:
    Basemap.objects.filter(municipality=municipality, name="Flyfoto fra Kartverket").delete()
    migration = import_module("mapping.migrations.0006_offer_kartverkets_maps")
    migration.offer(apps, None)
    migration.offer(apps, None)
    assert sorted(Basemap.objects.filter(municipality=municipality, is_active=False).values_list("name", flat=True)) == sorted(NAMES)


def test_the_bundle_offers_a_map_with_its_source_only_when_it_is_on(municipality: Municipality, survey: Survey) -> None:
    assert build_bundle(survey)["basemaps"] == []
    _turn_on(municipality, "Flyfoto fra Kartverket")
    [offered] = build_bundle(survey)["basemaps"]
    assert (offered["name"], offered["aerial"], offered["keep"]) == ("Flyfoto fra Kartverket", True, False)
    assert (offered["attribution"], offered["attribution_url"]) == ("© Kartverket", "https://www.kartverket.no")


@pytest.mark.parametrize("path", ["/", "/tegn/"])
def test_pages_may_load_tiles_from_a_host_only_when_its_map_is_on(path: str, municipality: Municipality, client: Client) -> None:
    before = client.get(path)["Content-Security-Policy"]
    assert not any(host in before for host in HOSTS)
    _turn_on(municipality, "Kart fra Kartverket")
    after = client.get(path)["Content-Security-Policy"]
    assert [host in after for host in HOSTS] == [True, False]
    assert "img-src 'self' data: blob: https://cache.kartverket.no" in after


def test_a_tablet_that_kept_the_page_gets_it_anew_when_a_map_is_turned_on(municipality: Municipality, client: Client) -> None:
    tag = client.get("/tegn/")["ETag"]
    same = client.get("/tegn/", headers={"If-None-Match": tag})
    assert (same.status_code, "kartverket" in same["Content-Security-Policy"]) == (304, False)
    _turn_on(municipality, "Kart fra Kartverket")
    newer = client.get("/tegn/", headers={"If-None-Match": tag})
    assert newer.status_code == 200
    assert newer["ETag"].strip('W/"') in client.get("/tegn/sw.js").content.decode()
    same_again = client.get("/tegn/", headers={"If-None-Match": newer["ETag"]})
    assert (same_again.status_code, "cache.kartverket.no" in same_again["Content-Security-Policy"]) == (304, True)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://cache.kartverket.no/v1/{z}/{y}/{x}.png", "https://cache.kartverket.no"),
        ("https://{s}.tiles.kommune.no:8443/{z}/{x}/{y}.png", "https://*.tiles.kommune.no:8443"),
        ("http://cache.kartverket.no/{z}/{y}/{x}.png", None),
        ("https://a.no;script-src *//{z}", None),
        ("https://a.no 'unsafe-inline'/{z}", None),
        ("https://user:pass@a.no/{z}", None),
        ("//a.no/{z}", None),
    ],
)
def test_only_a_plain_https_host_comes_into_the_policy(url: str, host: str | None) -> None:
    assert host_of(url) == host


def test_two_municipalities_with_the_same_provider_name_it_once(municipality: Municipality) -> None:
    _turn_on(municipality, "Kart fra Kartverket")
    _turn_on(municipality, "Flyfoto fra Kartverket")
    assert active_tile_hosts() == tuple(f"https://{host}" for host in HOSTS)
