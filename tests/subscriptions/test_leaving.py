"""What leaving early costs is on the bill that was quoted."""

from __future__ import annotations

from datetime import date

from chalicelib.subscriptions.wish import Kind
from tests.infra.stripe.desk import Desk
from tests.subscriptions.selling import Selling, second


def test_a_fee_is_quoted_on_the_bill_that_it_comes_with(stripe_desk: Desk) -> None:
    """With a month's notice the part goes when a later period ends, and its fee comes with the bill before that."""
    selling = Selling.open(stripe_desk)
    selling.take("FIBRE-100", "FIBRE-500")
    selling.until("2027-02-11T10:00:00")
    selling.bound(date(2027, 6, 15), exit_fee={"per_month_minor": 1500}, notice_days=30)

    quote = selling.asked(Kind.CANCEL)

    assert quote.effective_at == second("2027-04-01T10:00:00")
    assert quote.exit_fee_minor == 3750
    assert quote.bill_at == second("2027-03-01T10:00:00")
    assert quote.bill_after_minor == (2750 + 3500 + 3750) * 12 // 10

    selling.agreed(quote)
    selling.until("2027-03-01T12:00:00")
    assert selling.compared(quote).is_kept
    selling.until("2027-04-01T12:00:00")
    assert selling.someone.invoices()[-1].total == 3500 * 12 // 10
