"""Bank debits: asked for today, answered later by the test account behind the method."""

from infra.local.stripe import outcomes
from infra.local.stripe.accounts import NOT_AUTHORIZED, TestAccount
from infra.local.stripe.call import Call
from infra.local.stripe.cards import Decline
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.method_shapes import account_of
from infra.local.stripe.resources import charges, mandates
from infra.local.stripe.values import Json

_JOB = "payment_intent.debit"
_WITHDRAWN = Decline(
    "payment_intent_mandate_invalid",
    None,
    "The mandate of this payment method is no longer in force. Collect a new one from the customer.",
)


def begin(call: Call, intent: Json, method: Json, acceptance: Json | None) -> Json:
    """Send the debit to the bank. InvalidRequest without a mandate, CardError when it has been withdrawn."""
    _check(intent, account_of(method))
    save = bool(intent["setup_future_usage"])
    mandate = mandates.in_force(call, intent, method, acceptance, lasting=save)
    if mandate is None:
        outcomes.decline(call, intent, method, _WITHDRAWN)
    method = call.store.save(method | {"_mandate": mandate["id"]})
    charge = charges.begun(call, intent, method, mandate)
    outcomes.remember(call, intent, method, save=save)
    call.later(_JOB, intent["id"], account_of(method).seconds)
    return outcomes.under_way(call, intent, charge)


def set_up(call: Call, intent: Json, method: Json, acceptance: Json | None) -> Json:
    """Save the account with its mandate. InvalidRequest without the customer's acceptance."""
    mandate = mandates.in_force(call, intent, method, acceptance, lasting=True)
    if mandate is None:
        outcomes.decline(call, intent, method, _WITHDRAWN)
    method = call.store.save(method | {"_mandate": mandate["id"]})
    return outcomes.set_up(call, intent, method, mandate)


def answered(call: Call, intent: str) -> None:
    """What the customer's bank says to the debit under way."""
    body = call.named("payment_intent", intent)
    if body["status"] != "processing":
        return
    charge = call.named("charge", body["latest_charge"])
    method = call.named("payment_method", charge["payment_method"])
    mandate = call.named("mandate", method["_mandate"])
    account = account_of(method)
    failure = account.failure or (NOT_AUTHORIZED if mandate["status"] == "inactive" else None)
    if failure is None:
        outcomes.paid(call, body, charges.succeeded(call, charge, method))
        return
    failed = charges.failed(call, charge, failure)
    if account.ends_mandate:
        mandates.end(call, mandate, failure.code)
    outcomes.fail(call, body, outcomes.error_of(failure, method, failed), failed)


def _check(intent: Json, account: TestAccount) -> None:
    if intent["currency"] != account.currency:
        raise InvalidRequest(
            f"The currency provided ({intent['currency']}) is invalid for payments with {account.type}, which "
            f"supports: {account.currency}.",
            param="currency",
        )


JOBS = {_JOB: answered}
