"""What of an account's payments stands against its merge into another: money that is on its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.accounts.merge_model import Obstacle, Standing
from chalicelib.payments.chargeback import CLOSED
from chalicelib.payments.model import Payment, PaymentStatus, stale
from chalicelib.payments.refund import RefundStatus
from chalicelib.payments.rows import R, Rows
from chalicelib.payments.store import PaymentStore
from chalicelib.platform.clock import Clock

_PAYING: Final = frozenset({PaymentStatus.REQUIRES_ACTION, PaymentStatus.PROCESSING})
"""States in which money may be on its way to us."""
_WAITING: Final = frozenset({PaymentStatus.CREATED, PaymentStatus.REQUIRES_PAYMENT})
"""States in which the customer may begin to pay, by a link that was sent, until it is stale: then it is forgotten."""
_REFUNDING: Final = frozenset({RefundStatus.REQUESTED, RefundStatus.REQUIRES_ACTION, RefundStatus.PENDING})
_PAGE: Final = 100


@dataclass(frozen=True)
class PaymentsGuard:
    store: PaymentStore
    clock: Clock

    def standing(self, account_id: str) -> Standing:
        """One round trip for each hundred payments, refunds and disputes of the account, as they truly
        are."""
        now = self.clock()
        kinds = (
            ("payment_under_way", "A payment is under way or was asked for: wait for its end, or a day.",
             _any(self.store.rows, account_id, lambda payment: _may_come(payment, now))),
            ("refund_under_way", "A refund is under way: wait for its end.",
             _any(self.store.refunds, account_id, lambda refund: refund.status in _REFUNDING)),
            ("open_chargeback", "A payment is disputed at the bank: wait for the decision.",
             _any(self.store.chargebacks, account_id, lambda dispute: dispute.status not in CLOSED)),
        )  # fmt: skip
        return Standing(tuple(Obstacle(kind=kind, detail=said) for kind, said, holds in kinds if holds))


def _may_come(payment: Payment, now: datetime) -> bool:
    return payment.status in _PAYING or (payment.status in _WAITING and not stale(payment, now))


def _any(rows: Rows[R], account_id: str, is_open: Callable[[R], bool]) -> bool:
    start = None
    while True:
        page, start = rows.of_account(account_id, _PAGE, start, consistent=True)
        if any(is_open(row) for row in page):
            return True
        if start is None:
            return False
