"""Fixtures shared by every test: the mocked account, the desk in process, the meter."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from moto import mock_aws

from chalicelib.platform import aws
from tests.fakes import CountingIds, FixedClock
from tests.harness import ENVIRONMENT, HttpDesk, Meter, create_desk, forget_cached

# Powertools reads these when a test module first imports it, which is before any fixture runs.
os.environ.update({name: value for name, value in ENVIRONMENT.items() if name.startswith("POWERTOOLS_")})


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def new_id() -> CountingIds:
    return CountingIds()


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The desk's environment with its table, bucket, queues and secrets in a mocked account."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    forget_cached()
    with mock_aws():
        create_desk()
        yield
    forget_cached()


@pytest.fixture
def desk(cloud: None) -> HttpDesk:
    """The HTTP desk over the mocked account."""
    return HttpDesk()


@pytest.fixture
def meter(cloud: None) -> Meter:
    """Counts what the DynamoDB clients of the process do from now on."""
    counting = Meter()
    for client in (aws.dynamodb(), aws.dynamodb_in_a_call()):
        counting.watch(client)
    return counting
