"""The ladder's letters: each asks for what is not disputed, offers a plan, and names who gives free advice on debts.
And what the rest of the desk hears of late bills. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from chalicelib.accounts.letters import Letter, LetterChannel, Purpose, Row
from chalicelib.collections.facts import Standing
from chalicelib.collections.ladder import Place, Taken
from chalicelib.collections.policy import CollectionRules
from chalicelib.payments.news import Fact, News, Topic


def letter_of(taken: Taken, known: Standing, number: str, rules: CollectionRules, today: date, at: datetime) -> Letter:
    """The letter of a step. The same step of the same day is the same letter."""
    asked, due = taken.verdict.amount_minor or 0, known.owed.due_minor(taken.invoice.invoice_id)
    facts: Row = {"due_minor": asked, "due_on": taken.invoice.due_on.isoformat(), "number": number}
    if due > asked:
        facts["left_out_minor"] = due - asked
    return Letter(
        name=f"collections/{taken.step.letter}",
        object_id=taken.invoice.invoice_id,
        occasion=f"{taken.step.name}@{today}",
        account_id=known.owed.account_id,
        at=at,
        purpose=Purpose.COLLECTION,
        channel=taken.step.channel,
        to=known.customer.address(LetterChannel.SMS) if taken.step.channel is LetterChannel.SMS else None,
        currency=known.owed.currency,
        facts=facts,
        rows=_advice(known.customer.billing_address.country, rules),
    )


def _advice(country: str, rules: CollectionRules) -> tuple[Row, ...]:
    fit = [each for each in rules.debt_advice if each.country == country]
    return tuple({"name": each.name, "phone": each.phone, "web": each.web} for each in fit)


def hand_over_of(taken: Taken, known: Standing, number: str, at: datetime) -> News:
    """What the news desk hears when a person has to take a debt over. It happens once to an invoice."""
    return News(
        topic=Topic.DEBT_HANDED_OVER, object_id=taken.invoice.invoice_id, at=at, account_id=known.owed.account_id,
        amount_minor=taken.verdict.amount_minor, currency=known.owed.currency,
        facts={Fact.DUE_ON: taken.invoice.due_on.isoformat(), Fact.INVOICE_NUMBER: number},
    )  # fmt: skip


def overdue_news(known: Standing, places: Iterable[Place], at: datetime) -> tuple[News, ...]:
    """That these invoices became late, of those which were not on the ladder yet. It says nothing to the customer."""
    before = {place.invoice_id for place in known.ladder.places}
    new = {place.invoice_id for place in places} - before
    return tuple(
        News(
            topic=Topic.INVOICE_OVERDUE, object_id=late.invoice_id, at=at, account_id=known.owed.account_id,
            amount_minor=late.due_minor, currency=known.owed.currency, facts={Fact.DUE_ON: late.due_on.isoformat()},
        )
        for late in known.owed.payable()
        if late.invoice_id in new
    )  # fmt: skip
