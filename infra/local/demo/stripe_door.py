"""The local Stripe as others use it: customers on its pages, a company's other systems, banks, and bad luck."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

_VERSION = "2026-10-28.endive"


@dataclass(frozen=True)
class Page:
    """The page at which a customer ends up."""

    url: str
    text: str


@dataclass(frozen=True)
class StripeDoor:
    """Every call raises urllib.error.HTTPError for an answer of 4xx or 5xx."""

    base: str
    api_key: str

    @classmethod
    def of(cls, handle: Mapping[str, Any]) -> StripeDoor:
        """The local Stripe of a running desk, by the desk's handle."""
        return cls(handle["stripe"]["api_base"], handle["stripe"]["api_key"])

    def get(self, path: str) -> Any:
        """Read something of its API."""
        return self._answer(urllib.request.Request(self.base + path, headers=self._headers()))

    def post(self, path: str, params: Mapping[str, Any], key: str = "") -> Any:
        """Change something by its API; what is nested goes as `a[b]`. With a key, a repeat is answered as the first."""
        headers = self._headers() | ({"Idempotency-Key": key} if key else {})
        return self._answer(urllib.request.Request(self.base + path, urlencode(list(_flat(params))).encode(), headers))

    def open(self, url: str, **fields: str) -> Page:
        """What a customer sees who opens a page, or sends its form with these fields."""
        sent = urlencode(fields).encode() if fields else None
        with urllib.request.urlopen(urllib.request.Request(url, sent), timeout=30) as answer:
            return Page(answer.url, answer.read().decode())

    def approve(self, intent_id: str, result: str = "success") -> Page:
        """The customer answers the bank's question about a payment: `success` or `failure`."""
        secret = self.get(f"/v1/payment_intents/{intent_id}")["client_secret"]
        return self.open(f"{self.base}/_hosted/authenticate/{intent_id}?client_secret={secret}", result=result)

    def settle(self, object_id: str) -> None:
        """What banks would say of an object in days, they say now."""
        self._control("settle", {"object": object_id, "within_seconds": 10 * 86400})

    def flush(self) -> None:
        """Send at once every webhook that waits."""
        self._control("flush", {"timeout_seconds": 60})

    @contextmanager
    def faults(self, **plan: Any) -> Iterator[None]:
        """While this holds, new webhooks go wrong as planned; those that were held back go out at the end."""
        self._control("webhooks", plan)
        try:
            yield
        finally:
            self._control("webhooks", {})
            self.flush()

    def _control(self, call: str, body: Mapping[str, Any]) -> Any:
        headers = {"Content-Type": "application/json"}
        return self._answer(
            urllib.request.Request(f"{self.base}/_control/{call}", json.dumps(body).encode(), headers, method="POST")
        )

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.api_key}", "Stripe-Version": _VERSION}

    def _answer(self, request: urllib.request.Request) -> Any:
        with urllib.request.urlopen(request, timeout=90) as answer:
            return json.load(answer)


def _flat(params: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, str]]:
    for name, value in params.items():
        path = f"{within}[{name}]" if within else name
        if isinstance(value, Mapping):
            yield from _flat(value, path)
        elif isinstance(value, list | tuple):
            yield from _flat({str(index): each for index, each in enumerate(value)}, path)
        else:
            yield path, str(value).lower() if isinstance(value, bool) else str(value)
