"""News of money, and an account that it is about."""

from __future__ import annotations

from typing import Any

from chalicelib.accounts.model import AccountKind, Profile
from chalicelib.payments.news import Fact, News, PaidPart, Topic
from tests.cases.builders import ADVISOR, NOON, Desk


def an_account(desk: Desk, *emails: str, language: str = "en-GB") -> str:
    """The id of a new account."""
    profile = Profile.model_validate(
        {
            "name": {"given": "Ada", "family": "Lovelace"}, "emails": emails, "language": language,
            "billing_address": {"line1": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"},
        }
    )  # fmt: skip
    return desk.accounts.create(profile, AccountKind.CONSUMER, "GBP", ADVISOR).account_id


def news(topic: Topic, account_id: str | None, **given: Any) -> News:
    base: dict[str, Any] = {
        "topic": topic, "object_id": "pay_1", "at": NOON, "account_id": account_id, "amount_minor": 5000,
        "currency": "GBP",
    }  # fmt: skip
    return News.model_validate(base | given)


def failed(account_id: str | None, charge: str = "ch_1", **facts: str) -> News:
    """A payment without the customer that the bank declined."""
    words = {"decline_code": "insufficient_funds", "started_by": "desk", **facts}
    return news(Topic.PAYMENT_FAILED, account_id, occasion=charge, facts=words)


def paid(account_id: str | None, *parts: tuple[str, int, int], balance: int = 0) -> News:
    """A payment that was booked; parts are invoice, what it got, what is left of it."""
    split = tuple(PaidPart(invoice_id=i, amount_minor=amount, left_minor=left) for i, amount, left in parts)
    return news(Topic.PAYMENT_SUCCEEDED, account_id, parts=split, balance_minor=balance)


def disputed(account_id: str | None, topic: Topic = Topic.DISPUTE_OPENED, **given: Any) -> News:
    facts = {Fact.REASON: "product_not_received", Fact.PAYMENT_ID: "pay_1"} | given.pop("facts", {})
    return news(topic, account_id, object_id="dp_1", facts=facts, **given)
