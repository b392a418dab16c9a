"""Where Stripe's pages lead customers back to."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from infra.local.site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    opened = Site(0)
    yield opened
    opened.stop()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/?payment=done", "on its way"),
        ("/?payment=done&payment_intent=pi_1&redirect_status=succeeded", "on its way"),
        ("/?payment=left", "Nothing was paid"),
        ("/?payment_method=done", "is saved"),
        ("/?payment=%3Cscript%3E", "Welcome back"),
        ("/", "Welcome back"),
    ],
)
def test_a_customer_who_comes_back_is_told_what_became_of_the_visit(site: Site, address: str, words: str) -> None:
    with urllib.request.urlopen(site.url + address, timeout=10) as answer:
        page = answer.read().decode()
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert words in page
    assert "script" not in page


def test_a_stopped_site_answers_nobody() -> None:
    site = Site(0)
    site.stop()
    with pytest.raises(urllib.error.URLError, match="refused"):
        urllib.request.urlopen(site.url, timeout=10)
