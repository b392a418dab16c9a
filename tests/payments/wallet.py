"""A Stripe that can be read, with saved payment methods and pages for the customer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from chalicelib.payments.hosted import HostedPage, PayPage, SetupPage
from chalicelib.payments.methods_model import MethodKind, SavedMethod
from chalicelib.platform.errors import Refused, Unprocessable
from tests.payments.fakes import AT, FakeStripe

ADDED = datetime.fromtimestamp(AT, UTC)
TOO_SMALL_MINOR = 30
"""Stripe takes no payment below."""


@dataclass
class FakeWallet(FakeStripe):
    """Pages by their key, as Stripe keeps them: asked again with the same words, it gives the same page."""

    methods: dict[str, SavedMethod] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    pay_pages: dict[str, PayPage] = field(default_factory=dict)
    setup_pages: dict[str, SetupPage] = field(default_factory=dict)
    portals: list[tuple[str, str]] = field(default_factory=list)

    def saves(self, method_id: str, customer_id: str) -> None:
        """The customer has saved a card on Stripe's page."""
        self.methods[method_id] = SavedMethod(
            method_id, customer_id, MethodKind.CARD, ADDED, brand="visa", last4="4242", expiry=(2028, 2)
        )

    def methods_of(self, customer_id: str) -> tuple[SavedMethod, ...]:
        self._answer()
        default = self.defaults.get(customer_id)
        own = (method for method in self.methods.values() if method.customer_id == customer_id)
        return tuple(replace(method, is_default=method.method_id == default) for method in own)

    def read_method(self, method_id: str) -> SavedMethod | None:
        self._answer()
        return self.methods.get(method_id)

    def default_method_of(self, customer_id: str) -> str | None:
        return self.defaults.get(customer_id)

    def make_default(self, customer_id: str, method_id: str, action_id: str) -> None:
        assert self.methods[method_id].customer_id == customer_id
        self.defaults[customer_id] = method_id

    def detach(self, method_id: str) -> None:
        method = self.methods[method_id]
        self.methods[method_id] = replace(method, customer_id=None)
        self.defaults.pop(method.customer_id or "", None)

    def setup_page(self, page: SetupPage) -> HostedPage:
        self._answer()
        assert self.setup_pages.setdefault(page.setup_id, page) == page
        return HostedPage(f"cs_{page.setup_id}", f"https://pages.example/{page.setup_id}")

    def pay_page(self, page: PayPage) -> HostedPage:
        self._answer()
        if sum(line.amount_minor for line in page.lines) < TOO_SMALL_MINOR:
            raise Unprocessable("too small")
        if self.pay_pages.setdefault(page.payment_id, page) != page:
            raise Refused("one key, two pages")
        return HostedPage(f"cs_{page.payment_id}", f"https://pages.example/{page.payment_id}", page.expires_at)

    def portal_page(self, portal_id: str, customer_id: str, return_url: str) -> HostedPage:
        self._answer()
        self.portals.append((customer_id, return_url))
        return HostedPage(portal_id, f"https://pages.example/{portal_id}")

    def close_page(self, page_id: str) -> None:
        raise AssertionError("nobody closes pages here")
