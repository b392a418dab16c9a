"""Warns of a bill out of the ordinary while it can still be talked about: the customer by letter, advisors at a glance,
and by a case where it is much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.accounts.letters import Letter, Post
from chalicelib.billing.mirror_bill import mirrored_invoice_id
from chalicelib.billing.store import BillingStore
from chalicelib.payments.news import Fact, News, Newsroom, Topic
from chalicelib.platform.clock import Clock
from chalicelib.platform.money import Money, spoken
from chalicelib.policy.model import RulesOn, Ruling
from chalicelib.usage.bill_store import BillState, UsageBill, UsageBillStore, bill_put
from chalicelib.usage.billing import Draft, read_draft
from chalicelib.usage.glance import bill_at_a_glance
from chalicelib.usage.model import Subscribed
from chalicelib.usage.policy import WarningRules
from chalicelib.usage.unusual import Sum, Unusual, sum_of_draft, sum_of_invoice, surprises, unusual


@dataclass(frozen=True)
class BillWarnings:
    """A DraftFollower, after the one that puts charges for use on drafts. `today` is the day where the desk bills."""

    bills: UsageBillStore
    billing: BillingStore
    subscribed: Subscribed
    post: Post
    newsroom: Newsroom
    rules_on: RulesOn[WarningRules]
    clock: Clock
    today: Callable[[], date]
    count: Callable[[str], None]

    def drafted(self, account_id: str, bill: dict[str, Any]) -> None:
        """Look at a draft that has all its charges. One letter a bill, however often it is heard of. Two round trips
        and one write, and three more for a warning. Raises Unavailable."""
        draft = read_draft(bill)
        if draft is None:
            return
        known = self.bills.newest(account_id)
        own = next((each for each in known if each.bill_id == draft.bill_id), None)
        if own and (own.state is BillState.ADDING or not own.keys <= draft.charged):
            return  # Stripe tells of the draft again when its charges are on it.
        now, ruling = sum_of_draft(draft.total_minor, draft.lines), self.rules_on(self.today())
        found = unusual(now, self._before(account_id, draft, known, ruling.rules.bills_compared), ruling.rules)
        if found:
            self._warn(account_id, draft, found, ruling)
        self._note(account_id, draft, own, now)

    def _before(self, account_id: str, draft: Draft, known: list[UsageBill], most: int) -> list[Sum]:
        """What the plan's last bills came to. Before any was looked at: the account's, if it has no other plan."""
        looked = [
            Sum(each.total_minor, each.plan_minor)
            for each in known
            if each.plan_id == draft.plan_id and each.created < draft.created and each.total_minor is not None
        ]
        if looked:
            return looked[:most]
        plans = {each.provider_id for each in self.subscribed.of_account(account_id)}
        invoices = self.billing.invoices(account_id, most, None)[0] if plans == {draft.plan_id} else []
        return [sum_of_invoice(invoice) for invoice in invoices]

    def _warn(self, account_id: str, draft: Draft, found: Unusual, ruling: Ruling[WarningRules]) -> None:
        now = self.clock()
        rows = tuple({"what": what, "amount_minor": minor} for what, minor in surprises(draft.lines))
        self.post.send(
            Letter(
                name="usage/unusual_bill", object_id=draft.bill_id, account_id=account_id, at=now,
                currency=draft.currency, rows=rows,
                facts={
                    "total_minor": found.total_minor, "usual_minor": found.usual_minor, "more_minor": found.more_minor
                },
            )
        )  # fmt: skip
        invoice_id = mirrored_invoice_id(draft.bill_id)
        self.bills.table.write(
            bill_at_a_glance(
                account_id, invoice_id, found.total_minor, found.usual_minor, ruling.version, now
            )
        )  # fmt: skip
        if found.more_minor >= ruling.rules.bill_case_minor:
            self.newsroom.tell(_news(account_id, draft, found, now))
        self.count("UnusualBills")

    def _note(self, account_id: str, draft: Draft, own: UsageBill | None, now: Sum) -> None:
        seen = {"total_minor": now.total_minor, "plan_minor": now.plan_minor}
        if own is None:
            first = UsageBill(
                account_id=account_id, bill_id=draft.bill_id, plan_id=draft.plan_id, created=draft.created,
                state=BillState.ADDED, **seen,
            )  # fmt: skip
            self.bills.add(bill_put(first, is_new=True)[0])
        elif (own.total_minor, own.plan_minor) != now:
            self.bills.change(own.model_copy(update=seen))


def _news(account_id: str, draft: Draft, found: Unusual, now: datetime) -> News:
    usual, total = (
        spoken(Money(amount_minor=minor, currency=draft.currency)) for minor in (found.usual_minor, found.total_minor)
    )
    return News(
        topic=Topic.UNUSUAL_BILL, object_id=mirrored_invoice_id(draft.bill_id), at=now, account_id=account_id,
        amount_minor=found.total_minor, currency=draft.currency, facts={Fact.EXPECTED: usual, Fact.FOUND: total},
    )  # fmt: skip
