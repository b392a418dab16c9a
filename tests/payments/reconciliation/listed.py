"""A Stripe whose objects and events can be listed, and months of business at it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from chalicelib.payments.model import Payment
from chalicelib.payments.objects import MOST_PAGES, ObjectPage, TooManyPages, Window
from chalicelib.platform.errors import Unavailable
from tests.payments.fakes import AT, FakeStripe, a_decline, a_dispute, a_refund, an_intent, as_event

CATEGORY = {"payment_intent": "charge", "refund": "refund", "dispute": "dispute"}


@dataclass
class ListedStripe(FakeStripe):
    """Lists what it knows, the newest first. `calls` are the lists that were asked for; one of them may fail."""

    per_page: int = 100
    calls: list[str] = field(default_factory=list)
    fails_at: int | None = None

    def page(self, kind: str, window: Window, after: str | None = None, **only: Any) -> ObjectPage:
        self.calls.append(kind)
        if len(self.calls) == self.fails_at:
            raise Unavailable("Stripe is down")
        since, until = window.since.timestamp(), window.until.timestamp()
        made = [about for (its_kind, _), about in self.objects.items() if its_kind == kind]
        found = sorted((each for each in made if since <= each["created"] < until), key=lambda each: each["created"])
        found.reverse()
        first = next((place + 1 for place, each in enumerate(found) if each["id"] == after), 0)
        listed, more = found[first : first + self.per_page], len(found) > first + self.per_page
        return ObjectPage(tuple(listed), listed[-1]["id"] if more else None)

    def each(self, kind: str, window: Window, most_pages: int = MOST_PAGES, **only: Any) -> Iterator[dict[str, Any]]:
        after = None
        for _ in range(most_pages):
            page = self.page(kind, window, after, **only)
            yield from (each for each in page.objects if all(each.get(name) == value for name, value in only.items()))
            after = page.after
            if after is None:
                return
        raise TooManyPages(kind, str(after))

    def says(self, event_type: str, about: dict[str, Any], at: int, event_id: str = "") -> str:
        """It knows this of the object from now on, and has an event of it; returns the body."""
        self.knows(about)
        body = as_event(event_type, about, event_id or f"evt_{len(self.objects):06}", at)
        self.knows(json.loads(body))
        return body

    def moves(
        self, amount_minor: int, source: dict[str, Any], /, category: str = "", at: int = AT, **more: Any
    ) -> None:
        """Its balance moved because of an intent's charge, a refund or a dispute."""
        if source["object"] == "payment_intent":
            of = {"payment_intent": source["id"], "metadata": source["metadata"]}
            source = {**source, **of, "id": source["id"].replace("pi_", "ch_"), "object": "charge"}
        shown = category or CATEGORY.get(source["object"], "charge")
        about = {
            "id": f"txn_{len(self.objects):06}",
            "object": "balance_transaction",
            "created": at,
            "amount": amount_minor,
            "currency": source["currency"],
            "reporting_category": shown,
            "exchange_rate": None,
            "source": source,
        }
        self.knows({**about, **more})


@dataclass
class Business:
    """What happens at Stripe to payments that the desk has begun, event by event; `bodies` are the webhooks."""

    stripe: ListedStripe
    chance: random.Random
    at: int = AT
    bodies: list[str] = field(default_factory=list)

    def happen(self, event_type: str, about: dict[str, Any]) -> None:
        self.at += 1
        self.bodies.append(self.stripe.says(event_type, about, self.at))

    def of(self, payment: Payment) -> None:
        """One payment: it may fail first, be refunded in part, be disputed and won or lost."""
        if self.chance.random() < 0.3:
            about = {**a_decline("insufficient_funds"), "latest_charge": f"ch_failed_{payment.payment_id}"}
            waiting = an_intent(payment, "requires_payment_method", created=self.at, **about)
            self.happen("payment_intent.payment_failed", waiting)
        paid = an_intent(payment, created=self.at)
        self.happen("payment_intent.succeeded", paid)
        self.stripe.moves(payment.amount_minor, paid, at=self.at)
        turn = self.chance.random()
        if turn < 0.4:
            self.refunded(payment)
        elif turn < 0.7:
            self.disputed(payment)

    def foreign(self, number: int) -> None:
        """Money that nobody asked for."""
        about = an_intent(id=f"pi_foreign_{number}", amount=700, amount_received=700, created=self.at)
        self.happen("payment_intent.succeeded", about)
        self.stripe.moves(700, about, at=self.at)

    def refunded(self, payment: Payment) -> None:
        intent, amount = f"pi_{payment.payment_id}", payment.amount_minor // 2
        pending = a_refund(f"re_{payment.payment_id}", intent, amount, "pending", created=self.at)
        self.happen("refund.created", pending)
        self.stripe.moves(-amount, pending, at=self.at)
        ends = "failed" if self.chance.random() < 0.3 else "succeeded"
        done = {**pending, "status": ends}
        self.happen("refund.updated" if ends == "succeeded" else "refund.failed", done)
        if ends == "failed":
            self.stripe.moves(amount, done, "refund_failure", at=self.at)

    def disputed(self, payment: Payment) -> None:
        intent, amount = f"pi_{payment.payment_id}", payment.amount_minor
        opened = a_dispute(f"du_{payment.payment_id}", intent, amount, created=self.at)
        self.happen("charge.dispute.created", opened)
        self.stripe.moves(-amount, opened, at=self.at)
        ended = {**opened, "status": self.chance.choice(["won", "lost"])}
        self.happen("charge.dispute.closed", ended)
        if ended["status"] == "won":
            self.stripe.moves(amount, ended, "dispute_reversal", at=self.at)
