"""One attempt to take a payment or to save a method: what the test card or account behind the method answers.

Shared by the API (confirm), by the pages on which a customer acts, and by whatever bills.
"""

from infra.local.stripe import debits, outcomes
from infra.local.stripe.call import Call
from infra.local.stripe.cards import AUTHENTICATION_NOT_HANDLED, AUTHENTICATION_REQUIRED
from infra.local.stripe.method_shapes import card_of
from infra.local.stripe.outcomes import decline
from infra.local.stripe.resources import charges
from infra.local.stripe.values import Json


def pay(
    call: Call,
    intent: Json,
    method: Json,
    *,
    off_session: bool,
    fails_on_action: bool,
    acceptance: Json | None = None,
) -> Json:
    """Try to take the intent's amount. CardError (the attempt stays recorded) when it is declined.

    `acceptance` is the customer's yes to a debit's mandate (`mandate_data.customer_acceptance`). A debit is not over
    when this returns: the intent is `processing`.
    """
    if method["type"] != "card":
        return debits.begin(call, intent, method, acceptance)
    if card_of(method).asks(off_session=off_session, set_up=method["_set_up"]):
        if off_session:
            decline(call, intent, method, AUTHENTICATION_REQUIRED, charged=True)
        if fails_on_action:
            decline(call, intent, method, AUTHENTICATION_NOT_HANDLED)
        return outcomes.ask(call, intent, method)
    return settle_payment(call, intent, method)


def set_up(call: Call, intent: Json, method: Json, *, acceptance: Json | None = None) -> Json:
    """Try to save the method for later. CardError (the attempt stays recorded) when it is declined."""
    if method["type"] != "card":
        return debits.set_up(call, intent, method, acceptance)
    card = card_of(method)
    return outcomes.ask(call, intent, method) if card.asks_at_setup() else settle_setup(call, intent, method)


def settle_payment(call: Call, intent: Json, method: Json) -> Json:
    """What the card's issuer answers once no authentication is missing."""
    refusal = card_of(method).decline
    if refusal:
        decline(call, intent, method, refusal, charged=True)
    outcomes.remember(call, intent, method, save=bool(intent["setup_future_usage"]))
    if intent["capture_method"] == "manual":
        return outcomes.held(call, intent, charges.authorized(call, intent, method))
    return outcomes.paid(call, intent, charges.paid(call, intent, method))


def settle_setup(call: Call, intent: Json, method: Json) -> Json:
    """Save the card to the customer, if its issuer allows it."""
    refusal = card_of(method).refusal_at_setup()
    if refusal:
        decline(call, intent, method, refusal)
    return outcomes.set_up(call, intent, method)
