"""Charges for use get on Stripe's drafts once each, whatever is repeated, interrupted, late or corrected."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.billing.model import SubscriptionStatus
from chalicelib.payments.usage_charge import UsageCharge
from chalicelib.platform.errors import Refused, Unavailable
from chalicelib.usage.bill_store import BillState, UsageBillStore
from chalicelib.usage.bills import UsageBills
from chalicelib.usage.categories import MEGABYTE, Category
from tests.memory_table import MemoryTable
from tests.tables import Crash
from tests.usage.builders import GB, LONDON, UsageDesk, a_record, a_sim, an_offer

OCTOBER = datetime(2026, 10, 10, 12, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 10, 12, tzinfo=UTC)
JUST_AFTER = {"oct": datetime(2026, 11, 1, 9, tzinfo=UTC), "nov": datetime(2026, 12, 1, 9, tzinfo=UTC)}


def a_bill(bill_id: str = "in_oct", created: datetime = JUST_AFTER["oct"], **changes: Any) -> dict[str, Any]:
    """Stripe's draft for the next period of the SIM's plan."""
    line = {
        "id": "il_1", "amount": 1000, "description": "Mobile 5 GB", "metadata": {},
        "taxes": [{"amount": 200, "tax_rate_details": {"tax_rate": "txr_vat"}}],
    }  # fmt: skip
    return {
        "id": bill_id, "object": "invoice", "status": "draft", "billing_reason": "subscription_cycle",
        "customer": "cus_1", "currency": "gbp", "created": int(created.timestamp()), "total": 1200,
        "default_tax_rates": [], "lines": {"data": [line]},
        "parent": {"subscription_details": {"subscription": "plan_sub_1"}}, **changes,
    }  # fmt: skip


@dataclass
class Till:
    """A Stripe that keeps bills; it can be down after so many calls."""

    bills: dict[str, dict[str, Any]] = field(default_factory=dict)
    charges: dict[tuple[str, str], UsageCharge] = field(default_factory=dict)
    down_after: int | None = None

    def draft(self, **changes: Any) -> dict[str, Any]:
        bill = a_bill(**changes)
        self.bills[bill["id"]] = bill
        return deepcopy(bill)

    def issue(self, bill_id: str) -> None:
        self.bills[bill_id]["status"] = "open"

    def read(self, kind: str, object_id: str) -> dict[str, Any] | None:
        assert kind == "invoice"
        return deepcopy(self.bills.get(object_id))

    def add_usage(self, bill_id: str, charge: UsageCharge) -> None:
        if self.down_after is not None and len(self.charges) >= self.down_after:
            raise Unavailable("Stripe is down")
        bill = self.bills[bill_id]
        if bill["status"] != "draft":
            raise Refused("issued")
        if (charge.key, bill_id) not in self.charges:
            bill["lines"]["data"].append({"amount": charge.net_minor, "metadata": {"desk_usage": charge.key}})
            bill["total"] += charge.net_minor * 12 // 10
        self.charges[charge.key, bill_id] = charge

    def billed(self) -> dict[str, int]:
        """Charges for use by bill, in minor units before tax."""
        return {
            name: sum(line["amount"] for line in bill["lines"]["data"] if "desk_usage" in line["metadata"])
            for name, bill in self.bills.items()
        }


@dataclass
class Both:
    """A desk that counts and bills use, and its Stripe."""

    desk: UsageDesk = field(default_factory=UsageDesk)
    till: Till = field(default_factory=Till)

    @property
    def bills(self) -> UsageBills:
        desk = self.desk
        return UsageBills(desk.store, UsageBillStore(desk.table), desk.rulebook, self.till, LONDON, desk.count)

    def drafted(self, bill: dict[str, Any]) -> None:
        self.bills.drafted("acc_1", bill)

    def use(self, record_id: str, gigabytes: int, at: datetime, **changes: Any) -> None:
        assert self.desk.take(a_record(record_id, gigabytes * GB, happened_at=at, **changes)) in (
            ["counted"], ["corrected"],
        )  # fmt: skip

    def oct(self) -> None:
        self.drafted(self.till.draft())

    def nov(self, **changes: Any) -> None:
        self.desk.clock.at = JUST_AFTER["nov"]
        self.drafted(self.till.draft(**{"bill_id": "in_nov", "created": JUST_AFTER["nov"], **changes}))


@pytest.fixture
def both() -> Both:
    return Both()


def test_what_was_used_beyond_the_allowance_goes_on_the_bill_after_its_period(both: Both) -> None:
    both.use("r1", 7, OCTOBER)
    both.use("r2", 6, NOVEMBER)
    both.oct()
    (charge,) = both.till.charges.values()
    assert (charge.net_minor, charge.currency, charge.customer_id) == (400, "GBP", "cus_1")
    assert charge.description == "Mobile data beyond what is included, 1 Oct 2026 to 31 Oct 2026"
    assert charge.tax_rates == ("txr_vat",)
    assert charge.key == "sub_1|2026-10-01|data|0"
    both.nov()
    assert both.till.billed() == {"in_oct": 400, "in_nov": 200}


def test_a_draft_with_tax_rates_of_its_own_taxes_all_its_lines(both: Both) -> None:
    both.use("r1", 7, OCTOBER)
    both.drafted(both.till.draft(default_tax_rates=[{"id": "txr_all"}]))
    (charge,) = both.till.charges.values()
    assert charge.tax_rates == ()


def test_a_draft_that_is_heard_of_again_gets_nothing_more(both: Both) -> None:
    both.use("r1", 7, OCTOBER)
    both.oct()
    for bill in (both.till.read("invoice", "in_oct"), a_bill()):
        assert bill
        both.drafted(bill)
    assert both.till.billed() == {"in_oct": 400}
    assert both.desk.counted["UsageChargesBilled"] == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"billing_reason": "manual"}, {"billing_reason": "subscription_create"}, {"status": "open"},
        {"parent": None}, {"customer": None},
    ],
)  # fmt: skip
def test_other_bills_get_no_charges_for_use(both: Both, changes: dict[str, Any]) -> None:
    both.use("r1", 7, OCTOBER)
    both.drafted(both.till.draft(**changes))
    assert both.till.charges == {}


def test_the_plan_of_another_subscription_bills_only_its_own_use(both: Both) -> None:
    both.use("r1", 7, OCTOBER)
    both.drafted(both.till.draft(parent={"subscription_details": {"subscription": "plan_other"}}))
    assert both.till.charges == {}


def test_use_of_a_subscription_that_ended_goes_on_the_next_bill_of_the_account(both: Both) -> None:
    both.use("r1", 7, OCTOBER)
    both.desk.shop.taken = [
        a_sim(status=SubscriptionStatus.CANCELLED), a_sim("sub_2", plan_code="MOB-5GB", provider_id="plan_sub_2"),
    ]  # fmt: skip
    both.drafted(both.till.draft(parent={"subscription_details": {"subscription": "plan_sub_2"}}))
    assert both.till.billed() == {"in_oct": 400}


def test_late_and_corrected_use_goes_on_the_next_bill_with_its_own_days(both: Both) -> None:
    both.use("r1", 7, OCTOBER)
    both.oct()
    both.use("r2", 1, datetime(2026, 10, 28, 9, tzinfo=UTC))
    both.use("r1", 8, OCTOBER, version=2)
    both.nov()
    assert both.till.billed() == {"in_oct": 400, "in_nov": 400}
    late = both.till.charges["sub_1|2026-10-01|data|1", "in_nov"]
    assert late.description == "Mobile data of 10 Oct, 28 Oct 2026, told of or corrected after the bill of that period"


def test_late_use_of_a_period_that_had_no_charges_shows_its_day_too(both: Both) -> None:
    both.use("r1", 5, OCTOBER)
    both.oct()
    both.use("r2", 1, datetime(2026, 10, 28, 9, tzinfo=UTC))
    both.nov()
    (charge,) = both.till.charges.values()
    assert charge.description.startswith("Mobile data of 28 Oct 2026, told of")


def test_a_correction_gives_back_on_the_next_bill(both: Both) -> None:
    both.use("r1", 7, OCTOBER)
    both.oct()
    both.use("r1", 6, OCTOBER, version=2)
    both.nov()
    assert both.till.billed() == {"in_oct": 400, "in_nov": -200}


def test_each_category_is_a_line_of_its_own(both: Both) -> None:
    both.use("r1", 6, OCTOBER)
    both.desk.take(a_record("r2", 3 * MEGABYTE, category=Category.ROAMING_DATA, happened_at=OCTOBER))
    both.oct()
    assert sorted((charge.category, charge.net_minor) for charge in both.till.charges.values()) == [
        ("data", 200), ("roaming_data", 15),
    ]  # fmt: skip


def test_what_stripe_did_not_take_before_the_bill_was_issued_goes_on_the_next(both: Both) -> None:
    both.use("r1", 6, OCTOBER)
    both.desk.take(a_record("r2", 3 * MEGABYTE, category=Category.ROAMING_DATA, happened_at=OCTOBER))
    both.till.down_after = 1
    with pytest.raises(Unavailable):
        both.oct()
    both.till.issue("in_oct")
    both.till.down_after = None
    both.drafted(a_bill())
    assert both.desk.counted["UsageChargesRefused"] == 1
    both.nov()
    assert both.till.billed() == {"in_oct": 200, "in_nov": 15}
    assert both.desk.counted["UsageChargesMissedTheirBill"] == 1


def test_a_half_done_draft_that_is_still_one_is_finished_first(both: Both) -> None:
    both.use("r1", 6, OCTOBER)
    both.till.down_after = 0
    with pytest.raises(Unavailable):
        both.oct()
    both.till.down_after = None
    both.nov()
    assert both.till.billed() == {"in_oct": 200, "in_nov": 0}
    assert [bill.state for bill in UsageBillStore(both.desk.table).newest("acc_1")] == [BillState.ADDED] * 2


def test_a_bill_that_stripe_has_no_more_sets_its_charges_free(both: Both) -> None:
    both.use("r1", 6, OCTOBER)
    both.till.down_after = 0
    with pytest.raises(Unavailable):
        both.oct()
    both.till.down_after = None
    del both.till.bills["in_oct"]
    both.nov()
    assert both.till.billed() == {"in_nov": 200}


def test_an_account_of_which_no_use_is_counted_costs_two_reads() -> None:
    both = Both()
    calls: list[str] = []
    assert isinstance(both.desk.table, MemoryTable)
    both.desk = both.desk.on(both.desk.table.seen(calls.append))
    both.oct()
    assert [call for call in calls if call.startswith("before")] == ["before query", "before get"]


def test_a_process_that_ends_anywhere_charges_nothing_twice_and_forgets_nothing() -> None:
    def play(crash_at: int | None) -> tuple[dict[str, int], bool]:
        both, calls, crashed = Both(), [0], False

        def step(_: str) -> None:
            calls[0] += 1
            if calls[0] == crash_at:
                raise Crash

        both.use("r1", 7, OCTOBER)
        both.use("r2", 6, NOVEMBER)
        whole = both.desk
        assert isinstance(whole.table, MemoryTable)
        for go in (both.oct, both.nov):
            both.desk = whole.on(whole.table.seen(step))
            try:
                go()
            except Crash:
                crashed, both.desk = True, whole
                bill = both.till.read("invoice", "in_oct" if go == both.oct else "in_nov")
                assert bill
                both.drafted(bill)
        return both.till.billed(), crashed

    crash_at, crashed = 0, True
    while crashed:
        crash_at += 1
        billed, crashed = play(crash_at)
        assert billed == {"in_oct": 400, "in_nov": 200}, crash_at
    assert crash_at > 10


def test_a_bill_in_another_currency_takes_no_charge_of_the_accounts(both: Both) -> None:
    """Pence are no cents: what was counted waits for a bill in the account's own currency."""
    both.use("r1", 7, OCTOBER)
    both.drafted(both.till.draft(currency="eur"))
    assert both.till.billed() == {"in_oct": 0}
    both.nov()
    assert both.till.billed() == {"in_oct": 0, "in_nov": 400}


def test_a_plan_in_another_currency_charges_nothing_in_the_accounts(both: Both) -> None:
    both.desk.shop.offers["MOB-5GB"] = an_offer(currency="EUR")
    both.use("r1", 7, OCTOBER)
    both.oct()
    assert both.till.billed() == {"in_oct": 0}
