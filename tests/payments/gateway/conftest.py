"""The gateway before the local Stripe, which behaves, and before a scripted one, which says what it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe

from chalicelib.payments.gateway import StripeGateway
from infra.local.stripe.server import LocalStripe, Settings
from tests.payments.gateway.scripted import ScriptedStripe

KEY = "sk_test_desk"


@pytest.fixture
def local_stripe(tmp_path: Path) -> Iterator[LocalStripe]:
    """The development server, in this process, with a state of its own."""
    server = LocalStripe(Settings(tmp_path / "stripe.sqlite", api_keys=(KEY,)))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def gateway(local_stripe: LocalStripe) -> StripeGateway:
    return StripeGateway(lambda: KEY, local_stripe.url)


@pytest.fixture
def sdk(local_stripe: LocalStripe) -> stripe.StripeClient:
    """A client of its own, to look at what the gateway did."""
    return stripe.StripeClient(KEY, base_addresses={"api": local_stripe.url})


@pytest.fixture
def script() -> Iterator[ScriptedStripe]:
    server = ScriptedStripe()
    yield server
    server.close()


@pytest.fixture
def scripted(script: ScriptedStripe) -> StripeGateway:
    return StripeGateway(lambda: KEY, script.url)
