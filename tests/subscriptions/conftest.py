"""A local Stripe with one customer, and a desk that sells to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.infra.stripe.desk import Desk, start
from tests.subscriptions.selling import Selling


@pytest.fixture
def stripe_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = start(tmp_path_factory.mktemp("selling") / "stripe.sqlite")
    yield desk
    desk.server.stop()


@pytest.fixture
def selling(stripe_desk: Desk) -> Selling:
    """In the middle of February 2027, with broadband since the 1st."""
    found = Selling.open(stripe_desk)
    found.take("FIBRE-100")
    found.until("2027-02-11T10:00:00")
    return found
