"""A desk of identity, and an account with a mail and a phone."""

from __future__ import annotations

import pytest

from tests.fakes import FixedClock
from tests.identity.desk import MAIL, PHONE, IdentityDesk


@pytest.fixture
def identity(clock: FixedClock) -> IdentityDesk:
    return IdentityDesk(clock=clock)


@pytest.fixture
def ada(identity: IdentityDesk) -> str:
    """The id of an account with a mail and a phone."""
    return identity.open(MAIL, phones=[PHONE]).account_id
