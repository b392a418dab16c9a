"""Notes, with each bill of a plan, what has to be told before the next ones: so nobody has to search all accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from chalicelib.policy.model import RulesOn
from chalicelib.subscriptions.terms import Terms
from chalicelib.usage.advising import KeepsTerms
from chalicelib.usage.billing import read_draft
from chalicelib.usage.model import Subscribed
from chalicelib.usage.notice_store import Notice, NoticeKind, NoticeStore
from chalicelib.usage.policy import WarningRules

AHEAD: Final = timedelta(days=45)
"""What is to be told later than this, a later bill notes: one comes each month."""


@dataclass(frozen=True)
class Reminders:
    """A DraftFollower. `today` is the day where the desk bills."""

    notices: NoticeStore
    subscribed: Subscribed
    contracts: KeepsTerms
    rules_on: RulesOn[WarningRules]
    today: Callable[[], date]

    def drafted(self, account_id: str, bill: dict[str, Any]) -> None:
        """Note what to look at, of each part of the plan. Two round trips and a write a notice. Raises Unavailable."""
        draft = read_draft(bill)
        if draft is None:
            return
        own = [
            each.subscription_id for each in self.subscribed.of_account(account_id) if each.provider_id == draft.plan_id
        ]
        terms, tomorrow = self.contracts.terms(account_id, own), self.today() + timedelta(days=1)
        for name in own:
            self.notices.put(_notice(account_id, name, NoticeKind.BETTER_PLAN, self.today()), tomorrow)
            for kind, about, on in self._dates(terms[name]) if name in terms else ():
                if on <= self.today() + AHEAD and about > self.today():
                    self.notices.put(_notice(account_id, name, kind, about), max(on, tomorrow))

    def _dates(self, terms: Terms) -> Iterator[tuple[NoticeKind, date, date]]:
        """What is told, of which day, and on which day."""
        rules, today = self.rules_on(self.today()).rules, self.today()
        if terms.minimum_ends_on:
            end = terms.minimum_ends_on
            yield NoticeKind.CONTRACT_END, end, end - timedelta(days=rules.contract_from_days)
        for rise in terms.rises_after(today):
            yield NoticeKind.PRICE_RISE, rise.from_on, rise.from_on - timedelta(days=rules.price_rise_days)


def _notice(account_id: str, subscription_id: str, kind: NoticeKind, about: date) -> Notice:
    return Notice(account_id=account_id, subscription_id=subscription_id, kind=kind, about=about)
