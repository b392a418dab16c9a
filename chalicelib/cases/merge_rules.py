"""What two cases of one matter become when they are made one: the one that goes on, the one that ends in it. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.cases import rules
from chalicelib.cases.model import Case, Channel, Queue, Resolution, State
from chalicelib.cases.routing import higher
from chalicelib.platform.errors import Conflict

MERGED: Final = Resolution(reason="merged", outcome="merged", root_cause="merged")
"""How a case ended that goes on in another. It was not resolved: it has no `resolved_at`, and so stands in no figure of
resolutions."""


def refuse_unlike(gone: Case, into: Case, at: datetime) -> None:
    """Raises Conflict unless both are open to be made one, and one customer's.

    Of two cases of which one has an account, the other is that of the same mail address and ends: what an unproven
    sender wrote never becomes what the account's customer reads. A complaint ends in one alone: its team answers for
    it."""
    if gone.state is State.CLOSED or gone.is_final(at) or gone.continued_in:
        raise Conflict("This case has ended for good; it cannot be merged any more.", reason="ended")
    if into.is_done:
        raise Conflict("The case that is to go on has ended; reopen it first.", reason="other_ended")
    if gone.test is not into.test:
        raise Conflict("A training case and a real one cannot be one.", reason="training")
    if gone.account_id and into.account_id is None:
        raise Conflict("Merge the case without an account into the one that has it.", reason="no_account")
    if gone.queue is Queue.COMPLAINTS and into.queue is not Queue.COMPLAINTS:
        said = "This is a complaint: merge the other case into it, or move that one to the complaints first."
        raise Conflict(said, reason="complaint")
    same = gone.account_id == into.account_id if gone.account_id else gone.requester == into.requester
    if not same or (gone.account_id is None and gone.requester is None):
        raise Conflict("These are cases of two customers.", reason="other_customer")


def ended(gone: Case, into: Case, at: datetime) -> Case:
    """The case that goes on in the other: closed, without a resolution of its own."""
    none = {"due_at": None, "resolved_at": None, "resolved_by": None}
    closed = {"state": State.CLOSED, "resolution": MERGED, "continued_in": into.case_id, "updated_at": at}
    return gone.model_copy(update={**none, **closed})


def taken_over(into: Case, gone: Case, at: datetime) -> Case:
    """The case that goes on: as urgent as the more urgent of both, due when the first of both is by that urgency, and
    as old as the older one."""
    new, other = (rules.reprioritised(case, higher(into.priority, gone.priority)) for case in (into, gone))
    begun_at, asked_at = min(_begun(into), _begun(gone)), min(_asked(into), _asked(gone))
    return new.model_copy(
        update={
            "state": State.OPEN if State.OPEN in (into.state, gone.state) else into.state,
            "due_at": min(filter(None, (new.due_at, other.due_at)), default=None),
            "assignee": into.assignee or gone.assignee, "updated_at": at,
            "begun_at": begun_at if begun_at < into.created_at else None,
            "asked_at": asked_at if asked_at < into.created_at and _waits(into) and _waits(gone) else into.asked_at,
        }
    )  # fmt: skip


def _begun(case: Case) -> datetime:
    return case.begun_at or case.created_at


def _asked(case: Case) -> datetime:
    return case.asked_at or case.created_at


def _waits(case: Case) -> bool:
    """Whether a customer asked and nobody has answered; what the desk found out itself nobody asked."""
    return case.first_response_at is None and case.channel is not Channel.DESK
