"""What our books must show of an object of Stripe's, kind by kind. Pure, but for the rows that are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

from chalicelib.payments.chargeback import Chargeback
from chalicelib.payments.model import Payment, foreign_payment_id
from chalicelib.payments.reading import STATUS_BY_TYPE
from chalicelib.payments.refund import Refund, foreign_refund_id
from chalicelib.payments.store import PaymentStore
from chalicelib.platform.money import Money, spoken

Said = Mapping[str, Any]
"""An object as Stripe sent it."""


class Standing(Protocol):
    """A row of ours."""

    @property
    def account_id(self) -> str: ...


R = TypeVar("R", bound=Standing)
R_co = TypeVar("R_co", bound=Standing, covariant=True)


class Finds(Protocol[R_co]):
    """Rows by their ids."""

    def get(self, row_id: str, *, consistent: bool = False) -> R_co | None: ...

    def get_many(self, row_ids: Sequence[str], /) -> Mapping[str, R_co]: ...


@dataclass(frozen=True)
class Picture:
    """What both sides can say of an object; amounts in minor units of an upper-case currency."""

    status: str
    amount_minor: int
    currency: str

    def __str__(self) -> str:
        return f"{self.status}, {spoken(Money(amount_minor=self.amount_minor, currency=self.currency))}"


def _own_id(said: Said) -> str:
    return str(said["id"])


@dataclass(frozen=True)
class Comparison(Generic[R]):
    """Objects of a `kind` against our rows.

    `type_of` is the event that says what an object says now, None while it says nothing that counts; `names` are the
    ids that its row may have; `concerns` whether a row so named speaks of this object; `is_owed` whether there must be
    a row; `said` and `shown` are the pictures of an object and of a row; `told_as` is the id under which people hear of
    it.
    """

    kind: str
    rows: Finds[R]
    type_of: Callable[[Said], str | None]
    names: Callable[[Said], Sequence[str]]
    concerns: Callable[[R, Said], bool]
    is_owed: Callable[[Said], bool]
    said: Callable[[Said], Picture]
    shown: Callable[[R], Picture]
    told_as: Callable[[Said], str] = _own_id

    def unlike(self, objects: Sequence[Said]) -> list[Said]:
        """Those that our books seem not to show as they are. Two round trips for each hundred names."""
        counted = [said for said in objects if self.type_of(said)]
        found = self.rows.get_many([name for said in counted for name in self.names(said)])
        return [said for said in counted if not self.agrees(self._row(said, found.get), said)]

    def row(self, said: Said) -> R | None:
        """Our row of an object, as it truly is."""
        return self._row(said, lambda name: self.rows.get(name, consistent=True))

    def agrees(self, row: R | None, said: Said) -> bool:
        """Whether the row, or that there is none, is what Stripe says."""
        return self.said(said) == self.shown(row) if row else not self.is_owed(said)

    def _row(self, said: Said, get: Callable[[str], R | None]) -> R | None:
        rows = (get(name) for name in self.names(said))
        return next((row for row in rows if row and self.concerns(row, said)), None)


_TYPE_BY_STATUS: Final = {status: f"payment_intent.{status}" for status in ("canceled", "processing", "succeeded")}


def intents(payments: PaymentStore) -> Comparison[Payment]:
    """Payment intents. One that took no money must agree with its payment, but need have none."""
    return Comparison(
        kind="payment_intent",
        rows=payments.rows,
        type_of=_type_of_intent,
        names=payment_names,
        concerns=lambda row, said: row.payment_intent_id in (None, said["id"]),
        is_owed=lambda said: said["status"] == "succeeded",
        said=_picture_of_intent,
        shown=lambda row: Picture(row.status.value, row.amount_minor, row.currency),
    )


def _type_of_intent(said: Said) -> str | None:
    if said["status"] == "requires_payment_method" and said.get("last_payment_error"):
        return "payment_intent.payment_failed"
    return _TYPE_BY_STATUS.get(said["status"])


def _picture_of_intent(said: Said) -> Picture:
    status = STATUS_BY_TYPE[_type_of_intent(said) or ""].value
    return Picture(status, said["amount_received"] if status == "succeeded" else said["amount"], _currency(said))


def payment_names(said: Said) -> tuple[str, ...]:
    """The ids that the payment of an intent, or of a charge of one, may have."""
    ours = (said.get("metadata") or {}).get("payment_id")
    intent = said["id"] if said.get("object") == "payment_intent" else said.get("payment_intent")
    return tuple(filter(None, (ours, intent and foreign_payment_id(intent))))


def refunds(payments: PaymentStore) -> Comparison[Refund]:
    """Refunds, by whomever they were made."""
    return Comparison(
        kind="refund",
        rows=payments.refunds,
        type_of=lambda _: "refund.updated",
        names=refund_names,
        concerns=lambda row, said: row.stripe_refund_id in (None, said["id"]),
        is_owed=lambda _: True,
        said=lambda said: Picture(said["status"], said["amount"], _currency(said)),
        shown=lambda row: Picture(row.status.value, row.amount_minor, row.currency),
    )


def refund_names(said: Said) -> tuple[str, ...]:
    """The ids that our row of a refund may have."""
    ours = (said.get("metadata") or {}).get("refund_id")
    return tuple(filter(None, (ours, foreign_refund_id(said["id"]))))


def disputes(payments: PaymentStore) -> Comparison[Chargeback]:
    """Disputes at the bank, inquiries too."""
    return Comparison(
        kind="dispute",
        rows=payments.chargebacks,
        type_of=lambda _: "charge.dispute.updated",
        names=lambda said: (said["id"],),
        concerns=lambda _row, _said: True,
        is_owed=lambda _: True,
        said=lambda said: Picture(said["status"], said["amount"], _currency(said)),
        shown=lambda row: Picture(row.status.value, row.amount_minor, row.currency),
    )


def _currency(said: Said) -> str:
    return str(said["currency"]).upper()
