"""Payment methods: test cards and test bank accounts, attached to a customer or used once.

A method keeps notes of its own: which test card or account it is, whether it was set up for payments without the
customer, whether it can still be used, and an account's latest mandate.
"""

import stripe.params as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import CardError, InvalidRequest, Missing, no_such
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.method_shapes import billing_details, card_of, made, named
from infra.local.stripe.resources import mandates
from infra.local.stripe.values import Json, changed, listing, public


def create(call: Call) -> Json:
    """A new card from a token (`card[token]=tok_visa`), or a test bank account by its number and its holder."""
    return call.store.add(made(call))


def update(call: Call, payment_method: str) -> Json:
    """Change the billing details, metadata or redisplay of an attached method."""
    before = call.named("payment_method", payment_method, "payment_method")
    if not before["customer"]:
        raise InvalidRequest("You must save this PaymentMethod to a customer before you can update it.")
    after = before | {
        "allow_redisplay": call.params.get("allow_redisplay", before["allow_redisplay"]),
        "billing_details": billing_details(call, before["billing_details"]),
        "metadata": call.metadata(before["metadata"]),
    }
    call.store.save(after)
    call.emit("payment_method.updated", after, changed(before, after))
    return after


def retrieve(call: Call, payment_method: str) -> Json:
    """The method; the name of a test card or account gives that one without keeping it."""
    return named(call, payment_method) or call.named("payment_method", payment_method, "payment_method")


def every(call: Call) -> Json:
    """The methods of the given customer; without a customer the list is empty."""
    if "customer" not in call.params:
        return listing(call.path, [])
    return page(call, "payment_method", "customer", "type", "allow_redisplay")


def attach(call: Call, payment_method: str) -> Json:
    """Save the method to a customer; CardError when its issuer refuses that, InvalidRequest without a mandate."""
    customer = call.referred("customer", "customer")
    if customer is None:
        raise InvalidRequest("Missing required param: customer.", code="parameter_missing", param="customer")
    saved = save_to(call, _usable(call, payment_method, Missing("payment_method", payment_method)), customer["id"])
    call.emit("payment_method.attached", saved)
    return saved


def detach(call: Call, payment_method: str) -> Json:
    """Take the method from its customer, for good."""
    method = call.named("payment_method", payment_method, "payment_method")
    if not method["customer"]:
        raise InvalidRequest(
            "The payment method you provided is not attached to a customer so detachment is impossible."
        )
    return release(call, method)


def usable(call: Call, param: str) -> Json:
    """The method that a parameter names, or a new one for a test name; InvalidRequest when it cannot pay."""
    given = call.params[param]
    problem = InvalidRequest(no_such("PaymentMethod", given), code="resource_missing", param=param)
    return _usable(call, given, problem)


def save_to(call: Call, method: Json, customer_id: str) -> Json:
    """Attach to the customer, without an event. CardError when the issuer refuses, InvalidRequest for another's."""
    if method["customer"] not in (None, customer_id):
        raise InvalidRequest("The payment method you provided has already been attached to a customer.")
    if method["type"] != "card":
        _must_have_mandate(method)
    elif refusal := card_of(method).refusal_at_setup():
        raise CardError(
            refusal.message,
            code=refusal.code,
            param=refusal.param,
            about={
                "advice_code": refusal.advice_code,
                "decline_code": refusal.decline_code,
                "payment_method": public(method),
            },
        )
    return call.store.save(method | {"customer": customer_id})


def release(call: Call, method: Json) -> Json:
    """Detach and never let it be used again; an account's mandate ends."""
    freed = method | {"customer": None, "_spent": True}
    call.store.save(freed)
    call.emit("payment_method.detached", freed, {"customer": method["customer"]})
    if method.get("_mandate"):
        mandates.end(call, call.named("mandate", method["_mandate"]), "debit_not_authorized")
    return freed


def renew(call: Call, method_id: str, exp_month: int, exp_year: int) -> Json:
    """The network tells of the card's new expiry, as after a card was replaced."""
    before = call.named("payment_method", method_id)
    if before["type"] != "card":
        raise InvalidRequest("Only a card can be renewed.", param="payment_method")
    after = before | {"card": before["card"] | {"exp_month": exp_month, "exp_year": exp_year}}
    call.store.save(after)
    call.emit("payment_method.automatically_updated", after, changed(before, after))
    return after


def of_customer(call: Call, customer_id: str, method_id: str) -> Json:
    """One of the customer's methods; InvalidRequest when the customer has no such method."""
    method = call.store.get("payment_method", method_id)
    if method is None or method["customer"] != customer_id:
        raise InvalidRequest(
            f"The customer does not have a payment method with the ID {method_id}. The payment method "
            "must be attached to the customer.",
            code="resource_missing",
            param="payment_method",
        )
    return method


def _must_have_mandate(method: Json) -> None:
    if not method["_mandate"]:
        raise InvalidRequest(
            f"A payment method of type {method['type']} needs a mandate before it can be saved: confirm a SetupIntent, "
            "or a PaymentIntent with `setup_future_usage`, with the customer's acceptance in `mandate_data`."
        )


def _usable(call: Call, given: str, unknown: InvalidRequest) -> Json:
    fresh = named(call, given)
    if fresh:
        return call.store.add(fresh)
    method = call.store.get("payment_method", given)
    if method is None:
        raise unknown
    if method["_spent"]:
        raise InvalidRequest(
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
            "attachment, shared with a connected account without Customer attachment, or was detached "
            "from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must "
            "attach it to a Customer first."
        )
    return method


_ONE = "/v1/payment_methods/<payment_method>"
_FIELDS = "allow_redisplay billing_details metadata"
DESCRIBED_BY = f"{_FIELDS} type card bacs_debit sepa_debit"
ROUTES = (
    route("POST", "/v1/payment_methods", create, sdk.PaymentMethodCreateParams, DESCRIBED_BY),
    route("GET", "/v1/payment_methods", every, sdk.PaymentMethodListParams, f"{PAGING} customer type allow_redisplay"),
    route("GET", _ONE, retrieve, sdk.PaymentMethodRetrieveParams),
    route("POST", _ONE, update, sdk.PaymentMethodUpdateParams, _FIELDS),
    route("POST", f"{_ONE}/attach", attach, sdk.PaymentMethodAttachParams, "customer"),
    route("POST", f"{_ONE}/detach", detach, sdk.PaymentMethodDetachParams),
)
