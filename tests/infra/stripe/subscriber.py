"""What the tests of subscriptions begin with: a price, a customer of a test clock, and days that pass."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import stripe

from tests.infra.stripe.desk import Desk

DAY = 86400


def at(text: str) -> int:
    """The second of an ISO time in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def wait_until(done: Callable[[], bool], seconds: float = 30) -> None:
    """Return once it is done."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.01)


def price(desk: Desk, amount: int = 3000, interval: str = "month", **more: Any) -> str:
    """A recurring price of a new product."""
    recurring = {"interval": interval, **more.pop("recurring", {})}
    given: Any = {"currency": "gbp", "product_data": {"name": "Fibre"}, "unit_amount": amount, "recurring": recurring}
    return desk.v1.prices.create(given | more).id


@dataclass(frozen=True)
class Subscriber:
    """A customer in the time of a clock of its own."""

    desk: Desk
    clock: str
    id: str

    @classmethod
    def begin(cls, desk: Desk, when: str = "2027-01-31T10:00:00", card: str | None = "pm_card_visa") -> "Subscriber":
        """A customer whose time begins here, with this card as the default one."""
        clock = desk.v1.test_helpers.test_clocks.create({"frozen_time": at(when)}).id
        found = cls(desk, clock, desk.v1.customers.create({"test_clock": clock, "name": "Ada"}).id)
        if card:
            found.use(card)
        return found

    def use(self, card: str) -> None:
        """Make this card the default one."""
        saved = self.desk.v1.payment_methods.attach(card, {"customer": self.id}).id
        self.desk.v1.customers.update(self.id, {"invoice_settings": {"default_payment_method": saved}})

    def until(self, when: str | int) -> None:
        """Let the time pass until then."""
        moment = at(when) if isinstance(when, str) else when
        clocks = self.desk.v1.test_helpers.test_clocks
        clocks.advance(self.clock, {"frozen_time": moment})
        wait_until(lambda: clocks.retrieve(self.clock).status != "advancing")
        assert clocks.retrieve(self.clock).status == "ready"

    def subscribe(self, *prices: str, **more: Any) -> stripe.Subscription:
        """A subscription of these prices."""
        given: Any = {"customer": self.id, "items": [{"price": each} for each in prices]}
        return self.desk.v1.subscriptions.create(given | more)

    def invoices(self) -> list[stripe.Invoice]:
        """The customer's invoices, oldest first."""
        return self.desk.v1.invoices.list({"customer": self.id, "limit": 100}).data[::-1]

    def now(self, subscription: stripe.Subscription) -> stripe.Subscription:
        """The subscription as it stands now."""
        return self.desk.v1.subscriptions.retrieve(subscription.id)


def period(subscription: stripe.Subscription) -> tuple[int, int]:
    """The present period of its first item."""
    item = subscription.to_dict()["items"]["data"][0]
    return item["current_period_start"], item["current_period_end"]
