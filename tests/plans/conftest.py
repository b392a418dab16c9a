"""The world of payment plans."""

from __future__ import annotations

import pytest

from tests.plans.world import World


@pytest.fixture
def world() -> World:
    return World()
