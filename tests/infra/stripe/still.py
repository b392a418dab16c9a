"""A local Stripe without a socket or a thread: calls go straight to it, and what they set going happens at once.

The same application as the server's, several times faster, for those who play thousands of histories.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import stripe
from werkzeug.test import Client
from werkzeug.wrappers import Response

from chalicelib.payments.gateway import StripeGateway
from chalicelib.payments.gateway.errors import ours
from infra.local.stripe.courier import Courier
from infra.local.stripe.outbox import Outbox
from infra.local.stripe.routes import JOBS, LISTENERS
from infra.local.stripe.scheduler import Scheduler
from infra.local.stripe.server import Application, LocalStripe
from infra.local.stripe.store import Store
from infra.local.stripe.values import Clock, random_id
from tests.infra.stripe.desk import Desk

KEY = "sk_test_still"
_BASE = "http://stripe.invalid"


class _Straight(stripe.HTTPClient):
    """Calls the application in place of the network."""

    name = "straight"

    def __init__(self, application: Application, scheduler: Scheduler) -> None:
        super().__init__()
        self._client, self._scheduler = Client(application, Response), scheduler

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        path = url.removeprefix(_BASE)
        answer = self._client.open(path, method=method.upper(), headers=dict(headers or {}), data=post_data or None)
        if path.endswith("/advance"):
            self._scheduler.catch_up()
        return answer.get_data(as_text=True), answer.status_code, dict(answer.headers)

    def close(self) -> None:
        """There is nothing to close."""


@dataclass(frozen=True)
class _Gateway(StripeGateway):
    """The desk's gateway before a still Stripe."""

    still: stripe.StripeClient | None = None

    @contextmanager
    def _stripe(self) -> Iterator[stripe.StripeClient]:
        assert self.still is not None
        with ours():
            yield self.still


class StillStripe:
    """One Stripe of its own, in memory. `stop` it in the end."""

    def __init__(self, clock: Clock = time.time) -> None:
        self._store = Store(Path(":memory:"))
        outbox = Outbox(self._store, clock, LISTENERS)
        scheduler = Scheduler(outbox, random_id, JOBS, told=lambda: None)
        straight = _Straight(Application(Courier(outbox), scheduler, random_id, (KEY,)), scheduler)
        self._client = stripe.StripeClient(
            KEY, base_addresses={"api": _BASE}, max_network_retries=0, http_client=straight
        )
        self.url = _BASE

    @property
    def desk(self) -> Desk:
        """What drives it."""
        return Desk(cast("LocalStripe", self), self._client)

    @property
    def gateway(self) -> StripeGateway:
        """The desk's gateway to it."""
        return _Gateway(lambda: KEY, _BASE, self._client)

    def stop(self) -> None:
        """Forget it."""
        self._store.close()
