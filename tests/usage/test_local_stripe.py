"""A renewal at the local Stripe: what was used is on its draft, taxed, and in the books as use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from chalicelib.billing.model import LineKind
from chalicelib.payments.gateway import StripeGateway
from chalicelib.payments.handling import Fact
from chalicelib.usage.bill_store import UsageBillStore
from chalicelib.usage.bills import UsageBills
from chalicelib.usage.rulebook import Rulebook
from chalicelib.usage.sources import MirroredSubscriptions
from tests.billing.builders import open_account
from tests.infra.stripe.desk import API_KEY, Desk, start
from tests.infra.stripe.subscriber import Subscriber, at, price
from tests.payments.mirror_desk import MirrorDesk
from tests.payments.money_desk import Listener
from tests.usage.builders import GB, LONDON, UsageDesk, a_record


@pytest.fixture
def stripe(tmp_path: Path) -> Iterator[Desk]:
    desk = start(tmp_path / "stripe.sqlite")
    yield desk
    desk.server.stop()


class Renewal:
    """A SIM that the local Stripe bills on the 1st, and the desk that follows it."""

    def __init__(self, stripe: Desk, *, taxed_by: str) -> None:
        self.stripe, self.desk = stripe, UsageDesk()
        open_account(self.desk.table, "acc_1")
        self.someone = Subscriber.begin(stripe, "2026-11-01T10:00:00")
        stripe.v1.customers.update(self.someone.id, {"metadata": {"account_id": "acc_1"}})
        vat = stripe.v1.tax_rates.create({"display_name": "VAT", "percentage": 20, "inclusive": False}).id
        sim = price(stripe, 1000, lookup_key="MOB-5GB")
        if taxed_by == "bill":
            plan = self.someone.subscribe(sim, default_tax_rates=[vat])
        else:
            plan = stripe.v1.subscriptions.create(
                {"customer": self.someone.id, "items": [{"price": sim, "tax_rates": [vat]}]}
            )
        gateway = cast("Any", StripeGateway(lambda: API_KEY, stripe.server.url))
        self.mirror = MirrorDesk(self.desk.table, gateway, self.desk.clock, Listener())
        self.mirror.plans.follow(plan.id)
        self.subscribed = MirroredSubscriptions(self.mirror.billing)
        (self.sim,) = self.subscribed.of_account("acc_1")
        vars(self.desk)["rulebook"] = Rulebook(
            self.desk.store, self.subscribed, self.desk.shop, self.desk.rules_on, lambda _: "GBP", self.desk.clock
        )
        bills = UsageBills(
            self.desk.store, UsageBillStore(self.desk.table), self.desk.rulebook, gateway, LONDON, self.desk.count
        )
        self.bills = replace(self.mirror.bills, drafts=(bills,))

    def use(self, record_id: str, gigabytes: int, when: str) -> None:
        happened_at = datetime.fromisoformat(when).replace(tzinfo=UTC)
        self.desk.clock.at = happened_at
        record = a_record(
            record_id, gigabytes * GB, happened_at=happened_at, subscription_id=self.sim.subscription_id
        )  # fmt: skip
        assert self.desk.take(record) == ["counted"]

    def hear(self, kind: str) -> None:
        """The newest invoice's event, as often as Stripe likes to tell it."""
        found = self.someone.invoices()[-1].to_dict(for_json=True)
        for _ in range(2):
            self.bills.apply(Fact(kind, "evt_1", at("2026-12-01T10:00:00"), found))


@pytest.mark.parametrize("taxed_by", ["bill", "line"])
def test_use_is_on_the_renewal_with_tax_and_in_the_books_as_use(stripe: Desk, taxed_by: str) -> None:
    renewal = Renewal(stripe, taxed_by=taxed_by)
    renewal.use("r1", 8, "2026-11-20T12:00:00")
    renewal.someone.until("2026-12-01T10:00:01")
    renewal.desk.clock.at = datetime(2026, 12, 1, 10, 0, 5, tzinfo=UTC)
    renewal.hear("invoice.created")
    renewal.hear("invoice.updated")
    renewal.someone.until("2026-12-01T12:00:00")
    renewal.hear("invoice.finalized")
    stripe_total = renewal.someone.invoices()[-1].total
    (issued, *_), _ = renewal.mirror.billing.invoices("acc_1", 5, None)
    assert (stripe_total, issued.total_minor) == (1920, 1920)
    assert [(line.kind, line.code, line.net_minor, line.tax_minor) for line in issued.lines] == [
        (LineKind.SUBSCRIPTION, "MOB-5GB", 1000, 200), (LineKind.USAGE, "usage_data", 600, 120),
    ]  # fmt: skip
    assert issued.lines[1].description == "Mobile data beyond what is included, 1 Nov 2026 to 30 Nov 2026"


def test_a_draft_that_was_issued_before_the_desk_heard_of_it_leaves_its_use_to_the_next(stripe: Desk) -> None:
    renewal = Renewal(stripe, taxed_by="bill")
    renewal.use("r1", 8, "2026-11-20T12:00:00")
    renewal.someone.until("2026-12-01T10:00:01")
    draft = renewal.someone.invoices()[-1].to_dict(for_json=True)
    renewal.someone.until("2026-12-01T12:00:00")
    renewal.bills.apply(Fact("invoice.created", "evt_1", draft["created"], draft))
    assert renewal.someone.invoices()[-1].total == 1200
    renewal.someone.until("2027-01-01T10:00:01")
    renewal.hear("invoice.created")
    assert renewal.someone.invoices()[-1].total == 1920
