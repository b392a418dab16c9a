"""What a customer is told when the bank says no, one row a decline code of cards and of direct debits.

Stripe's advice (docs.stripe.com/declines/codes) is to hide from the customer that a card is reported lost or stolen, or
that the payment looks fraudulent: those are shown as a generic decline, whoever asks. The payment keeps the true code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

GENERIC: Final = "generic_decline"
REFUSED: Final = "refused"
"""Our own code: Stripe did not accept the request itself."""


@dataclass(frozen=True)
class Decline:
    """A decline as it may be shown."""

    code: str
    words: str


_ASK_BANK = "Your bank declined the payment and gives no reason. Contact your bank, or use another payment method."
_TRY_AGAIN = "The payment could not be processed just now. Nothing was taken. Try again in a few minutes."
_APPROVE = "Your bank wants you to approve this payment. Start again and approve it when asked."
_NOT_APPROVED = "The payment was not approved, so nothing was taken. Start again, or use another payment method."
_ACCOUNT_GONE = "The bank account is closed. Use another account or another payment method."
_WRONG_ACCOUNT = "The details of the bank account are wrong. Check them, or use another payment method."
_NO_DEBITS = "This bank account does not take this direct debit. Contact your bank, or use another payment method."
_NOT_AUTHORIZED = "This direct debit was not agreed to with your bank. Set it up again, or use another payment method."
_OTHER_CARD = "This card cannot be used for this payment. Use another payment method."
_CHECK = "Check it and try again, or use another payment method."

_WORDS: Final[dict[str, str]] = {
    GENERIC: _ASK_BANK,
    REFUSED: "The payment could not be started, and nothing was taken. Try again, or contact us.",
    "account_closed": _ACCOUNT_GONE,
    "approve_with_id": "Your bank could not authorise the payment. Try again; if it happens again, contact your bank.",
    "authentication_not_handled": _APPROVE,
    "authentication_required": _APPROVE,
    "bank_account_closed": _ACCOUNT_GONE,
    "bank_account_frozen": _NO_DEBITS,
    "bank_account_invalid_details": _WRONG_ACCOUNT,
    "bank_account_restricted": _NO_DEBITS,
    "bank_account_unusable": _NO_DEBITS,
    "call_issuer": _ASK_BANK,
    "card_not_supported": "This card does not support this kind of payment. Use another payment method.",
    "card_velocity_exceeded": "Your card's limit is reached. Contact your bank, or use another payment method.",
    "currency_not_supported": "This card cannot pay in this currency. Use another payment method.",
    "debit_not_authorized": _NOT_AUTHORIZED,
    "do_not_honor": _ASK_BANK,
    "do_not_try_again": _ASK_BANK,
    "duplicate_transaction": "The same amount was paid a moment ago. Look at your payments before you try again.",
    "expired_card": "Your card has expired. Use another card.",
    "incorrect_address": f"The billing address does not match the card. {_CHECK}",
    "incorrect_cvc": f"The security code is wrong. {_CHECK}",
    "incorrect_number": f"The card number is wrong. {_CHECK}",
    "incorrect_pin": f"The PIN is wrong. {_CHECK}",
    "incorrect_zip": f"The postal code does not match the card. {_CHECK}",
    "insufficient_funds": "There is not enough money for this payment. Use another payment method, or pay a part.",
    "invalid_account": "The card or its account is not valid. Contact your bank, or use another payment method.",
    "invalid_amount": "Your bank does not allow a payment of this amount. Contact your bank, or pay in parts.",
    "invalid_cvc": f"The security code is wrong. {_CHECK}",
    "invalid_expiry_month": f"The expiry month is wrong. {_CHECK}",
    "invalid_expiry_year": f"The expiry year is wrong. {_CHECK}",
    "invalid_number": f"The card number is wrong. {_CHECK}",
    "invalid_pin": f"The PIN is wrong. {_CHECK}",
    "issuer_not_available": "Your bank could not be reached. Nothing was taken. Try again in a few minutes.",
    "new_account_information_available": "The card or its account has changed. Contact your bank, or use another card.",
    "no_account": _WRONG_ACCOUNT,
    "no_action_taken": _ASK_BANK,
    "not_permitted": _OTHER_CARD,
    "offline_pin_required": "Your bank needs the card and its PIN. Use another payment method.",
    "online_or_offline_pin_required": "Your bank needs the card and its PIN. Use another payment method.",
    "payment_intent_authentication_failure": _NOT_APPROVED,
    "payment_intent_payment_attempt_expired": _NOT_APPROVED,
    "payment_method_customer_decline": _NOT_APPROVED,
    "payment_method_provider_timeout": _TRY_AGAIN,
    "pin_try_exceeded": "The PIN was wrong too often. Use another payment method.",
    "processing_error": _TRY_AGAIN,
    "reenter_transaction": _TRY_AGAIN,
    "revocation_of_all_authorizations": _ASK_BANK,
    "revocation_of_authorization": _ASK_BANK,
    "service_not_allowed": _OTHER_CARD,
    "stop_payment_order": _ASK_BANK,
    "testmode_decline": "A test card was used. Use a real card.",
    "transaction_not_allowed": _OTHER_CARD,
    "try_again_later": _TRY_AGAIN,
    "withdrawal_count_limit_exceeded": "Your card's limit is reached. Use another payment method, or try tomorrow.",
}
_HIDDEN: Final = frozenset(
    {
        "fraudulent",
        "lost_card",
        "merchant_blacklist",
        "pickup_card",
        "restricted_card",
        "security_violation",
        "stolen_card",
    }
)


def shown(code: str | None) -> Decline:
    """A decline code with plain words for the customer; hidden and unknown codes become a generic decline."""
    if code in _WORDS and code not in _HIDDEN:
        return Decline(code, _WORDS[code])
    return Decline(GENERIC, _WORDS[GENERIC])


def shown_failure(reason: str | None) -> str | None:
    """Why a refund failed, as it may be shown: what a decline hides is hidden here too, as Stripe's `unknown`."""
    return "unknown" if reason == "lost_or_stolen_card" else reason
