"""Stripe, loaded and connected when first used (the import takes over 100 ms). No object of its SDK leaves this file.

Time-outs and the one retry end well before API Gateway's 29 seconds; every POST carries a key made from our own id, so
that a repeat of ours is one action of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from chalicelib.payments.declines import GENERIC
from chalicelib.payments.events import API_VERSION
from chalicelib.payments.model import CardDeclined, Intent, Payment
from chalicelib.platform.errors import DeskError, FieldError, Refused, Unavailable, Unprocessable

if TYPE_CHECKING:
    from stripe import InvalidRequestError, PaymentIntent, StripeClient, StripeError
    from stripe.params import PaymentIntentCreateParams

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 8.0
RETRIES: Final = 1
_FIELD_BY_CODE: Final = {"amount_too_small": "/amount/amount_minor", "amount_too_large": "/amount/amount_minor"}


@dataclass(frozen=True)
class StripeGateway:
    """A CardProcessor. `api_key` is called at each use: a rotated key is taken up. `base` empty is Stripe itself."""

    api_key: Callable[[], str]
    base: str = ""

    def create_customer(self, account_id: str) -> str:
        """A customer that knows our account id and nothing personal. Raises Refused, Unavailable."""
        with _ours():
            customer = self._client().v1.customers.create(
                params={"metadata": {"account_id": account_id}},
                options={"idempotency_key": f"desk-customer-{account_id}"},
            )
            return customer.id

    def create_intent(self, payment: Payment, customer_id: str) -> Intent:
        """An intent for the payment, confirmed at once when it has a method. Raises as CardProcessor says."""
        with _ours():
            return _intent(
                self._client().v1.payment_intents.create(
                    params=_params(payment, customer_id),
                    options={"idempotency_key": f"desk-intent-{payment.payment_id}"},
                )
            )

    def read_intent(self, intent_id: str) -> Intent:
        """The intent as it is now. Raises Refused, Unavailable."""
        with _ours():
            return _intent(self._client().v1.payment_intents.retrieve(intent_id))

    def _client(self) -> StripeClient:
        return _connect(self.api_key(), self.base)


def _params(payment: Payment, customer_id: str) -> PaymentIntentCreateParams:
    params: PaymentIntentCreateParams = {
        "amount": payment.amount_minor,
        "currency": payment.currency.lower(),
        "customer": customer_id,
        "metadata": {"payment_id": payment.payment_id, "account_id": payment.account_id},
        "automatic_payment_methods": {"enabled": True},
    }
    if payment.payment_method:
        # There is no page to come back to from here, so methods that lead away are left to the app's own SDK.
        params["automatic_payment_methods"] = {"enabled": True, "allow_redirects": "never"}
        params["payment_method"] = payment.payment_method
        params["confirm"] = True
    return params


@lru_cache(maxsize=2)
def _connect(api_key: str, base: str) -> StripeClient:
    import stripe

    stripe.enable_telemetry = False
    return stripe.StripeClient(
        api_key,
        stripe_version=API_VERSION,
        base_addresses={"api": base} if base else None,
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, READ_SECONDS)),
    )


def _intent(intent: PaymentIntent) -> Intent:
    return Intent(intent.id, intent.status, intent.client_secret)


@contextmanager
def _ours() -> Iterator[None]:
    import stripe

    try:
        yield
    except stripe.CardError as error:
        raise _declined(error) from error
    except stripe.InvalidRequestError as error:
        raise _invalid(error) from error
    except (stripe.RateLimitError, stripe.APIConnectionError, stripe.APIError) as error:
        raise Unavailable("Our payment provider does not answer; nothing is lost, try again.") from error
    except stripe.StripeError as error:
        raise _refused(error) from error


def _declined(error: StripeError) -> CardDeclined:
    said = _said(error)
    intent = said.get("payment_intent") or {}
    return CardDeclined(said.get("decline_code") or said.get("code") or GENERIC, intent.get("id"))


def _invalid(error: InvalidRequestError) -> DeskError:
    if (error.param or "").startswith("payment_method"):
        wrong = FieldError("/payment_method", "our payment provider does not know it, or it cannot be used here")
        return Unprocessable("The payment method cannot be used.", [wrong])
    field = _FIELD_BY_CODE.get(error.code or "")
    if field:
        return Unprocessable("The amount cannot be paid.", [FieldError(field, str(error.code).replace("_", " "))])
    return _refused(error)


def _refused(error: StripeError) -> DeskError:
    if error.http_status in {409, 429}:
        return Unavailable("The same request is under way at our payment provider; try again.", retry_after=1)
    return Refused("Our payment provider refused the request; nothing was taken.", provider_code=error.code)


def _said(error: StripeError) -> dict[str, Any]:
    body = error.json_body
    return dict(body.get("error") or {}) if isinstance(body, dict) else {}
