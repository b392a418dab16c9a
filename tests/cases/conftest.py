"""The services of cases over the mocked table."""

from __future__ import annotations

import pytest

from chalicelib.platform import aws
from tests.cases.builders import Desk, IsolatedTable
from tests.fakes import CountingIds, FixedClock
from tests.harness import TABLE


@pytest.fixture
def case_desk(cloud: None, clock: FixedClock, new_id: CountingIds) -> Desk:
    return Desk(IsolatedTable(aws.dynamodb(), TABLE), clock, new_id)
