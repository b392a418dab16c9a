"""Pages that Stripe hosts: Checkout to pay or to save a method, and the customer portal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalicelib.payments.gateway.client import Connected, keyed
from chalicelib.payments.hosted import HostedPage, PayPage, SetupPage
from chalicelib.platform.errors import Conflict, Refused

if TYPE_CHECKING:
    from stripe.checkout import Session
    from stripe.params.checkout import SessionCreateParams


class Pages(Connected):
    """Opens and closes HostedPages."""

    def pay_page(self, page: PayPage) -> HostedPage:
        """A page for the payment, one within 24 hours. Session and intent name payment and account."""
        ours = {"payment_id": page.payment_id, "account_id": page.account_id}
        currency = page.currency.lower()
        params: SessionCreateParams = {
            "mode": "payment",
            "customer": page.customer_id,
            "client_reference_id": page.payment_id,
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": currency,
                        "unit_amount": line.amount_minor,
                        "product_data": {"name": line.label},
                    },
                }
                for line in page.lines
            ],
            "metadata": ours,
            "payment_intent_data": {"metadata": ours},
            "expires_at": int(page.expires_at.timestamp()),
            "success_url": page.returns.done,
            "cancel_url": page.returns.back,
        }
        with self._stripe() as stripe:
            return _page(stripe.v1.checkout.sessions.create(params, keyed("link", page.payment_id)))

    def setup_page(self, page: SetupPage) -> HostedPage:
        """A page that saves a method for payments without the customer, one for a `setup_id` within 24 hours."""
        ours = {"setup_id": page.setup_id, "account_id": page.account_id}
        params: SessionCreateParams = {
            "mode": "setup",
            "customer": page.customer_id,
            "currency": page.currency.lower(),
            "metadata": ours,
            "setup_intent_data": {"metadata": ours},
            "success_url": page.returns.done,
            "cancel_url": page.returns.back,
        }
        with self._stripe() as stripe:
            return _page(stripe.v1.checkout.sessions.create(params, keyed("setup", page.setup_id)))

    def portal_page(self, portal_id: str, customer_id: str, return_url: str) -> HostedPage:
        """The customer's portal, one for a `portal_id`; it has to be opened within minutes and ends by itself."""
        with self._stripe() as stripe:
            session = stripe.v1.billing_portal.sessions.create(
                {"customer": customer_id, "return_url": return_url}, keyed("portal", portal_id)
            )
            return HostedPage(session.id, session.url)

    def close_page(self, page_id: str) -> None:
        """Close a page of Checkout. Raises Conflict when it is complete or has expired."""
        try:
            with self._stripe() as stripe:
                stripe.v1.checkout.sessions.expire(page_id, None, keyed("close", page_id))
        except Refused as error:
            # Stripe gives this refusal no code of its own; a session that it does not have is a 404.
            if getattr(error.__cause__, "http_status", None) != 400:
                raise
            raise Conflict("The page is complete or has expired.", reason="page_closed") from error


def _page(session: Session) -> HostedPage:
    if session.url is None:
        raise Conflict("The page is complete or has expired.", reason="page_closed")
    return HostedPage(session.id, session.url, datetime.fromtimestamp(session.expires_at, UTC))
