"""Use cases of holds: which stand, place one, tell its end, release it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from chalicelib.accounts.holds import AccountHolds, Hold, HoldKind
from chalicelib.accounts.holds_orders import HoldOrder, audited, hold_id_of, last_day, letter_of, wrong
from chalicelib.accounts.holds_policy import HoldRules
from chalicelib.accounts.holds_store import HoldStore
from chalicelib.accounts.letters import Post
from chalicelib.audit.model import Actor, AuditEntry, entry
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.errors import Conflict, NotFound, PreconditionFailed
from chalicelib.policy.model import RulesOn


class HoldFollower(Protocol):
    """Who goes on when the holds of an account have changed."""

    def changed(self, holds: AccountHolds) -> None:
        """Any number of calls have the effect of one. Raises Unavailable; it is called again when the order is
        repeated."""
        ...


@dataclass(frozen=True)
class Holds:
    """`owns` says whether an invoice is this account's; `today` is the calendar day where the desk bills; `count` adds
    one to a metric."""

    store: HoldStore
    rules: RulesOn[HoldRules]
    post: Post
    owns: Callable[[str, str], bool]
    followers: tuple[HoldFollower, ...]
    clock: Clock
    new_id: NewId
    today: Callable[[], date]
    count: Callable[[str], None]

    def of(self, account_id: str, *, consistent: bool = False) -> AccountHolds:
        """The holds of an account, those that stand, will, or are over and not yet dropped. One round trip."""
        return self.store.of(account_id, consistent=consistent)

    def place(self, account_id: str, order: HoldOrder, actor: Actor) -> Hold:
        """Place a hold, write to the customer, and let others go on. The same order again is the same hold.

        Two reads (two more for a dispute), one transaction, one write for the letter. Raises NotFound, Unprocessable,
        Conflict."""
        currency, before = self.store.currency_of(account_id), self.of(account_id, consistent=True)
        hold = self._hold(account_id, order, currency, before, actor)
        standing = before.named(hold.hold_id)
        if standing is None:
            self._room_for(account_id, before)
            after = before.with_hold(hold, self.today())
            self.store.change(before, after, self._entry("hold.placed", account_id, actor, {}, audited(hold)))
            self.count("HoldsPlaced")
        elif audited(standing) | {"policy": ""} != audited(hold) | {"policy": ""}:
            raise Conflict("A hold of this kind stands from this day; change or release that one.")
        else:
            hold, after = standing, before
        self.post.send(letter_of(account_id, hold, currency))
        self._follow(after)
        return hold

    def change(self, account_id: str, hold_id: str, said: dict[str, date], version: int, actor: Actor) -> Hold:
        """Another `until_on`, or the `treatment_ended_on` by which a crisis ends. One read, one transaction. Raises
        NotFound, PreconditionFailed, Unprocessable, Conflict."""
        before = self.of(account_id, consistent=True)
        old = self._named(before, hold_id)
        if old.version != version:
            raise PreconditionFailed("The hold was changed meanwhile; read it again.", current_version=old.version)
        ended = said.get("treatment_ended_on", old.treatment_ended_on)
        if "treatment_ended_on" in said and old.kind is not HoldKind.MENTAL_HEALTH_CRISIS:
            raise wrong("treatment_ended_on", "belongs to a mental health crisis")
        ruling = self.rules(self.today())
        until = last_day(ruling, old.kind, old.from_on, said.get("until_on"), ended)
        changed = {"until_on": until, "treatment_ended_on": ended, "policy": ruling.version, "version": version + 1}
        new = old.model_copy(update=changed)
        after = before.with_hold(new, self.today())
        self.store.change(before, after, self._entry("hold.changed", account_id, actor, audited(old), audited(new)))
        self._follow(after)
        return new

    def release(self, account_id: str, hold_id: str, reason: str, actor: Actor) -> Hold:
        """End a hold now. One read, one transaction. Raises NotFound, also when it was released before, Conflict."""
        before = self.of(account_id, consistent=True)
        old = self._named(before, hold_id)
        after = before.without(hold_id, self.today())
        said = self._entry("hold.released", account_id, actor, audited(old), {"reason": reason})
        self.store.change(before, after, said)
        self.count("HoldsReleased")
        self._follow(after)
        return old

    def _hold(self, account_id: str, order: HoldOrder, currency: str, before: AccountHolds, actor: Actor) -> Hold:
        self._check(account_id, order, currency)
        ruling, now = self.rules(self.today()), self.clock()
        until = last_day(ruling, order.kind, order.from_on, order.until_on, order.treatment_ended_on)
        if until is not None and until < self.today():
            raise wrong("until_on", "it would be over already")
        too_soon = ruling.rules.is_too_soon(order.from_on, before.breathing_space_on)
        return Hold(
            hold_id=hold_id_of(account_id, order), kind=order.kind, from_on=order.from_on, until_on=until,
            invoice_id=order.invoice_id, amount_minor=order.amount.amount_minor if order.amount else None,
            treatment_ended_on=order.treatment_ended_on, reference=order.reference, note=order.note,
            is_repeat=order.kind is HoldKind.BREATHING_SPACE and too_soon, policy=ruling.version,
            placed_at=now, placed_by_name=actor.name,
        )  # fmt: skip

    def _check(self, account_id: str, order: HoldOrder, currency: str) -> None:
        """Raises Unprocessable for what does not fit the kind or the account."""
        is_dispute = order.kind is HoldKind.DISPUTE
        if is_dispute and order.invoice_id is None:
            raise wrong("invoice_id", "a dispute names its invoice")
        if not is_dispute and (order.invoice_id or order.amount):
            raise wrong("invoice_id", "belongs to a dispute")
        if order.treatment_ended_on and order.kind is not HoldKind.MENTAL_HEALTH_CRISIS:
            raise wrong("treatment_ended_on", "belongs to a mental health crisis")
        if order.amount and (order.amount.currency != currency or order.amount.amount_minor <= 0):
            raise wrong("amount", f"is above zero, in {currency}")
        if order.invoice_id and not self.owns(account_id, order.invoice_id):
            raise wrong("invoice_id", "is no invoice of this account")

    def _room_for(self, account_id: str, before: AccountHolds) -> None:
        most, today = self.rules(self.today()).rules.holds_most, self.today()
        if sum(not hold.is_over(today) for hold in before.holds) >= most:
            raise Conflict(f"An account has {most} holds at most; release one.", account_id=account_id)

    def _named(self, holds: AccountHolds, hold_id: str) -> Hold:
        hold = holds.named(hold_id)
        if hold is None or hold.is_over(self.today()):
            raise NotFound("No such hold stands on this account.")
        return hold

    def _follow(self, holds: AccountHolds) -> None:
        for follower in self.followers:
            follower.changed(holds)

    def _entry(
        self, action: str, account_id: str, actor: Actor, before: dict[str, Any], after: dict[str, Any]
    ) -> AuditEntry:
        return entry(self.new_id("aud"), f"A#{account_id}", action, actor, self.clock(), before, after)
