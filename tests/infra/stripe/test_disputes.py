"""Disputes: who has the money, what evidence does, and what it all costs."""

from typing import Any

import pytest
import stripe

from infra.local.stripe.fees import DISPUTE_FEE
from tests.infra.stripe.debits import ACCEPTED
from tests.infra.stripe.desk import Desk

DISPUTE, INQUIRY = "pm_card_createDispute", "pm_card_createDisputeInquiry"


@pytest.mark.parametrize(
    ("card", "reason", "status"),
    [
        (DISPUTE, "fraudulent", "needs_response"),
        ("pm_card_createDisputeProductNotReceived", "product_not_received", "needs_response"),
        (INQUIRY, "fraudulent", "warning_needs_response"),
    ],
)
def test_the_bank_disputes_a_payment_soon_after_it(desk: Desk, card: str, reason: str, status: str) -> None:
    dispute = _disputed(desk, card)

    inquiry = status.startswith("warning_")
    assert (dispute.reason, dispute.status, dispute.amount) == (reason, status, 5000)
    assert dispute.is_charge_refundable is inquiry
    assert dispute.evidence_details.due_by is not None
    assert dispute.evidence_details.due_by > dispute.created
    assert [each.net for each in dispute.balance_transactions] == ([] if inquiry else [-5000 - DISPUTE_FEE])
    assert desk.v1.charges.retrieve(str(dispute.charge)).disputed
    told = [each for each in desk.event_types() if each.startswith("charge.dispute.")]
    assert told == ["charge.dispute.created"] + ([] if inquiry else ["charge.dispute.funds_withdrawn"])


@pytest.mark.parametrize(
    ("card", "word", "ended", "moved"),
    [
        (DISPUTE, "winning_evidence", "won", 0),
        (DISPUTE, "losing_evidence", "lost", -5000 - DISPUTE_FEE),
        (DISPUTE, "We delivered it.", "under_review", -5000 - DISPUTE_FEE),
        (INQUIRY, "winning_evidence", "warning_closed", 0),
        (INQUIRY, "losing_evidence", "warning_closed", 0),
        (INQUIRY, "We delivered it.", "warning_under_review", 0),
        (INQUIRY, "escalate_inquiry_evidence", "needs_response", -5000 - DISPUTE_FEE),
    ],
)
def test_evidence_decides_the_case_and_moves_the_money(
    desk: Desk, card: str, word: str, ended: str, moved: int
) -> None:
    dispute = _disputed(desk, card)

    submitted = desk.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": word}})
    assert submitted.status.endswith("under_review")
    desk.control("settle")

    done = desk.v1.disputes.retrieve(dispute.id)
    assert done.status == ended
    assert sum(each.net for each in done.balance_transactions) == moved
    assert desk.event_types().count("charge.dispute.closed") == (ended in ("won", "lost", "warning_closed"))
    assert ("charge.dispute.funds_reinstated" in desk.event_types()) is (ended == "won")


def test_evidence_is_staged_as_often_as_one_likes_and_submitted_once(desk: Desk) -> None:
    dispute = _disputed(desk)
    staged = desk.v1.disputes.update(dispute.id, {"evidence": {"customer_name": "Ada"}, "submit": False})
    assert (staged.status, staged.evidence_details.has_evidence) == ("needs_response", True)

    submitted = desk.v1.disputes.update(dispute.id, {"evidence": {"product_description": "A plan"}, "submit": True})

    assert (submitted.evidence.customer_name, submitted.evidence.product_description) == ("Ada", "A plan")
    assert submitted.evidence_details.submission_count == 1
    with pytest.raises(stripe.InvalidRequestError, match="only once"):
        desk.v1.disputes.update(dispute.id, {"evidence": {"customer_name": "Bob"}})
    with pytest.raises(stripe.InvalidRequestError, match="only once"):
        desk.v1.disputes.close(dispute.id)
    kept = desk.v1.disputes.update(dispute.id, {"metadata": {"case_id": "case_1"}})
    assert (kept.metadata["case_id"], kept.evidence.customer_name) == ("case_1", "Ada")


@pytest.mark.parametrize("way", ["close", "wait"])
@pytest.mark.parametrize(("card", "ended"), [(DISPUTE, "lost"), (INQUIRY, "warning_closed")])
def test_a_case_that_nobody_answers_ends(desk: Desk, card: str, ended: str, way: str) -> None:
    dispute = _disputed(desk, card)

    if way == "close":
        desk.v1.disputes.close(dispute.id)
    else:
        desk.control("settle", within_seconds=11 * 86400)

    done = desk.v1.disputes.retrieve(dispute.id)
    assert (done.status, done.evidence_details.past_due) == (ended, way == "wait")
    assert desk.event_types()[-1] == "charge.dispute.closed"
    with pytest.raises(stripe.InvalidRequestError, match="cannot be answered"):
        desk.v1.disputes.update(dispute.id, {"evidence": {"customer_name": "Ada"}})


def test_a_charge_whose_money_the_bank_has_is_not_refunded(desk: Desk) -> None:
    charged_back, inquiry = _disputed(desk), _disputed(desk, INQUIRY)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        desk.v1.refunds.create({"charge": str(charged_back.charge)})
    refund = desk.v1.refunds.create({"charge": str(inquiry.charge), "amount": 100})

    assert refusal.value.code == "charge_disputed"
    assert refund.status == "succeeded"
    desk.v1.disputes.update(charged_back.id, {"evidence": {"uncategorized_text": "winning_evidence"}})
    desk.control("settle")
    assert desk.v1.refunds.create({"charge": str(charged_back.charge)}).amount == 5000


def test_only_what_was_not_given_back_is_disputed(desk: Desk) -> None:
    whole, part = desk.paid(5000, DISPUTE), desk.paid(5000, DISPUTE)
    desk.v1.refunds.create({"payment_intent": whole.id})
    desk.v1.refunds.create({"payment_intent": part.id, "amount": 2000})

    desk.control("settle")

    assert [each.amount for each in desk.v1.disputes.list().data] == [3000]


def test_a_debit_that_is_disputed_is_lost_at_once(desk: Desk) -> None:
    desk.v1.payment_intents.create(
        {
            "amount": 5000,
            "currency": "gbp",
            "payment_method": "pm_bacsDebit_dispute",
            "allowed_payment_method_types": ["bacs_debit"],
            "confirm": True,
            "mandate_data": ACCEPTED,
        }
    )
    desk.control("settle")
    desk.control("settle")

    dispute = desk.v1.disputes.list().data[0]
    assert (dispute.status, dispute.reason, dispute.payment_method_details) == ("lost", "debit_not_authorized", None)
    assert desk.event_types()[-1] == "charge.dispute.closed"


def test_uploaded_files_are_refused_rather_than_ignored(desk: Desk) -> None:
    dispute = _disputed(desk)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        desk.v1.disputes.update(dispute.id, {"evidence": {"receipt": "file_1"}})

    assert (refusal.value.code, refusal.value.param) == ("parameter_not_simulated", "evidence[receipt]")


def _disputed(desk: Desk, card: str = DISPUTE) -> stripe.Dispute:
    intent = desk.paid(5000, card)
    desk.control("settle")
    params: Any = {"payment_intent": intent.id, "expand": ["data.charge"]}
    found = desk.v1.disputes.list(params).data
    assert len(found) == 1
    assert isinstance(found[0].charge, stripe.Charge)
    return desk.v1.disputes.retrieve(found[0].id)
