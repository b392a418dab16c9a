"""What a dispute looks like when the customer's bank opens it, and which evidence it takes."""

from datetime import UTC, datetime, timedelta

from stripe.params import DisputeUpdateParamsEvidence

from infra.local.stripe.aftermath import Chargeback
from infra.local.stripe.call import Call
from infra.local.stripe.values import Json

_DAYS_TO_ANSWER = 9
# The members that name uploaded files, which this server does not keep, and two whose programmes it does not simulate.
NOT_SIMULATED = frozenset(
    {
        "appeal",
        "cancellation_policy",
        "customer_communication",
        "customer_signature",
        "duplicate_charge_documentation",
        "enhanced_evidence",
        "receipt",
        "refund_policy",
        "service_documentation",
        "shipping_documentation",
        "uncategorized_file",
    }
)
_UNANSWERED: Json = {
    "due_by": None,
    "enhanced_eligibility": {},
    "has_evidence": False,
    "past_due": False,
    "submission_count": 0,
    "submission_method": "not_submitted",
}
_MEMBERS = tuple(DisputeUpdateParamsEvidence.__annotations__)


def dispute_of(call: Call, charge: Json, chargeback: Chargeback, amount: int) -> Json:
    """A dispute of so many minor units of the charge, not kept yet."""
    return call.begin("dispute", "du") | {
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(_MEMBERS), "enhanced_evidence": {}},
        "evidence_details": _UNANSWERED | {"due_by": None if chargeback.final else _due_by(call.now())},
        "intended_submission_method": "manual",
        "is_charge_refundable": chargeback.inquiry,
        "metadata": {},
        "network_reason_code": chargeback.network_reason_code,
        "payment_intent": charge["payment_intent"],
        "payment_method_details": _details(charge, chargeback),
        "reason": chargeback.reason,
        "status": _status(chargeback),
    }


def _status(chargeback: Chargeback) -> str:
    if chargeback.final:
        return "lost"
    return "warning_needs_response" if chargeback.inquiry else "needs_response"


def _due_by(now: int) -> int:
    """The last second (UTC) of the last day."""
    day = datetime.fromtimestamp(now, UTC) + timedelta(days=_DAYS_TO_ANSWER)
    return int(day.replace(hour=23, minute=59, second=59, microsecond=0).timestamp())


def _details(charge: Json, chargeback: Chargeback) -> Json | None:
    if charge["payment_method_details"]["type"] != "card":
        return None
    brand = charge["payment_method_details"]["card"]["brand"]
    case = {"case_type": "inquiry" if chargeback.inquiry else "chargeback", "network": brand}
    return {"card": {"brand": brand, **case, "network_reason_code": chargeback.network_reason_code}, "type": "card"}
