"""A local Stripe as the tests drive it: with the real SDK, and with bare HTTP where the SDK would not let them."""

import http.client
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import stripe

from infra.local.stripe.server import LocalStripe, Settings
from infra.local.stripe.values import Clock

API_KEY = "sk_test_desk"
SECRET = "whsec_desk"
RETURN_URL = "https://desk.example/return"


@dataclass(frozen=True)
class Reply:
    """A bare HTTP answer."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.text)
        return body

    @property
    def error(self) -> dict[str, Any]:
        error: dict[str, Any] = self.body["error"]
        return error


@dataclass(frozen=True)
class Desk:
    """A running server and a client of it."""

    server: LocalStripe
    client: stripe.StripeClient

    @property
    def v1(self) -> stripe.V1Services:
        return self.client.v1

    def http(self, method: str, path: str, body: str | bytes = "", **headers: str) -> Reply:
        """One request as written; header names use underscores for dashes. An empty header is not sent."""
        given = {"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/x-www-form-urlencoded"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=20)
        try:
            sent = {name: value for name, value in given.items() if value}
            connection.request(method, path, body or None, sent)
            answer = connection.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), answer.read().decode())
        finally:
            connection.close()

    def control(self, what: str, **body: Any) -> dict[str, Any]:
        """A control call that must work."""
        reply = self.http("POST", f"/_control/{what}", json.dumps(body), Content_Type="application/json")
        assert reply.status == 200, reply.text
        return reply.body

    def paid(self, amount: int = 1000, card: str = "pm_card_visa", **more: Any) -> stripe.PaymentIntent:
        """A payment intent that was confirmed at once."""
        params: Any = {"amount": amount, "currency": "gbp", "payment_method": card, "confirm": True}
        return self.v1.payment_intents.create(params | {"return_url": RETURN_URL} | more)

    def declined(self, card: str, **more: Any) -> stripe.CardError:
        """The error of a payment that must not succeed."""
        try:
            intent = self.paid(card=card, **more)
        except stripe.CardError as error:
            return error
        raise AssertionError(f"{card} ended {intent.status}")

    def newest_event(self) -> str:
        """The id of the last event so far."""
        return self.v1.events.list({"limit": 1}).data[0].id

    def event_types(self) -> list[str]:
        """Every event so far, oldest first."""
        return [str(event.type) for event in self.v1.events.list({"limit": 100}).auto_paging_iter()][::-1]


def start(state: Path, webhook_url: str | None = None, clock: Clock = time.time) -> Desk:
    """A server on a free port, with this state."""
    secrets = (SECRET,) if webhook_url else ()
    settings = Settings(state, api_keys=(API_KEY,), webhook_url=webhook_url, webhook_secrets=secrets)
    server = LocalStripe(settings, clock)
    server.start()
    client = stripe.StripeClient(API_KEY, base_addresses={"api": server.url}, max_network_retries=0)
    return Desk(server, client)


def customers(desk: Desk, count: int) -> list[str]:
    """Make so many customers, one event each; their ids in order."""
    return [desk.v1.customers.create({"name": f"n{number}"}).id for number in range(count)]
