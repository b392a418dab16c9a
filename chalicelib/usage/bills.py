"""Puts charges for use on Stripe's drafts, each once.

A draft's charges are first set aside on the account, then told to Stripe, then marked as told: who was interrupted goes
on with the same ones. What Stripe did not take before it issued the bill is set free and goes on the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.billing.mirror_bill import StripeBill
from chalicelib.billing.mirror_lines import USAGE_KEY
from chalicelib.billing.model import StandingInvoice, SubscriptionStatus
from chalicelib.payments.usage_charge import BillsUsage, UsageCharge
from chalicelib.platform.dynamo import Put
from chalicelib.platform.errors import Refused, Unavailable
from chalicelib.usage.bill_store import BillState, UsageBill, UsageBillStore, bill_put
from chalicelib.usage.billing import Draft, UsageItem, keys_on, read_draft, released, reserved, unbilled
from chalicelib.usage.control import Control
from chalicelib.usage.counters import Stretch
from chalicelib.usage.model import UsageMoved
from chalicelib.usage.rulebook import Rulebook
from chalicelib.usage.store import UsageStore, control_check, month_put

ATTEMPTS: Final = 8


@dataclass(frozen=True)
class UsageBills:
    """A DraftFollower and a BillFollower. `zone` is where the desk bills; `count` adds to a named counter."""

    store: UsageStore
    bills: UsageBillStore
    rulebook: Rulebook
    stripe: BillsUsage
    zone: ZoneInfo
    count: Callable[[str, int], None]

    def drafted(self, account_id: str, bill: dict[str, Any]) -> None:
        """Put what was used on the draft of a plan's next period. Any number of times has the effect of once; four
        round trips, and one call of Stripe a charge. Raises Unavailable."""
        draft = read_draft(bill)
        if draft is None:
            return
        known = self.bills.newest(account_id)
        for other in known:
            if other.bill_id != draft.bill_id and other.state is BillState.ADDING:
                self._settle(other)
        own = next((each for each in known if each.bill_id == draft.bill_id), None) or self._reserve(account_id, draft)
        if own and own.state is BillState.ADDING and self._add(own, draft):
            self.bills.change(own.model_copy(update={"state": BillState.ADDED}))

    def issued(self, invoice: StandingInvoice, bill: StripeBill) -> None:
        """Set free what the bill was issued without: the next one takes it, or finance hears of it. One round trip for
        a bill that has all its charges. Raises Unavailable."""
        if bill.plan_id is None:
            return
        own = next((each for each in self.bills.newest(invoice.account_id) if each.bill_id == bill.id), None)
        if own and own.state is BillState.ADDING:
            charged = {(line.metadata or {}).get(USAGE_KEY) for line in bill.lines.data}
            self._release(own, [item for item in own.items if item.key not in charged])

    def _reserve(self, account_id: str, draft: Draft) -> UsageBill | None:
        """Set the charges aside. None for an account of which no use is counted, or in another currency."""
        for _ in range(ATTEMPTS):
            control = self.store.control(account_id)
            if control is None or control.currency != draft.currency:
                return None
            bill, changed = self._due(control, draft)
            try:
                self.store.keep([bill_put(bill, is_new=True)[0], *changed, control_check(control)])
            except UsageMoved:
                standing = [each for each in self.bills.newest(account_id) if each.bill_id == draft.bill_id]
                if standing:
                    return standing[0]
                continue
            return bill
        raise Unavailable("The account's use is being counted just now; try again.")

    def _due(self, control: Control, draft: Draft) -> tuple[UsageBill, list[Put]]:
        """The bill with what is due on it, and the writes that set it aside."""
        own, day = self._billed_with(control, draft.plan_id), self._day(draft.created)

        def is_due(stretch: Stretch, next_on: date) -> bool:
            return stretch.subscription_id in own and next_on <= day

        months = self.store.newest_months(control.account_id)
        items = tuple(unbilled(months, control, self.zone, is_due))
        bill = UsageBill(
            account_id=control.account_id, bill_id=draft.bill_id, plan_id=draft.plan_id, created=draft.created,
            items=items, state=BillState.ADDING if items else BillState.ADDED,
        )  # fmt: skip
        writes = []
        for month in months:
            ended = [each for each in month.stretches() if is_due(each, self._next_on(control, each))]
            after = reserved(month, items, ended)
            writes += [month_put(after)] if after != month else []
        return bill, writes

    def _billed_with(self, control: Control, plan_id: str) -> set[str]:
        """The subscriptions whose use goes on bills of the plan: its own, and those that no plan bills any more."""
        taken = {each.subscription_id: each for each in self.rulebook.subscribed.of_account(control.account_id)}
        last = {plan.subscription_id: plan for plan in control.plans}
        ended = {name for name in last if name in taken and taken[name].status is SubscriptionStatus.CANCELLED}
        return {name for name, plan in last.items() if plan.provider_id == plan_id} | ended

    def _add(self, bill: UsageBill, draft: Draft) -> bool:
        """Tell Stripe of those charges that the draft has not; whether it has all now."""
        missing = [item for item in bill.items if item.key not in draft.charged]
        try:
            for item in missing:
                self.stripe.add_usage(bill.bill_id, self._charge(item, draft))
        except Refused:
            self.count("UsageChargesRefused", 1)
            return False
        self.count("UsageChargesBilled", len(missing))
        return True

    def _settle(self, bill: UsageBill) -> None:
        """An earlier bill that was left half done: go on with it, or set free what it was issued without."""
        found = self.stripe.read("invoice", bill.bill_id)
        draft = read_draft(found) if found else None
        if draft:
            if self._add(bill, draft):
                self.bills.change(bill.model_copy(update={"state": BillState.ADDED}))
            return
        self._release(bill, [item for item in bill.items if not found or item.key not in keys_on(found)])

    def _release(self, bill: UsageBill, missed: Iterable[UsageItem]) -> None:
        free = list(missed)
        kept = tuple(item for item in bill.items if item not in free)
        for _ in range(ATTEMPTS):
            months = self.store.months(bill.account_id, {item.month for item in free})
            settled, _ = bill_put(bill.model_copy(update={"state": BillState.ADDED, "items": kept}))
            try:
                self.store.keep([settled, *(month_put(released(month, free)) for month in months.values())])
            except UsageMoved:
                standing = [each for each in self.bills.newest(bill.account_id) if each.bill_id == bill.bill_id]
                if standing and standing[0].version != bill.version:
                    return
                continue
            self.count("UsageChargesMissedTheirBill", len(free))
            return
        raise Unavailable("The account's use is being counted just now; try again.")

    def _charge(self, item: UsageItem, draft: Draft) -> UsageCharge:
        return UsageCharge(
            key=item.key, category=item.category, customer_id=draft.customer_id, currency=draft.currency,
            net_minor=item.net_minor, description=item.description, starts_at=self._second(item.starts_on),
            ends_at=self._second(item.ends_on), tax_rates=draft.tax_rates,
        )  # fmt: skip

    def _next_on(self, control: Control, stretch: Stretch) -> date:
        return control.period(stretch.subscription_id, stretch.starts_on, self.zone).next_on

    def _second(self, day: date) -> int:
        return int(datetime.combine(day, time(), self.zone).timestamp())

    def _day(self, second: int) -> date:
        return datetime.fromtimestamp(second, UTC).astimezone(self.zone).date()
