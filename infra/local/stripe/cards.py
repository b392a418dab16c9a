"""Stripe's test cards and how each behaves, one row a card. A card that is not here does not exist on this server."""

from dataclasses import dataclass
from enum import Enum

from infra.local.stripe.aftermath import Chargeback, Refunding


class Authentication(Enum):
    """When the customer's bank wants the customer to authenticate."""

    NEVER = "never"
    UNLESS_SET_UP = "on session always, off session unless it was set up for that"
    ON_SESSION = "on session only"
    ALWAYS = "always"


@dataclass(frozen=True)
class Decline:
    """A bank's refusal: Stripe's `code` and `decline_code`, words, the field at fault and the network's advice."""

    code: str
    decline_code: str | None
    message: str
    advice_code: str | None = None
    param: str | None = None
    blocked: bool = False


@dataclass(frozen=True)
class TestCard:
    """One test card: what it looks like, and what its issuer answers."""

    __test__ = False  # not a test case, whatever its name begins with

    last4: str
    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    decline: Decline | None = None
    can_be_saved: bool = True
    authentication: Authentication = Authentication.NEVER
    chargeback: Chargeback | None = None
    refunding: Refunding = Refunding.AT_ONCE

    def asks(self, *, off_session: bool, set_up: bool) -> bool:
        """Whether a payment needs the customer's authentication."""
        if self.authentication is Authentication.UNLESS_SET_UP:
            return not (off_session and set_up)
        if self.authentication is Authentication.ON_SESSION:
            return not off_session
        return self.authentication is Authentication.ALWAYS

    def asks_at_setup(self) -> bool:
        """Whether saving the card needs the customer's authentication."""
        return self.authentication in (Authentication.UNLESS_SET_UP, Authentication.ALWAYS)

    def refusal_at_setup(self) -> Decline | None:
        """The refusal to be saved, if any."""
        return None if self.can_be_saved else self.decline


AUTHENTICATION_REQUIRED = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
AUTHENTICATION_NOT_HANDLED = Decline(
    "authentication_required",
    "authentication_not_handled",
    "This payment required an authentication action to complete, but `error_on_requires_action` was set.",
)

GENERIC = Decline("card_declined", "generic_decline", "Your card was declined.", "try_again_later")
INSUFFICIENT = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.", "try_again_later")
LOST = Decline("card_declined", "lost_card", "Your card was declined.", "do_not_try_again")
STOLEN = Decline("card_declined", "stolen_card", "Your card was declined.", "do_not_try_again")
FRAUDULENT = Decline("card_declined", "fraudulent", "Your card was declined.", blocked=True)
VELOCITY = Decline(
    "card_declined",
    "card_velocity_exceeded",
    "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
)
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.", "confirm_card_data", "exp_month")
WRONG_CVC = Decline(
    "incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.", "confirm_card_data", "cvc"
)
PROCESSING = Decline(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
    "try_again_later",
)


def _refused(last4: str, decline: Decline) -> TestCard:
    return TestCard(last4, decline=decline, can_be_saved=False)


# The name after `pm_card_` (a payment method) or `tok_` (a token).
CARDS: dict[str, TestCard] = {
    "visa": TestCard("4242"),
    "visa_debit": TestCard("5556", funding="debit"),
    "mastercard": TestCard("4444", "mastercard"),
    "mastercard_debit": TestCard("8210", "mastercard", "debit"),
    "mastercard_prepaid": TestCard("5100", "mastercard", "prepaid"),
    "amex": TestCard("0005", "amex"),
    "gb": TestCard("0000", country="GB"),
    "gb_debit": TestCard("0005", funding="debit", country="GB"),
    "ie": TestCard("0002", country="IE"),
    "de": TestCard("0016", country="DE"),
    "visa_chargeDeclined": _refused("0002", GENERIC),
    "chargeDeclined": _refused("0002", GENERIC),
    "visa_chargeDeclinedInsufficientFunds": _refused("9995", INSUFFICIENT),
    "chargeDeclinedInsufficientFunds": _refused("9995", INSUFFICIENT),
    "visa_chargeDeclinedLostCard": _refused("9987", LOST),
    "visa_chargeDeclinedStolenCard": _refused("9979", STOLEN),
    "visa_chargeDeclinedVelocityLimitExceeded": _refused("6975", VELOCITY),
    "chargeDeclinedExpiredCard": _refused("0069", EXPIRED),
    "chargeDeclinedIncorrectCvc": _refused("0127", WRONG_CVC),
    "chargeDeclinedProcessingError": _refused("0119", PROCESSING),
    "chargeDeclinedFraudulent": _refused("0019", FRAUDULENT),
    "radarBlock": _refused("0019", FRAUDULENT),
    "chargeCustomerFail": TestCard("0341", decline=GENERIC),
    "createDispute": TestCard("0259", chargeback=Chargeback("fraudulent", "10.4")),
    "createDisputeProductNotReceived": TestCard("2685", chargeback=Chargeback("product_not_received", "13.1")),
    "createDisputeInquiry": TestCard("1976", chargeback=Chargeback("fraudulent", "10", inquiry=True)),
    "pendingRefund": TestCard("7726", refunding=Refunding.LATER),
    "refundFail": TestCard("5126", refunding=Refunding.FAILS_LATER),
    "threeDSecureOptional": TestCard("3055"),
    "threeDSecure2Required": TestCard("3220", authentication=Authentication.ALWAYS),
    "authenticationRequired": TestCard("3184", authentication=Authentication.ALWAYS),
    "authenticationRequiredOnSetup": TestCard("3155", authentication=Authentication.UNLESS_SET_UP),
    "authenticationRequiredSetupForOffSession": TestCard("0446", authentication=Authentication.ON_SESSION),
    "authenticationRequiredChargeDeclinedInsufficientFunds": TestCard(
        "3178", decline=INSUFFICIENT, authentication=Authentication.ALWAYS
    ),
}
