"""The background worker that sends signed webhooks, one at a time, until each is answered with 2xx."""

import hashlib
import hmac
import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field

from infra.local.stripe.faults import DeliveryState
from infra.local.stripe.outbox import Delivery, Outbox
from infra.local.stripe.values import Json, public

_TIMEOUT_SECONDS = 10.0
_IDLE_SECONDS = 5.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Stripe takes a redirect for a failure."""

    def redirect_request(self, *_: object) -> None:
        return None


# No proxy of the environment may stand between this machine and itself.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def signature(payload: bytes, secrets: Sequence[str], at: int) -> str:
    """The `Stripe-Signature` header: the time and one v1 signature for each secret, as during a secret's rotation."""
    message = f"{at}.".encode() + payload
    signs = [hmac.new(secret.encode(), message, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={at}", *(f"v1={sign}" for sign in signs)])


@dataclass
class Courier:
    """Sends what the outbox holds. `wake` after a commit; `flush` to send everything at once and wait for it."""

    outbox: Outbox
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _running: bool = False
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin sending."""
        self._running = True
        self._thread = threading.Thread(target=self._work, name="webhook-courier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the delivery under way; what is left waits for the next start."""
        self._running = False
        self.wake()
        if self._thread:
            self._thread.join(_TIMEOUT_SECONDS + 1)

    def wake(self) -> None:
        """Something may be due."""
        with self._changed:
            self._changed.notify_all()

    def flush(self, timeout_seconds: float) -> bool:
        """Send all that waits, without lateness or back-off; True when nothing is left before the time is over."""
        deadline = time.monotonic() + timeout_seconds
        with self.outbox.store.transaction():
            self.outbox.hurry()
        with self._changed:
            self._changed.notify_all()
            while self.outbox.count(DeliveryState.PENDING) and time.monotonic() < deadline:
                self._changed.wait(min(0.5, max(0.0, deadline - time.monotonic())))
        return self.outbox.count(DeliveryState.PENDING) == 0

    def _work(self) -> None:
        while self._running:
            with self.outbox.store.transaction():
                delivery = self.outbox.next_due()
            if delivery:
                self._deliver(delivery)
            else:
                self._rest()

    def _rest(self) -> None:
        with self._changed:
            wait = self.outbox.seconds_to_next()
            if self._running and wait != 0:
                self._changed.wait(_IDLE_SECONDS if wait is None else min(wait, _IDLE_SECONDS))

    def _deliver(self, delivery: Delivery) -> None:
        ok, result = self._post(delivery.endpoint, delivery.event)
        with self.outbox.store.transaction():
            (self.outbox.delivered if ok else self.outbox.failed)(delivery, result)
        self.wake()

    def _post(self, endpoint: Json, event: Json) -> tuple[bool, str]:
        payload = json.dumps(public(event), indent=2).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": signature(payload, endpoint["_secrets"], int(self.outbox.clock())),
        }
        try:
            request = urllib.request.Request(endpoint["url"], payload, headers)
            with _OPENER.open(request, timeout=_TIMEOUT_SECONDS) as answer:
                return 200 <= answer.status < 300, str(answer.status)
        except urllib.error.HTTPError as refusal:
            refusal.close()
            return False, str(refusal.code)
        except (OSError, ValueError, http.client.HTTPException) as problem:
            return False, type(problem).__name__
