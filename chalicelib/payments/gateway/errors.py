"""Errors of Stripe as ours: which of them the customer, the caller or only we can do something about, and its words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from chalicelib.payments.declines import GENERIC
from chalicelib.payments.processor import AuthenticationRequired, CardDeclined
from chalicelib.platform.errors import Conflict, DeskError, FieldError, Refused, Unavailable, Unprocessable

if TYPE_CHECKING:
    from stripe import InvalidRequestError, StripeError

_AUTHENTICATION: Final = "authentication_required"
_FIELD_BY_CODE: Final = {"amount_too_small": "/amount/amount_minor", "amount_too_large": "/amount/amount_minor"}
_STATE_BY_CODE: Final = {
    "charge_already_refunded": "The payment has been refunded in full before.",
    "charge_disputed": "The payment is disputed at the customer's bank; it cannot be refunded meanwhile.",
    "payment_intent_unexpected_state": "The payment has moved on at our payment provider; read it again.",
    "setup_intent_unexpected_state": "The set-up has moved on at our payment provider; begin anew.",
}
"""Requests that came too late: by Stripe's code, what has happened meanwhile."""


@contextmanager
def ours() -> Iterator[None]:
    """Raises CardDeclined, AuthenticationRequired, Unprocessable, Conflict, Refused and Unavailable for Stripe's."""
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


def is_absent(error: DeskError) -> bool:
    """Whether Stripe refused because it has no object under the id in the address."""
    cause = error.__cause__
    return getattr(cause, "code", None) == "resource_missing" and getattr(cause, "http_status", None) == 404


def _declined(error: StripeError) -> CardDeclined:
    said = _said(error)
    code = said.get("decline_code") or said.get("code") or GENERIC
    intent_id = (said.get("payment_intent") or {}).get("id")
    return (AuthenticationRequired if code == _AUTHENTICATION else CardDeclined)(code, intent_id)


def _invalid(error: InvalidRequestError) -> DeskError:
    code = error.code or ""
    if code in _STATE_BY_CODE:
        return Conflict(_STATE_BY_CODE[code], reason=code)
    # A bank debit whose mandate is missing was never saved on a page of Stripe's, which is where mandates are given.
    if (error.param or "").startswith(("payment_method", "mandate_data")):
        wrong = FieldError("/payment_method", "our payment provider does not know it, or it cannot be used here")
        return Unprocessable("The payment method cannot be used.", [wrong])
    field = _FIELD_BY_CODE.get(code)
    if field:
        return Unprocessable("The amount cannot be paid.", [FieldError(field, code.replace("_", " "))])
    return _refused(error)


def _refused(error: StripeError) -> DeskError:
    if error.http_status in {409, 429}:
        return Unavailable("The same request is under way at our payment provider; try again.", retry_after=1)
    return Refused("Our payment provider refused the request; nothing was taken.", provider_code=error.code)


def _said(error: StripeError) -> dict[str, Any]:
    body = error.json_body
    return dict(body.get("error") or {}) if isinstance(body, dict) else {}
