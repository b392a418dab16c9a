"""Disputes: the customer's bank takes a payment back, or asks about it, and is answered with evidence, once.

The text `winning_evidence` or `losing_evidence` in `uncategorized_text` decides the case, and
`escalate_inquiry_evidence` makes a chargeback of an inquiry; other evidence is under review for ever. Without evidence
a chargeback is lost, and an inquiry closed, when its time is over.
"""

import stripe.params as sdk

from infra.local.stripe.aftermath import SOON_SECONDS, Chargeback
from infra.local.stripe.call import Call, route
from infra.local.stripe.dispute_shapes import NOT_SIMULATED, dispute_of
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.fees import DISPUTE_FEE
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.method_shapes import behind
from infra.local.stripe.params import not_simulated
from infra.local.stripe.resources import balance_transactions
from infra.local.stripe.resources.charges import DISPUTE_JOB, left_of
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json, changed

_DECISION_JOB, _OVERDUE_JOB = "dispute.decide", "dispute.overdue"
_OPEN = ("needs_response", "warning_needs_response")
_WARNING = "warning_"


def opened(call: Call, charge_id: str) -> None:
    """The customer's bank disputes what is left of the charge."""
    charge = call.named("charge", charge_id)
    chargeback = behind(call.named("payment_method", charge["payment_method"])).chargeback
    if chargeback is None or left_of(charge) == 0:
        return
    call.store.save(charge | {"disputed": True})
    dispute = call.store.add(dispute_of(call, charge, chargeback, left_of(charge)))
    if not chargeback.inquiry:
        dispute = _withdrawn(call, dispute)
    call.emit("charge.dispute.created", dispute)
    if not chargeback.inquiry:
        call.emit("charge.dispute.funds_withdrawn", dispute)
    _await_answer(call, dispute, chargeback)


def holds(call: Call, charge: Json) -> bool:
    """Whether a dispute has the charge's money, so that it cannot be refunded."""
    return any(not each["is_charge_refundable"] for each in call.store.find(Query("dispute", {"charge": charge["id"]})))


def update(call: Call, dispute: str) -> Json:
    """Put evidence beside the dispute and, unless `submit` is false, hand it in. InvalidRequest when it is too late."""
    before = call.named("dispute", dispute, "dispute")
    after = before | {"metadata": call.metadata(before["metadata"])}
    given = call.params.get("evidence", {})
    submits = call.params.get("submit", bool(given))
    if given or submits:
        _must_be_open(before)
        after |= _with_evidence(before, given)
    if submits:
        after |= _submitted(after)
        call.later(_DECISION_JOB, dispute, SOON_SECONDS)
    call.store.save(after)
    call.emit("charge.dispute.updated", after, changed(before, after))
    return after


def close(call: Call, dispute: str) -> Json:
    """Give the case up: a chargeback is lost, an inquiry closed."""
    body = call.named("dispute", dispute, "dispute")
    _must_be_open(body)
    return _closed(call, body, "warning_closed" if body["status"].startswith(_WARNING) else "lost")


def decided(call: Call, dispute: str) -> None:
    """The customer's bank has read the evidence."""
    body = call.named("dispute", dispute)
    word = body["evidence"]["uncategorized_text"]
    if body["status"] == "warning_under_review":
        if word == "escalate_inquiry_evidence":
            _escalated(call, body)
        elif word in ("winning_evidence", "losing_evidence"):
            _closed(call, body, "warning_closed")
    elif body["status"] == "under_review":
        if word == "winning_evidence":
            _won(call, body)
        elif word == "losing_evidence":
            _closed(call, body, "lost")


def overdue(call: Call, dispute: str) -> None:
    """The time to hand in evidence is over."""
    body = call.named("dispute", dispute)
    if body["status"] in _OPEN:
        late = body | {"evidence_details": body["evidence_details"] | {"past_due": True}}
        _closed(call, late, "warning_closed" if body["status"].startswith(_WARNING) else "lost")


def retrieve(call: Call, dispute: str) -> Json:
    """The dispute."""
    return call.named("dispute", dispute, "dispute")


