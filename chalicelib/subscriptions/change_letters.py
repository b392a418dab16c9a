"""The letter that confirms a change: what was agreed to, with the figures that were shown. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.accounts.letters import Letter, Row
from chalicelib.subscriptions.parts import monthly
from chalicelib.subscriptions.quote import ChangeQuote
from chalicelib.subscriptions.wish import Kind


def letter_of(quote: ChangeQuote, zone: ZoneInfo) -> Letter:
    """The letter about a change that is made; one for a quote."""
    ends = quote.wish.kind is Kind.CANCEL

    def day(second: int) -> str:
        return datetime.fromtimestamp(second, zone).date().isoformat()

    facts: Row = {
        "kind": quote.wish.kind.value,
        "plan": quote.named,
        "effective_on": day(quote.effective_at),
        "before_minor": monthly(quote.before)[1],
        "after_minor": monthly(quote.after)[1],
    }
    if quote.bill_at is not None and not quote.no_bill:
        facts |= {"bill_on": day(quote.bill_at), "bill_minor": quote.bill_after_minor}
    if quote.exit_fee_minor:
        facts["fee_minor"] = quote.exit_fee_minor
    if quote.wish.until_on:
        facts["until_on"] = quote.wish.until_on.isoformat()
    if quote.terms_after and quote.terms_after.minimum_ends_on and not ends:
        facts["minimum_on"] = quote.terms_after.minimum_ends_on.isoformat()
    rows = tuple(
        Row(line=line.name, words=line.words, amount_minor=line.net_minor + line.tax_minor)
        for line in quote.lines
        if line.is_change
    )
    return Letter(
        name="subscriptions/end_confirmed" if ends else "subscriptions/change_confirmed",
        object_id=quote.quote_id,
        account_id=quote.account_id,
        at=quote.confirmed_at or quote.made_at,
        currency=quote.currency,
        facts=facts,
        rows=rows,
    )
