"""Use cases of spending limits: set one, let charges go beyond it for once, bar what is dear.

What is set counts for use from that instant on; nothing is charged or given back for use before it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.accounts.letters import Letter, Post
from chalicelib.audit.model import Actor, entry
from chalicelib.audit.store import audit_put
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.errors import Conflict, FieldError, Unavailable, Unprocessable
from chalicelib.platform.money import Money
from chalicelib.usage.categories import Category
from chalicelib.usage.control import ACCOUNT, Bar, Consent, Control, Limit, to_the_millisecond
from chalicelib.usage.glance import rules_at_a_glance
from chalicelib.usage.model import UsageMoved
from chalicelib.usage.rulebook import Rulebook, must_know
from chalicelib.usage.store import UsageStore, control_put

ATTEMPTS: Final = 8
MOST_CHANGES: Final = 200
"""Limits, consents and bars of an account, all of which are kept."""

Change = Callable[[Control, datetime], Control]


@dataclass(frozen=True)
class Spending:
    """`zone` is where the desk bills; `count` adds one to a named counter."""

    store: UsageStore
    rulebook: Rulebook
    post: Post
    clock: Clock
    new_id: NewId
    zone: ZoneInfo
    count: Callable[[str], None]

    def read(self, account_id: str) -> Control:
        """Limits, consents and bars of an account. Raises NotFound."""
        return self.rulebook.of_account(account_id)[1]

    def lifts(self, account_id: str, scope: str, limit: Money | None) -> bool:
        """Whether this limit would let more be charged than the one that stands. Raises NotFound."""
        standing = self.read(account_id).limit(scope, self.clock())
        if standing is None or standing.limit_minor is None:
            return False
        return limit is None or limit.amount_minor > standing.limit_minor

    def unbars(self, account_id: str, scope: str, categories: Collection[Category]) -> bool:
        """Whether a category that is barred would be charged again. Raises NotFound."""
        control, now = self.read(account_id), self.clock()
        return any(control.is_barred(scope, each, now) for each in Category if each not in categories)

    def set_limit(self, account_id: str, scope: str, limit: Money | None, actor: Actor) -> Control:
        """The most that use may cost for the bills of a month, with tax; None for no limit any more.

        Consents that were given before do not add to it. Raises NotFound, Unprocessable for another currency, Conflict
        after two hundred changes, Unavailable.
        """

        def change(control: Control, at: datetime) -> Control:
            _must_be_in(control.currency, limit, "/limit/currency")
            new = Limit(scope=scope, at=at, limit_minor=limit.amount_minor if limit else None, set_by=actor.subject)
            return control.model_copy(update={"limits": (*control.limits, new)})

        return self._changed(account_id, scope, "usage.limit_set", actor, change)

    def set_bars(self, account_id: str, scope: str, categories: Collection[Category], actor: Actor) -> Control:
        """Exactly these categories are not charged in the scope from now on. Raises as set_limit does."""

        def change(control: Control, at: datetime) -> Control:
            turned = [
                Bar(scope=scope, at=at, category=each, is_barred=each in categories, set_by=actor.subject)
                for each in Category
                if (each in categories) is not control.is_barred(scope, each, at)
            ]
            return control.model_copy(update={"bars": (*control.bars, *turned)})

        return self._changed(account_id, scope, "usage.bars_set", actor, change)

    def consent(
        self, account_id: str, scope: str, amount: Money | None, source: str, actor: Actor, key: str | None = None
    ) -> Consent:
        """The customer's express word that the running periods may cost more than the limit: by an amount with tax, or
        by any. A letter confirms it. The same with the same key is the same word, given once.

        Raises NotFound, Unprocessable, Conflict without a limit, Unavailable.
        """
        said = f"{account_id}|{scope}|{amount}|{source}|{actor.subject}|{key}" if key else self.new_id("said")
        consent_id = f"consent_{hashlib.sha256(said.encode()).hexdigest()[:26]}"

        def change(control: Control, at: datetime) -> Control:
            if any(each.consent_id == consent_id for each in control.consents):
                return control
            _must_be_in(control.currency, amount, "/amount/currency")
            if control.limit(scope, at) is None:
                raise Conflict("There is no spending limit here to go beyond.", reason="no_limit")
            wanted = control.subscription_ids if scope == ACCOUNT else [scope]
            new = Consent(
                consent_id=consent_id, scope=scope, at=at, amount_minor=amount.amount_minor if amount else None,
                months=tuple(sorted({control.month(each, at, self.zone) for each in wanted})), source=source,
                given_to=actor.subject,
            )  # fmt: skip
            return control.model_copy(update={"consents": (*control.consents, new)})

        control = self._changed(account_id, scope, "usage.consent_given", actor, change)
        given = next(each for each in control.consents if each.consent_id == consent_id)
        self._confirm(control, given)
        return given

    def _changed(self, account_id: str, scope: str, action: str, actor: Actor, change: Change) -> Control:
        for _ in range(ATTEMPTS):
            standing, control = self.rulebook.of_account(account_id)
            if scope != ACCOUNT:
                must_know(control, scope)
            if len(control.limits) + len(control.consents) + len(control.bars) >= MOST_CHANGES:
                raise Conflict("The limits of this account were changed too often.", reason="too_many_changes")
            now = to_the_millisecond(self.clock())
            after = change(control, now)
            if after == control:
                return control
            before, new = (_audited(each) for each in (standing, after))
            done = entry(self.new_id("aud"), f"A#{account_id}", action, actor, now, before, new)
            try:
                self.store.keep([control_put(after), rules_at_a_glance(after, now), audit_put(done)])
            except UsageMoved:
                continue
            self.count("SpendingRulesChanged")
            return after
        raise Unavailable("The account's use is being counted just now; try again.")

    def _confirm(self, control: Control, given: Consent) -> None:
        limit = control.limit(given.scope, given.at)
        facts: dict[str, str | int] = {"given_at": given.model_dump(mode="json")["at"], "source": given.source}
        if limit and limit.limit_minor is not None:
            facts["limit_minor"] = limit.limit_minor
        if given.amount_minor is not None:
            facts["amount_minor"] = given.amount_minor
        self.post.send(
            Letter(
                name="usage/consent_given", object_id=given.consent_id, account_id=control.account_id, at=given.at,
                currency=control.currency, facts=facts,
            )
        )  # fmt: skip


def _must_be_in(currency: str, amount: Money | None, pointer: str) -> None:
    if amount and amount.currency != currency:
        raise Unprocessable("Use is charged in the account's currency.", [FieldError(pointer, f"is not {currency}")])


def _audited(control: Control) -> dict[str, object]:
    """The newest of each kind, which is what the change added."""
    found = {"limit": control.limits[-1:], "consent": control.consents[-1:], "bar": control.bars[-1:]}
    return {name: each.model_dump(mode="json") for name, newest in found.items() for each in newest}
