"""What the desk tells the customer's bank in a dispute, and whether the bank still listens. Pure.

Evidence can be drafted any number of times and submitted once; after that, or after the deadline, nothing counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol


class EvidenceField(StrEnum):
    """The parts of evidence that are text, as Stripe names them; together they may have 150,000 characters."""

    ACCESS_ACTIVITY_LOG = "access_activity_log"
    BILLING_ADDRESS = "billing_address"
    CANCELLATION_POLICY_DISCLOSURE = "cancellation_policy_disclosure"
    CANCELLATION_REBUTTAL = "cancellation_rebuttal"
    CUSTOMER_EMAIL_ADDRESS = "customer_email_address"
    CUSTOMER_NAME = "customer_name"
    CUSTOMER_PURCHASE_IP = "customer_purchase_ip"
    DUPLICATE_CHARGE_EXPLANATION = "duplicate_charge_explanation"
    DUPLICATE_CHARGE_ID = "duplicate_charge_id"
    PRODUCT_DESCRIPTION = "product_description"
    REFUND_POLICY_DISCLOSURE = "refund_policy_disclosure"
    REFUND_REFUSAL_EXPLANATION = "refund_refusal_explanation"
    SERVICE_DATE = "service_date"
    UNCATEGORIZED_TEXT = "uncategorized_text"


_OPEN: Final = frozenset({"needs_response", "warning_needs_response"})


@dataclass(frozen=True)
class Evidence:
    """Texts for one dispute, under an id of ours. Not submitted, they are a draft that Stripe keeps."""

    evidence_id: str
    dispute_id: str
    texts: Mapping[EvidenceField, str]
    submit: bool = False


@dataclass(frozen=True)
class DisputeStanding:
    """How a dispute stands: Stripe's status, until when evidence counts, and what it has of us."""

    dispute_id: str
    status: str
    due_at: datetime | None
    has_evidence: bool
    submissions: int

    def takes_evidence(self, now: datetime) -> bool:
        """Whether evidence given now is heard."""
        in_time = self.due_at is None or now < self.due_at
        return self.status in _OPEN and not self.submissions and in_time


class DisputeDesk(Protocol):
    """Stripe, where disputes are answered. Each call may raise Refused or Unavailable."""

    def dispute_standing(self, dispute_id: str) -> DisputeStanding | None:
        """How it stands now; None when there is no such dispute."""

    def give_evidence(self, evidence: Evidence) -> DisputeStanding:
        """Draft or submit; once for an `evidence_id`, however often it is called within 24 hours."""

    def accept_dispute(self, dispute_id: str) -> DisputeStanding:
        """Give the money up: the dispute is lost, and that cannot be undone."""
