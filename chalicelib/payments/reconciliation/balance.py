"""The third walk: what moved Stripe's balance against the cash in our ledgers, each of which is proved by the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from chalicelib.billing.ledger import LedgerEntry, verify
from chalicelib.billing.movements import Book, EntryKind
from chalicelib.billing.store import BillingStore
from chalicelib.billing.suspense import suspense_account
from chalicelib.payments.chargeback import Chargeback
from chalicelib.payments.model import Payment
from chalicelib.payments.objects import ReadsObjects, Window
from chalicelib.payments.reconciliation.comparing import Said, payment_names, refund_names
from chalicelib.payments.reconciliation.model import Cash, Disagreement, Step, Tally
from chalicelib.payments.refund import Refund
from chalicelib.payments.store import PaymentStore
from chalicelib.platform.money import Money, spoken

K = EntryKind
_BOOKED_AS: Final = {
    "charge": ("charge", (K.PAYMENT, K.SUSPENSE_TAKEN)),
    "refund": ("refund", (K.REFUND,)),
    "refund_failure": ("refund", (K.REFUND_FAILED,)),
    "dispute": ("dispute", (K.DISPUTE_OPENED,)),
    "dispute_reversal": ("dispute", (K.DISPUTE_WON, K.APPEAL_WON)),
    "charge_failure": ("charge", ()),
}
"""By reporting category: the kind of its source, and as what our ledgers book it. Money that a bank takes back without
a dispute is booked as nothing, so that somebody looks. Payouts and fees are between Stripe and the company alone."""


_NAMES: Final[Mapping[str, Callable[[Said], tuple[str, ...]]]] = {
    "charge": payment_names,
    "dispute": lambda said: (str(said["id"]),),
    "refund": refund_names,
}
"""The references of a source, by its kind."""


@dataclass(frozen=True)
class Moved:
    """Money that moved at Stripe, above zero towards us: `names` are the references that a ledger may book it under."""

    object_id: str
    names: tuple[str, ...]
    kinds: tuple[EntryKind, ...]
    amount_minor: int
    currency: str


Booked = dict[tuple[str, EntryKind], int]
"""Cash by reference and kind of entry."""


@dataclass(frozen=True)
class BalanceWalk:
    """A page of a hundred movements costs one call of Stripe, up to eight batches of the table and a read of each
    ledger that they touch."""

    stripe: ReadsObjects
    payments: PaymentStore
    ledger: BillingStore
    name: str = "balance_transaction"
    overlap: timedelta = timedelta(hours=1)

    def step(self, window: Window, cursor: str, cause: str) -> Step:  # noqa: ARG002 - it books nothing
        """Compare one page; the cursor is its last transaction."""
        page = self.stripe.page(self.name, window, cursor or None)
        moves, accounts = self._named([moved for listed in page.objects if (moved := self._moved(listed))])
        ledgers = {account_id: list(self.ledger.ledger(account_id)) for account_id in sorted(set(accounts.values()))}
        booked = _cash(entry for entries in ledgers.values() for entry in entries)
        booked |= self._suspended(moves, booked)
        wrong = [found for account_id, entries in ledgers.items() if (found := _unproved(account_id, entries))]
        differing = (moved for moved in moves if _held(moved, booked) != moved.amount_minor)
        wrong += [_differing(moved, booked, accounts) for moved in differing]
        return Step(page.after, Tally(read=len(page.objects), differences=len(wrong), cash=_sums(moves, booked)), wrong)

    def _moved(self, listed: Said) -> Moved | None:
        kind, kinds = _BOOKED_AS.get(str(listed["reporting_category"]), (None, ()))
        if kind is None:
            return None
        source: Any = listed["source"]
        if not isinstance(source, dict):
            source = self.stripe.read(kind, str(source)) or {"id": source}
        amount, currency = int(listed["amount"]), str(listed["currency"])
        if listed.get("exchange_rate"):
            # Ledgers are kept in the currency of the customer, the balance in the one of the company's bank.
            amount, currency = (1 if amount > 0 else -1) * int(source["amount"]), str(source["currency"])
        intent = source.get("payment_intent") if kind == "charge" else None
        return Moved(str(intent or source["id"]), _NAMES[kind](source), kinds, amount, currency.upper())

    def _named(self, moves: Sequence[Moved]) -> tuple[list[Moved], dict[str, str]]:
        """The same under those names alone whose rows speak of them, and the account of each row.

        What goes back is booked where its payment is, which may have left suspense since it was asked for.
        """
        names = [name for moved in moves for name in moved.names]
        refunds, disputes = self.payments.refunds.get_many(names), self.payments.chargebacks.get_many(names)
        back: dict[str, Refund | Chargeback] = {**refunds, **disputes}
        paid = self.payments.rows.get_many({*names, *(row.payment_id for row in back.values())})
        rows: dict[str, Payment | Refund | Chargeback] = {**back, **paid}
        own = [replace(each, names=tuple(n for n in each.names if _is_of(rows.get(n), each))) for each in moves]
        return own, {name: row.account_id for name, row in rows.items()}

    def _suspended(self, moves: Iterable[Moved], booked: Booked) -> Booked:
        """Money that was matched to its account later came in through the suspense account of its currency."""
        charges = (moved for moved in moves if K.SUSPENSE_TAKEN in moved.kinds and not _held(moved, booked))
        currencies = sorted({moved.currency for moved in charges})
        return _cash(entry for each in currencies for entry in self.ledger.ledger(suspense_account(each)))


def _is_of(row: Payment | Refund | Chargeback | None, moved: Moved) -> bool:
    """Whether the row may be of what moved: money that was taken twice for one payment is that payment's only once."""
    match row:
        case Payment():
            return row.payment_intent_id in (None, moved.object_id)
        case Refund():
            return row.stripe_refund_id in (None, moved.object_id)
    return True


def _cash(entries: Iterable[LedgerEntry]) -> Booked:
    cash: Booked = {}
    for entry in entries:
        minor = sum(posting.amount_minor for posting in entry.postings if posting.book is Book.CASH)
        key = (entry.reference_id, entry.entry_kind)
        cash[key] = cash.get(key, 0) + minor
    return cash


def _held(moved: Moved, booked: Booked) -> int:
    """The cash that our ledgers hold for it."""
    return sum(booked.get((name, kind), 0) for name in moved.names for kind in moved.kinds)


def _sums(moves: Iterable[Moved], booked: Booked) -> dict[str, Cash]:
    total = Tally()
    for moved in moves:
        both = Cash(at_stripe_minor=moved.amount_minor, in_books_minor=_held(moved, booked))
        total = total.plus(Tally(cash={moved.currency: both}))
    return total.cash


def _unproved(account_id: str, entries: Iterable[LedgerEntry]) -> Disagreement | None:
    wrong = verify(entries)
    if wrong is None:
        return None
    return Disagreement(
        object_id=account_id, what=f"ledger entry {wrong.seq}: {wrong.what}", in_books=wrong.found,
        at_stripe=f"expected {wrong.expected}", account_id=account_id,
    )  # fmt: skip


def _differing(moved: Moved, booked: Booked, accounts: Mapping[str, str]) -> Disagreement:
    held, came = (
        spoken(Money(amount_minor=minor, currency=moved.currency))
        for minor in (_held(moved, booked), moved.amount_minor)
    )
    account_id = next((accounts[name] for name in moved.names if name in accounts), None)
    return Disagreement(object_id=moved.object_id, what="cash", in_books=held, at_stripe=came, account_id=account_id)