def every(call: Call) -> Json:
    """Disputes, newest first."""
    return page(call, "dispute", "charge", "payment_intent")


def _await_answer(call: Call, dispute: Json, chargeback: Chargeback) -> None:
    if chargeback.final:
        call.emit("charge.dispute.closed", dispute)
    else:
        call.later(_OVERDUE_JOB, dispute["id"], dispute["evidence_details"]["due_by"] - call.now())


def _must_be_open(dispute: Json) -> None:
    if dispute["evidence_details"]["submission_count"]:
        raise InvalidRequest("Evidence was submitted for this dispute already; it can be submitted only once.")
    if dispute["status"] not in _OPEN:
        raise InvalidRequest(f"This dispute has a status of {dispute['status']}, so it cannot be answered any more.")


def _with_evidence(dispute: Json, given: Json) -> Json:
    for name in sorted(given.keys() & NOT_SIMULATED):
        raise not_simulated(f"evidence[{name}]")
    evidence = dispute["evidence"] | {name: value or None for name, value in given.items()}
    has_evidence = any(value for name, value in evidence.items() if name not in NOT_SIMULATED)
    details = dispute["evidence_details"] | {"has_evidence": has_evidence}
    return {"evidence": evidence, "evidence_details": details}


def _submitted(dispute: Json) -> Json:
    details = {"submission_count": 1, "submission_method": "manual"}
    warning = _WARNING if dispute["status"].startswith(_WARNING) else ""
    return {"evidence_details": dispute["evidence_details"] | details, "status": f"{warning}under_review"}


def _withdrawn(call: Call, dispute: Json) -> Json:
    return _moved(call, dispute, -dispute["amount"], DISPUTE_FEE, "dispute", "Chargeback withdrawal")


def _moved(call: Call, dispute: Json, amount: int, fee: int, category: str, what: str) -> Json:
    name = f"{what} for {dispute['charge']}"
    booked = balance_transactions.book(
        call, dispute, "adjustment", amount, fee=fee, fee_name="Dispute fee", description=name, category=category
    )
    return call.store.save(dispute | {"balance_transactions": [*dispute["balance_transactions"], booked]})


def _escalated(call: Call, inquiry: Json) -> None:
    """The bank takes what the customer has not been given back meanwhile."""
    left = left_of(call.named("charge", inquiry["charge"]))
    if left == 0:
        _closed(call, inquiry, "warning_closed")
        return
    card = inquiry["payment_method_details"]["card"] | {"case_type": "chargeback"}
    anew = {"submission_count": 0, "submission_method": "not_submitted"}
    chargeback = inquiry | {
        "amount": left,
        "evidence_details": inquiry["evidence_details"] | anew,
        "is_charge_refundable": False,
        "payment_method_details": inquiry["payment_method_details"] | {"card": card},
        "status": "needs_response",
    }
    after = _withdrawn(call, chargeback)
    call.emit("charge.dispute.updated", after, changed(inquiry, after))
    call.emit("charge.dispute.funds_withdrawn", after)


def _won(call: Call, dispute: Json) -> None:
    again = dispute | {"is_charge_refundable": True}
    won = _moved(call, again, dispute["amount"], -DISPUTE_FEE, "dispute_reversal", "Chargeback reversal")
    won = _closed(call, won, "won")
    call.emit("charge.dispute.funds_reinstated", won)


def _closed(call: Call, dispute: Json, status: str) -> Json:
    closed = call.store.save(dispute | {"status": status})
    call.emit("charge.dispute.closed", closed)
    return closed


_ONE = "/v1/disputes/<dispute>"
ROUTES = (
    route("GET", "/v1/disputes", every, sdk.DisputeListParams, f"{PAGING} created charge payment_intent"),
    route("GET", _ONE, retrieve, sdk.DisputeRetrieveParams),
    route("POST", _ONE, update, sdk.DisputeUpdateParams, "evidence metadata submit"),
    route("POST", f"{_ONE}/close", close, sdk.DisputeCloseParams),
)
JOBS = {DISPUTE_JOB: opened, _DECISION_JOB: decided, _OVERDUE_JOB: overdue}
