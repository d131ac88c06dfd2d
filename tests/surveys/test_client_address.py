"""The address that wrong codes are counted for."""

import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from surveys.client_address import client_address


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        (False, None, "192.0.2.1"),
        (False, "203.0.113.9", "192.0.2.1"),
        (True, None, "192.0.2.1"),
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
    ],
)
def test_only_our_own_proxy_may_say_who_is_behind_it(settings: Settings, trusted: bool, forwarded: str | None, address: str) -> None:
    settings.TRUST_FORWARDED_FOR = trusted
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR="192.0.2.1")) == address
