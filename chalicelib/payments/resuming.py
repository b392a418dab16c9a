"""Goes on with refunds that broke off before Stripe answered, so that money asked back is not forgotten."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Final

from chalicelib.payments.refund import RefundStatus
from chalicelib.payments.refunds import Refunds
from chalicelib.platform.errors import Conflict, Refused, Unavailable, Unprocessable

PATIENCE: Final = timedelta(hours=1)
"""Whoever asked may still ask again; after that the desk does."""
DAYS: Final = 7


def resume(refunds: Refunds) -> int:
    """Ask Stripe again for what was asked for in the last week and is without an answer; how many went on.

    What Stripe refuses is let go, what it cannot answer now stays for the next time.
    """
    now, gone_on = refunds.clock(), 0
    for day in (now.date() - timedelta(days=n) for n in range(DAYS)):
        for refund in refunds.payments.refunds_asked_on(day):
            if refund.status is RefundStatus.REQUESTED and now - refund.created_at > PATIENCE:
                with suppress(Refused, Conflict, Unprocessable, Unavailable):
                    refunds.go_on(refund)
                    gone_on += 1
    return gone_on
