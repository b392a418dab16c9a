"""The ladder's letters: each asks for what is not disputed, offers a plan, and names who gives free advice on debts.
And what staff hear when the letters did not help. Pure."""

from __future__ import annotations

from datetime import date, datetime

from chalicelib.accounts.letters import Letter, LetterChannel, Purpose, Row
from chalicelib.collections.facts import Standing
from chalicelib.collections.ladder import Taken
from chalicelib.collections.policy import CollectionRules
from chalicelib.payments.news import Fact, News, Topic


def letter_of(taken: Taken, known: Standing, number: str, rules: CollectionRules, today: date, at: datetime) -> Letter:
    """The letter of a step. The same step of the same day is the same letter."""
    asked, country = taken.verdict.amount_minor or 0, known.customer.billing_address.country
    left_out = known.owed.due_minor(taken.invoice.invoice_id) - asked
    advice: tuple[Row, ...] = tuple(
        {"name": each.name, "phone": each.phone, "web": each.web}
        for each in rules.debt_advice
        if each.country == country
    )
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
        facts={
            "due_minor": asked,
            "due_on": taken.invoice.due_on.isoformat(),
            "number": number,
            **({"left_out_minor": left_out} if left_out > 0 else {}),
        },
        rows=advice,
    )


def hand_over_of(taken: Taken, known: Standing, number: str, at: datetime) -> News:
    """What the news desk hears when a person has to take a debt over. It happens once to an invoice."""
    return News(
        topic=Topic.DEBT_HANDED_OVER, object_id=taken.invoice.invoice_id, at=at, account_id=known.owed.account_id,
        amount_minor=taken.verdict.amount_minor, currency=known.owed.currency,
        facts={Fact.DUE_ON: taken.invoice.due_on.isoformat(), Fact.INVOICE_NUMBER: number},
    )  # fmt: skip
