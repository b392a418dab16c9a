"""What a mail opens a case with: its message, the head by the policy of routing, and the acknowledgement. Pure."""

from __future__ import annotations

from typing import Final

from chalicelib.cases import rules
from chalicelib.cases.messages import DESK, Delivery, Direction, InboundMail, Message
from chalicelib.cases.model import Case, Channel, State, clipped, reference_of
from chalicelib.cases.routing import Route

_REFERENCES_KEPT: Final = 20


def message_of(mail: InboundMail, case_id: str, message_id: str) -> Message:
    """The mail on the timeline, but for its text."""
    return Message(
        message_id=message_id, case_id=case_id, direction=Direction.IN, author=mail.from_addr or "unknown sender",
        at=mail.received_at, subject=mail.subject, attachments=mail.attachments, rfc_message_id=mail.rfc_message_id,
        in_reply_to=mail.in_reply_to, references=mail.references[-_REFERENCES_KEPT:], automatic=mail.automatic,
        verified=mail.verified, raw_key=mail.raw_key, digest=mail.digest, reading=mail.reading,
        references_found=mail.references_found, html_key=mail.html_key, forwarded=mail.forwarded,
    )  # fmt: skip


def is_same(mail: InboundMail, standing: Message) -> bool:
    """Whether the message is this mail: its content, and not a copy that came some other way and proves less. Else who
    is quick enough to send a customer's mail again in their name would have the desk take theirs for the repeat."""
    proves_more = mail.verified and not standing.verified and mail.raw_key != standing.raw_key
    return mail.digest == standing.digest and not proves_more


def head_of(mail: InboundMail, case_id: str, route: Route) -> Case:
    """The case that the mail opens."""
    return Case(
        case_id=case_id, reference=reference_of(case_id), account_id=mail.account_id, requester=mail.from_addr,
        requester_name=clipped(mail.from_name, 80), verified=mail.verified, subject=clipped(mail.subject),
        state=State.OPEN, queue=route.queue, priority=route.priority, category=route.category,
        channel=Channel.MAIL, created_at=mail.received_at, updated_at=mail.received_at,
        due_at=rules.due(route.priority, mail.received_at), message_count=1, previous_case_id=mail.thread_case_id,
        routed_by=route.policy,
    )  # fmt: skip


def acknowledgement_of(mail: InboundMail, case_id: str) -> Message:
    """That the mail has come, to be sent to who wrote it."""
    return Message(
        message_id=f"msg_{case_id.partition('_')[2]}ack", case_id=case_id, direction=Direction.OUT, author=DESK,
        at=mail.received_at, delivery=Delivery.QUEUED, automatic=True,
    )  # fmt: skip
