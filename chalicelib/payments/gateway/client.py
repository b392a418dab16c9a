"""The one client of Stripe: loaded and connected when first used (the import takes over 100 ms).

A call that gets no answer ends with its one retry before API Gateway's 29 seconds. Several slow ones in a row may not:
each has a key of ours, so that the caller's repeat finds what was done. Nothing is told about this machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from chalicelib.payments.events import API_VERSION
from chalicelib.payments.gateway.errors import ours

if TYPE_CHECKING:
    from stripe import RequestOptions, StripeClient

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 8.0
RETRIES: Final = 1


@dataclass(frozen=True)
class Connected:
    """Has a client. `api_key` is called at each use: a rotated key is taken up. `base` empty is Stripe itself."""

    api_key: Callable[[], str]
    base: str = ""

    @contextmanager
    def _stripe(self) -> Iterator[StripeClient]:
        """The client, with each error of its calls as one of ours."""
        with ours():
            yield connect(self.api_key(), self.base)

    def _json(self, path: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a GET as it was sent: whole, with fields that the SDK does not know, numbers as they stand."""
        with self._stripe() as stripe:
            answer = stripe.raw_request("get", path, **params)
        found: dict[str, Any] = json.loads(answer.body)
        return found


def keyed(action: str, our_id: str) -> RequestOptions:
    """The options of a POST: its idempotency key is made from our own id, so that a repeat is one action of theirs."""
    return {"idempotency_key": f"desk-{action}-{our_id}"}


@lru_cache(maxsize=2)
def connect(api_key: str, base: str) -> StripeClient:
    """A client of the pinned API version."""
    import stripe

    stripe.enable_telemetry = False
    return stripe.StripeClient(
        api_key,
        stripe_version=API_VERSION,
        base_addresses={"api": base} if base else None,
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, READ_SECONDS)),
    )
