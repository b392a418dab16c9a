"""From a change quote to what the API shows of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

from chalicelib.platform.money import Money
from chalicelib.subscriptions.parts import monthly
from chalicelib.subscriptions.quote import ChangeQuote, Comparison, QuotedLine, RiseNotice
from chalicelib.subscriptions.terms import Terms
from chalicelib.subscriptions.views import (
    ChangeQuoteView,
    ComparisonView,
    ConsequenceView,
    DifferenceView,
    MonthlyView,
    QuotedBillView,
    QuotedLineView,
    RiseView,
)

Amount = Callable[[int], Money]


def quote_view(quote: ChangeQuote) -> ChangeQuoteView:
    """The quote as it is shown."""
    money = partial(_money, quote.currency)
    (before, before_taxed), (after, after_taxed) = monthly(quote.before), monthly(quote.after)
    return ChangeQuoteView(
        **quote.model_dump(
            include={
                "quote_id", "subscription_id", "account_id", "state", "made_at", "offer_code", "offer_version",
                "confirmed_at",
            }
        ),
        kind=quote.wish.kind,
        expires_at=quote.valid_until,
        effective_at=quote.effective,
        bill=_bill(quote, money),
        monthly=MonthlyView(
            before=money(before), before_with_tax=money(before_taxed), after=money(after),
            after_with_tax=money(after_taxed),
        ),
        contract_ends_before=_ends(quote.terms_before),
        contract_ends_after=_ends(quote.terms_after),
        exit_fee=money(quote.exit_fee_minor),
        price_rises=[_rise(rise, money) for rise in quote.price_rises],
        consequences=[ConsequenceView(**each.model_dump()) for each in quote.consequences],
        policy_version=quote.rules_version,
        comparison=_comparison(quote.comparison, money) if quote.comparison else None,
    )  # fmt: skip


def _bill(quote: ChangeQuote, money: Amount) -> QuotedBillView:
    return QuotedBillView(
        bill_at=_instant(quote.bill_at) if quote.bill_at else None,
        total_before=money(quote.bill_before_minor),
        total_after=money(quote.bill_after_minor),
        is_collected=not quote.no_bill,
        lines=[_line(line, money) for line in quote.lines],
    )


def _line(line: QuotedLine, money: Amount) -> QuotedLineView:
    return QuotedLineView(
        name=line.name,
        is_credit=line.net_minor < 0,
        is_change=line.is_change,
        starts_at=_instant(line.starts_at),
        ends_at=_instant(line.ends_at),
        net=money(line.net_minor),
        tax=money(line.tax_minor),
        arithmetic=line.words,
        whole=None if line.whole_minor is None else money(line.whole_minor),
        seconds=line.seconds,
        of_seconds=line.of_seconds,
    )


def _rise(rise: RiseNotice, money: Amount) -> RiseView:
    by, with_tax = money(rise.by_minor), money(rise.by_with_tax_minor)
    return RiseView(from_on=rise.from_on, by=by, by_with_tax=with_tax, text=rise.text)


def _comparison(found: Comparison, money: Amount) -> ComparisonView:
    return ComparisonView(
        invoice_id=found.invoice_id,
        is_kept=found.is_kept,
        quoted=money(found.quoted_minor),
        billed=money(found.billed_minor),
        differences=[
            DifferenceView(
                name=each.name,
                quoted=None if each.quoted_minor is None else money(each.quoted_minor),
                billed=None if each.billed_minor is None else money(each.billed_minor),
                cause=each.cause,
            )
            for each in found.differences
        ],
        compared_at=found.compared_at,
    )


def _ends(terms: Terms | None) -> date | None:
    return terms.minimum_ends_on if terms else None


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def _money(currency: str, amount_minor: int) -> Money:
    return Money(amount_minor=amount_minor, currency=currency)
