"""Tells of a bill that is not what was promised, so that somebody looks before the customer has to ask."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.payments.news import Fact, News, Newsroom, Topic
from chalicelib.platform.money import Money, spoken
from chalicelib.subscriptions.quote import ChangeQuote, Comparison, Difference


@dataclass(frozen=True)
class BrokenPromises:
    """A Differences."""

    newsroom: Newsroom

    def tell(self, quote: ChangeQuote, comparison: Comparison) -> None:
        """Tell it with each line that differs and why; once for a quote. Raises Unavailable."""

        def said(minor: int | None) -> str:
            return "nothing" if minor is None else spoken(Money(amount_minor=minor, currency=quote.currency))

        def line(each: Difference) -> str:
            return f"{each.name}: {said(each.billed_minor)} instead of {said(each.quoted_minor)} ({each.cause})"

        self.newsroom.tell(
            News(
                topic=Topic.QUOTE_BROKEN,
                object_id=quote.quote_id,
                at=comparison.compared_at,
                account_id=quote.account_id,
                amount_minor=comparison.billed_minor,
                currency=quote.currency,
                facts={
                    Fact.EXPECTED: f"{said(comparison.quoted_minor)} in quote {quote.quote_id}",
                    Fact.FOUND: f"bill {comparison.invoice_id}; " + "; ".join(map(line, comparison.differences)),
                },
            )
        )
