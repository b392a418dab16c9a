"""Disputes: how one stands, what we have to say to it, and giving in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from chalicelib.payments.evidence import DisputeStanding, Evidence
from chalicelib.payments.gateway.client import Connected, keyed
from chalicelib.payments.gateway.errors import is_absent
from chalicelib.platform.errors import DeskError

if TYPE_CHECKING:
    from stripe import Dispute
    from stripe.params import DisputeUpdateParams


class Disputes(Connected):
    """A DisputeDesk."""

    def dispute_standing(self, dispute_id: str) -> DisputeStanding | None:
        """How it stands now, or None. Raises Refused, Unavailable."""
        try:
            with self._stripe() as stripe:
                return _standing(stripe.v1.disputes.retrieve(dispute_id))
        except DeskError as error:
            if is_absent(error):
                return None
            raise

    def give_evidence(self, evidence: Evidence) -> DisputeStanding:
        """Draft or submit. Raises Refused when it is too late or was submitted before; Unavailable."""
        texts: Any = {name.value: text for name, text in evidence.texts.items()}
        params = cast("DisputeUpdateParams", {"evidence": texts, "submit": evidence.submit})
        with self._stripe() as stripe:
            options = keyed("evidence", evidence.evidence_id)
            return _standing(stripe.v1.disputes.update(evidence.dispute_id, params, options))

    def accept_dispute(self, dispute_id: str) -> DisputeStanding:
        """Give the money up. Raises Refused, Unavailable."""
        with self._stripe() as stripe:
            return _standing(stripe.v1.disputes.close(dispute_id, None, keyed("accept", dispute_id)))


def _standing(dispute: Dispute) -> DisputeStanding:
    known = dispute.evidence_details.to_dict()
    return DisputeStanding(
        dispute_id=dispute.id,
        status=dispute.status,
        due_at=datetime.fromtimestamp(due_by, UTC) if (due_by := known.get("due_by")) else None,
        has_evidence=known["has_evidence"],
        submissions=known["submission_count"],
    )
