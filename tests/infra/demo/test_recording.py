"""The recording as it is played: moved once for each desk, and anew when the desk has forgotten its data."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from infra.local.demo.recording import anchor_hours
from infra.local.home import Home

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def test_a_demo_stays_where_it_was_played_first_until_the_data_is_gone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make()
    first = anchor_hours(home.root, NOW)
    assert anchor_hours(home.root, NOW + timedelta(days=3)) == first
    for path in home.generated:
        shutil.rmtree(path, ignore_errors=True)
    home.make()
    assert anchor_hours(home.root, NOW + timedelta(days=3)) == first + 72
