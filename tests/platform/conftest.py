"""What the desk logs, as a test can read it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.platform.telemetry import logger

Log = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def log() -> Iterator[Log]:
    """Gives the lines logged so far. The logger keeps the stream that it was made with, so it is lent another."""
    lent, handler = io.StringIO(), logger.registered_handler
    kept = handler.setStream(lent)  # type: ignore[attr-defined]
    yield lambda: [json.loads(line) for line in lent.getvalue().splitlines()]
    handler.setStream(kept)  # type: ignore[attr-defined]
