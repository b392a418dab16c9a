"""Mandates: the customer's yes to debits, from its acceptance, with an intent's confirmation, to its end."""

import hashlib

import stripe.params as sdk

from infra.local.stripe.aftermath import SOON_SECONDS
from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.method_shapes import account_of
from infra.local.stripe.values import Json, changed

_JOB = "mandate.answer"


def in_force(call: Call, intent: Json, method: Json, acceptance: Json | None, *, lasting: bool) -> Json | None:
    """The mandate to debit under: a new one when the customer accepts one now, else the method's own.

    None when that one has ended; InvalidRequest when there is none to use.
    """
    if acceptance is not None:
        return _new(call, intent, method, acceptance, lasting=lasting)
    own = call.store.get("mandate", method["_mandate"]) if method["_mandate"] else None
    if own is None or own["type"] == "single_use":
        raise InvalidRequest(
            "This intent requires a mandate, but no existing mandate was found. Collect mandate acceptance from the "
            "customer and try again, providing acceptance data in the `mandate_data` parameter.",
            param="mandate_data",
        )
    return own if own["status"] != "inactive" else None


def end(call: Call, mandate: Json, reason: str) -> Json:
    """The customer, or their bank, takes the yes back; nothing happens to a mandate that has ended."""
    if mandate["status"] == "inactive":
        return mandate
    network = "refused" if mandate["status"] == "pending" else "revoked"
    return _moved(call, mandate, "inactive", network, reason)


def answered(call: Call, mandate: str) -> None:
    """The customer's bank takes or refuses the new mandate."""
    body = call.named("mandate", mandate)
    if body["status"] != "pending":
        return
    if account_of(call.named("payment_method", body["payment_method"])).refuses_mandate:
        _moved(call, body, "inactive", "refused", "debit_not_authorized")
    else:
        _moved(call, body, "active", "accepted", None)


def retrieve(call: Call, mandate: str) -> Json:
    """The mandate."""
    return call.named("mandate", mandate, "mandate")


def _moved(call: Call, mandate: Json, status: str, network: str, reason: str | None) -> Json:
    details = mandate["payment_method_details"]
    if details["type"] == "bacs_debit":
        bacs = details["bacs_debit"] | {"network_status": network, "revocation_reason": reason}
        details = details | {"bacs_debit": bacs}
    after = mandate | {"payment_method_details": details, "status": status}
    call.store.save(after)
    call.emit("mandate.updated", after, changed(mandate, after))
    return after


def _new(call: Call, intent: Json, method: Json, acceptance: Json, *, lasting: bool) -> Json:
    mandate = call.begin("mandate", "mandate")
    del mandate["created"]
    at_once = method["type"] != "bacs_debit"
    mandate |= {
        "customer_acceptance": {
            "accepted_at": acceptance.get("accepted_at", call.now()),
            **{kind: acceptance[kind] for kind in ("offline", "online") if acceptance.get(kind) is not None},
            "type": acceptance["type"],
        },
        "payment_method": method["id"],
        "payment_method_details": _details(call, mandate["id"], method["type"]),
        "status": "active" if at_once else "pending",
        "type": "multi_use" if lasting else "single_use",
    }
    once = {name: intent[name] for name in ("amount", "currency") if not lasting}
    call.store.add(
        mandate | ({"multi_use": {}} if lasting else {"single_use": once}),
    )
    if not at_once:
        call.later(_JOB, mandate["id"], SOON_SECONDS)
    return call.named("mandate", mandate["id"])


def _details(call: Call, mandate_id: str, debit_type: str) -> Json:
    reference = hashlib.sha256(mandate_id.encode()).hexdigest()[:16].upper()
    details: Json = {"reference": reference, "url": f"{call.base_url}/_hosted/mandates/{mandate_id}"}
    if debit_type == "bacs_debit":
        network = {"network_status": "pending", "revocation_reason": None}
        details |= network | {"display_name": None, "service_user_number": None}
    return {debit_type: details, "type": debit_type}


ROUTES = (route("GET", "/v1/mandates/<mandate>", retrieve, sdk.MandateRetrieveParams),)
JOBS = {_JOB: answered}
