"""What the mail service tells of mail that we sent: that it can never arrive, or that its reader called it spam."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from pydantic import AliasChoices, Field, ValidationError

from chalicelib.accounts.marks import AddressMarks
from chalicelib.accounts.service import Accounts
from chalicelib.cases.messages import InboundMail, Received
from chalicelib.cases.model import clipped, derived_id
from chalicelib.cases.recipients import Recipients, Stop, StopReason, plain
from chalicelib.platform.cards import hide_cards
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record

_GREETINGS: Final = ("Successfully validated SNS topic", '{"notificationType":"AmazonSnsSubscriptionSucceeded"')
"""What SES publishes once, when a topic is named to it."""
_NO_COMPLAINT: Final = "not-spam"
_MOST_ACCOUNTS: Final = 20
_MOST_RECIPIENTS: Final = 50


class NotAMailEvent(ValueError):
    """No retry makes an event of this; the message names the fields, never their values."""


class _Recipient(Record):
    address: str = Field(alias="emailAddress", min_length=3, max_length=320)
    said: str = Field(default="", alias="diagnosticCode")


class _Bounce(Record):
    kind: str = Field(alias="bounceType")
    recipients: tuple[_Recipient, ...] = Field(alias="bouncedRecipients", max_length=_MOST_RECIPIENTS)
    at: Instant = Field(alias="timestamp")
    event_id: str = Field(alias="feedbackId", min_length=1, max_length=200)


class _Complaint(Record):
    kind: str | None = Field(default=None, alias="complaintFeedbackType")
    recipients: tuple[_Recipient, ...] = Field(alias="complainedRecipients", max_length=_MOST_RECIPIENTS)
    at: Instant = Field(alias="timestamp")
    event_id: str = Field(alias="feedbackId", min_length=1, max_length=200)


class _Mail(Record):
    message_id: str = Field(alias="messageId", min_length=1, max_length=200)


class MailEvent(Record):
    """An event as Amazon SES publishes it; unknown fields are ignored. Only bounces and complaints say who."""

    kind: str = Field(validation_alias=AliasChoices("eventType", "notificationType"))
    mail: _Mail
    bounce: _Bounce | None = None
    complaint: _Complaint | None = None


def read_event(body: str) -> MailEvent | None:
    """The event in an SQS body, with or without the envelope of SNS; None for what SES says to greet a new topic.
    Raises NotAMailEvent."""
    inner = _unwrapped(body)
    if inner.lstrip().startswith(_GREETINGS):
        return None
    try:
        return MailEvent.model_validate_json(inner)
    except ValidationError as error:
        wrong = sorted({".".join(map(str, found["loc"])) for found in error.errors(include_input=False)})
        raise NotAMailEvent(f"no event of the mail service: {', '.join(wrong)}"[:300]) from None


def _unwrapped(body: str) -> str:
    try:
        outer: Any = json.loads(body)
    except (ValueError, RecursionError):
        return body
    message = outer.get("Message") if isinstance(outer, dict) else None
    return message if isinstance(message, str) else body


class KnowsLetters(Protocol):
    """The letters of accounts, as far as mail that did not arrive goes."""

    def returned(self, rfc_message_id: str, said: Iterable[str], *, is_proven: bool) -> bool: ...


class TakesMail(Protocol):
    """The inbox, as far as mail that did not arrive goes."""

    def case_of_sent(self, rfc_message_id: str) -> str | None: ...

    def receive_mail(self, mail: InboundMail) -> Received: ...


@dataclass(frozen=True)
class MailEvents:
    recipients: Recipients
    accounts: Accounts
    marks: AddressMarks
    inbox: TakesMail
    letters: KnowsLetters

    def record(self, event: MailEvent) -> Literal["bounced", "complained", "ignored"]:
        """Stop the addresses, mark them on their accounts, tell the case whose mail it was or mark the letter that it
        was. Any number of deliveries have the effect of one. What may arrive later, and a complaint that was taken
        back, change nothing. Raises Unavailable."""
        if event.bounce and event.bounce.kind == "Permanent":
            self._stop(StopReason.BOUNCED, event.bounce)
            self._return(event.mail.message_id, event.bounce)
            return "bounced"
        if event.complaint and event.complaint.kind != _NO_COMPLAINT:
            self._stop(StopReason.COMPLAINED, event.complaint)
            return "complained"
        return "ignored"

    def _stop(self, reason: StopReason, told: _Bounce | _Complaint) -> None:
        for recipient in told.recipients:
            address, said = plain(recipient.address), clipped(hide_cards(recipient.said))
            self.recipients.stop(Stop(address=address, reason=reason, at=told.at, said=said, event_id=told.event_id))
            if reason is StopReason.BOUNCED:
                self._mark(address, told)

    def _mark(self, address: str, told: _Bounce | _Complaint) -> None:
        found, _ = self.accounts.find("email", address, limit=_MOST_ACCOUNTS)
        for ref in found:
            self.marks.came_back(ref.account_id, (address,), told.at)

    def _return(self, message_id: str, bounce: _Bounce) -> None:
        """An event on the timeline of the case, which is taken back from waiting for the customer; or the end of the
        letter."""
        rfc_id = f"<{message_id}@amazonses.com>"
        case_id = self.inbox.case_of_sent(rfc_id)
        if case_id is None:
            self.letters.returned(rfc_id, [each.said for each in bounce.recipients], is_proven=True)
            return
        self.inbox.receive_mail(
            InboundMail(
                case_id=derived_id("case", "mail-event", bounce.event_id), thread_case_id=case_id,
                message_id=derived_id("msg", "mail-event", bounce.event_id), rfc_message_id=None, in_reply_to=None,
                references=(), received_at=bounce.at, from_addr=None, from_name="", account_id=None, verified=False,
                subject="", text=hide_cards("\n".join(each.said for each in bounce.recipients)), attachments=(),
                raw_key="", automatic=True, digest=bounce.event_id, acknowledge=False,
                undelivered_to=tuple(plain(each.address) for each in bounce.recipients),
            )
        )  # fmt: skip
