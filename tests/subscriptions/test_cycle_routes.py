"""The billing cycle over HTTP: days, forecast, what is left to pay, and who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.billing.model import SubscriptionStatus
from chalicelib.platform.errors import Unavailable
from tests.billing.builders import a_subscription, open_account
from tests.billing.stripe_bills import NOVEMBER, a_stripe_invoice, a_stripe_line
from tests.harness import HttpDesk, Meter

PATH = "/v1/accounts/acc_1/billing-cycle"
DECEMBER = NOVEMBER + 30 * 86_400


@dataclass
class Stripe:
    """Answers one preview, or not at all; it sells what it is asked for."""

    preview: dict[str, Any] | None = None

    def preview_plan(self, plan_id: str) -> dict[str, Any]:
        if self.preview is None:
            raise Unavailable("Stripe does not answer.")
        return self.preview

    def read(self, kind: str, object_id: str) -> dict[str, Any] | None:
        about = {"id": object_id, "currency": "gbp", "product": "prod_1", "lookup_key": "BB-FIBRE-100"}
        return about if kind == "price" else None


@pytest.fixture
def stripe(desk: HttpDesk, monkeypatch: pytest.MonkeyPatch) -> Stripe:
    stripe = Stripe()
    monkeypatch.setattr(wiring, "stripe_gateway", lambda: stripe)
    open_account(wiring.table())
    wiring.billing_store().add_subscription(a_subscription(anchor_day=1, provider_id="sub_stripe"))
    return stripe


def a_preview(*lines: dict[str, Any]) -> dict[str, Any]:
    upcoming: dict[str, Any] = {"id": "upcoming_in_1", "status": "draft", "created": DECEMBER, "due_date": None}
    return a_stripe_invoice(*lines, **upcoming, status_transitions={})


def test_days_lines_and_what_is_left_to_pay(desk: HttpDesk, stripe: Stripe) -> None:
    stripe.preview = a_preview(a_stripe_line(2750), a_stripe_line(-250, description="Unused time on Fibre"))

    answer = desk.call("GET", PATH, role="customer", account_id="acc_1")

    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    [cycle], [total] = answer.json["cycles"], answer.json["totals"]
    assert (cycle["anchor_day"], cycle["subscription_ids"]) == (1, ["sub_1"])
    assert (cycle["next_bill_on"], cycle["due_on"]) == ("2026-12-01", "2026-12-01")
    assert len(cycle["periods"]) == 6
    assert cycle["current"]["ends_on"] < cycle["periods"][0]["starts_on"]
    charge, credit = cycle["forecast"]["lines"]
    assert (charge["code"], charge["total"]) == ("BB-FIBRE-100", {"amount_minor": 3300, "currency": "GBP"})
    assert (credit["description"], credit["net"]["amount_minor"]) == ("Unused time on Fibre", -250)
    assert cycle["forecast"]["total"] == total["to_pay"] == {"amount_minor": 3000, "currency": "GBP"}
    assert cycle["forecast_missing"] is None


def test_while_stripe_is_silent_the_days_stand(desk: HttpDesk, stripe: Stripe) -> None:
    answer = desk.call("GET", PATH)

    [cycle] = answer.json["cycles"]
    assert (answer.status, cycle["forecast"], answer.json["totals"]) == (200, None, [])
    assert "just now" in cycle["forecast_missing"]
    assert cycle["next_bill_on"] is not None


def test_another_billing_day_is_shown_with_what_it_brings(
    desk: HttpDesk, stripe: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "today", lambda: date(2026, 11, 22))

    [cycle] = desk.call("GET", f"{PATH}?billing_day=20").json["cycles"]

    assert cycle["move"] == {
        "on": "2026-12-20",
        "bills_before": ["2026-12-01"],
        "unused_days": 12,
        "period_days": 31,
        "credit": {"amount_minor": 1065, "currency": "GBP"},
        "first_bill": {"amount_minor": 2750 - 1065, "currency": "GBP"},
    }
    assert desk.call("GET", PATH).json["cycles"][0]["move"] is None
    assert desk.call("GET", f"{PATH}?billing_day=32").status == 400


def test_nothing_is_billed_to_who_takes_nothing(desk: HttpDesk, stripe: Stripe) -> None:
    ended = a_subscription(anchor_day=1, provider_id="sub_stripe", status=SubscriptionStatus.CANCELLED)
    wiring.billing_store().add_subscription(ended)

    assert desk.call("GET", PATH).json == {"account_id": "acc_1", "cycles": [], "totals": []}


def test_others_find_nothing(desk: HttpDesk, stripe: Stripe) -> None:
    assert desk.call("GET", PATH, role="customer", account_id="acc_2").status == 404
    assert desk.call("GET", "/v1/accounts/acc_none/billing-cycle").status == 404
    assert desk.call("GET", PATH, role=None).status == 401


def test_it_costs_three_reads_before_the_first_bill_one_for_use_and_one_for_each_price(
    desk: HttpDesk, stripe: Stripe, meter: Meter
) -> None:
    stripe.preview = a_preview()
    desk.call("GET", PATH)
    first = meter.round_trips

    desk.call("GET", PATH)

    assert meter.round_trips - first == 5
