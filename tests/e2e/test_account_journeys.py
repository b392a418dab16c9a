"""The page of journeys, played as it stands on a desk that knows only the demo company: every request of it works."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.demo.desk import Desk, wait_for
from tests.e2e.conftest import fresh_desk
from tests.harness import ROOT

PAGE = ROOT / "docs" / "journeys.md"
AMELIA, GEORGE = "acc_01M6GG8HXXY3CSJ72Y8ZGD4THN", "acc_01M811DDAB0MHAAQHDBW4S78YP"


@pytest.fixture(scope="module")
def home() -> Path:
    return ROOT / ".local" / "e2e-journeys"


def is_billed_by_stripe(desk: Desk) -> bool:
    """Whether the desk has heard from Stripe of Amelia's plans, which move there when the company is loaded."""
    plans = desk.call("GET", f"/v1/accounts/{AMELIA}/subscriptions", role="advisor").json["items"]
    return all(plan["period_starts_at"] for plan in plans)


@pytest.fixture(scope="module")
def played(home: Path) -> Iterator[Desk]:
    """The desk after the page was played; a request that fails stops the page."""
    with fresh_desk(home) as desk:
        assert wait_for(lambda: is_billed_by_stripe(desk)), "the subscriptions did not move to the local Stripe"
        script = "\n".join(re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE))
        done = subprocess.run(
            ["bash", "-euxo", "pipefail", "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=240,
            env={**os.environ, "HOME_OF_DESK": str(home)}, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        yield desk


def test_the_page_leaves_what_it_says(played: Desk) -> None:
    amelia = played.call("GET", f"/v1/accounts/{AMELIA}/workspace", role="advisor").json
    assert amelia["support"]["formats"] == ["large_print"]
    assert amelia["verified"]["contact_changed_at"] is not None
    assert amelia["payment_plan"]["total"] == {"amount_minor": 5760, "currency": "GBP"}
    assert amelia["usage"]["limits"] == {"account": {"amount_minor": 2000, "currency": "GBP"}}
    george = played.call("GET", f"/v1/accounts/{GEORGE}/workspace", role="advisor").json
    assert george["verified"]["level"] == "strong"
    assert [hold["kind"] for hold in george["holds"]] == ["debt_advice"]
    assert [guide["slug"] for guide in george["guides"]] == ["changed_bill"]
    assert "send_pay_link" not in {action["action"] for action in george["actions"]}


def test_what_is_shown_is_for_the_advisor_who_asked(played: Desk) -> None:
    told = played.call("GET", f"/v1/accounts/{GEORGE}/workspace", role="supervisor").json
    assert told["verified"]["level"] == "none"
    assert played.call("GET", f"/v1/accounts/{GEORGE}/guides", role="customer").status == 404
