"""Intake over fakes."""

from __future__ import annotations

import pytest

from tests.intake.fakes import Door


@pytest.fixture
def door() -> Door:
    return Door()
