"""Mail in: each received mail becomes a case, a message of the case it continues, or is kept and counted. Never lost,
never twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from chalicelib.cases.letter_list import RECEIVED, ListedLetter
from chalicelib.cases.mail_policy import MailRules
from chalicelib.cases.messages import Direction, InboundMail
from chalicelib.cases.model import clipped
from chalicelib.cases.reading import Reference
from chalicelib.intake.cards import all_cleaned, keyed, parts_hold_cards, without_cards
from chalicelib.intake.classify.reader import read_mail
from chalicelib.intake.colleagues import Colleagues
from chalicelib.intake.keeping import keep
from chalicelib.intake.mail import mime
from chalicelib.intake.mail.files import File
from chalicelib.intake.mail.invites import spoken
from chalicelib.intake.mail.unpacking import SEALS
from chalicelib.intake.model import (
    CaseInbox,
    Customers,
    Letters,
    Limiter,
    MailBucket,
    Notification,
    derived_ulid,
    read_notification,
)
from chalicelib.intake.parse import ParsedMail, parse_parts
from chalicelib.intake.references import find_references
from chalicelib.intake.senders import Sender, identify
from chalicelib.intake.threads import Threads
from chalicelib.platform.cards import hide_cards
from chalicelib.policy.model import RulesOn

MAX_TEXT: Final = 100_000
"""Characters of a message; the raw mail has the rest."""
MAX_FILES: Final = 20
MAX_FILE_BYTES: Final = 20_000_000
_KEPT_BYTES: Final = 400
"""Of an automatic mail, on the timeline of an account."""


class EmptyMail(Exception):
    """The object holds nothing: no header and no words."""


@dataclass(frozen=True)
class Outcome:
    """What became of a mail: opened, appended, repeated, quarantined, automatic or bounced; `case_id` where it is in
    a case. `restricted`: it holds card numbers; `forwarded`: a colleague passed it on."""

    what: str
    case_id: str | None = None
    restricted: bool = False
    forwarded: bool = False


@dataclass(frozen=True)
class Intake:
    """`own_domain` receives the desk's mail, `own_address` is what it writes from; `key` derives ids and signs
    addresses."""

    bucket: MailBucket
    cases: CaseInbox
    customers: Customers
    limiter: Limiter
    own_domain: str
    own_address: str
    key: bytes
    letters: Letters
    mail_rules: RulesOn[MailRules]

    def receive(self, body: str) -> Outcome:
        """Take in the mail that an SQS body announces. Any number of deliveries of one mail have the effect of one.

        Raises NotAMail for a body that is no notification, EmptyMail for an object without content, and Unavailable
        when it is to be delivered again. However odd the mail itself is, it raises nothing.
        """
        notification = read_notification(body)
        key = notification.receipt.action.key
        raw = self.bucket.read(key)
        if not raw.strip():
            raise EmptyMail(notification.mail.message_id)
        root = mime.read(raw)
        mail = parse_parts(raw, root)
        if not parts_hold_cards(root):
            return self._take(mail, notification, key)
        # The copy comes first and the mail goes last, so that a repeat finds one of them whenever the first one ended.
        outcome = self._take(keyed(mail, self.key), notification, self.bucket.restrict(key, raw))
        self.bucket.remove(key)
        return replace(outcome, restricted=True)

    def _take(self, mail: ParsedMail, notification: Notification, raw_key: str) -> Outcome:
        if notification.receipt.spam.failed or notification.receipt.virus.failed:
            return Outcome("quarantined")
        mail = without_cards(mail)
        sender = identify(mail, notification.receipt.dmarc, self.customers, self.own_domain, self.own_address)
        mail, sender = Colleagues(self.mail_rules, self.own_domain, self.own_address).unwrap(
            mail, sender, notification.mail.timestamp
        )
        threads = Threads(self.cases, self.own_domain, self.key)
        if mail.is_bounce:
            thread = threads.of_returned(mail.bounced_message_id)
        else:
            thread = threads.find(mail, notification.receipt.recipients, sender)
        if thread and sender.address == self.own_address:  # our own words came back, as by a group that we wrote to
            mail = replace(mail, is_auto=True)
        inbound = self._inbound(mail, notification, sender, thread, raw_key)
        if thread is None and mail.is_auto:
            return self._alone(inbound, mail.bounced_message_id)
        received = self.cases.receive_mail(inbound)
        if received.outcome == "gone":
            return self._alone(inbound)
        goes_on_elsewhere = thread is not None and received.case_id != thread
        if goes_on_elsewhere and self._may_acknowledge(mail, notification, sender, received.case_id):
            self.cases.acknowledge(inbound, received.case_id)
        return Outcome(received.outcome, received.case_id, forwarded=sender.forwarding is not None)

    def _alone(self, mail: InboundMail, returned: str | None = None) -> Outcome:
        """Automatic mail that belongs to no case. What a proven customer's machine says is kept with the account; the
        letter that came back is marked."""
        if mail.undelivered_to is not None:
            if returned:
                self.letters.returned(returned, (), is_proven=False)
            return Outcome("bounced")
        if mail.account_id:
            self.letters.put(
                ListedLetter(
                    message_id=mail.message_id, account_id=mail.account_id, at=mail.received_at, state=RECEIVED,
                    direction=Direction.IN, channel="mail", title=clipped(mail.subject) or None,
                    text=clipped(mail.text, _KEPT_BYTES) or None, raw_key=mail.raw_key,
                )
            )  # fmt: skip
        return Outcome("automatic")

    def _inbound(
        self, mail: ParsedMail, notification: Notification, sender: Sender, thread: str | None, raw_key: str
    ) -> InboundMail:
        identity = _identity(mail, notification)
        case_id = derived_ulid("case", self.key, "case", *identity)
        message_id = derived_ulid("msg", self.key, "message", *identity, mail.digest)
        belongs = thread is not None or not mail.is_auto
        kept, left = _within_limits(mail.attachments if belongs and not mail.is_bounce else ())
        rich = mail.rich if belongs and not mail.is_bounce else ()
        place, scanned = f"{thread or case_id}/{message_id}", notification.receipt.virus.passed
        attachments, html_key = keep(self.bucket, kept, rich, place, scanned=scanned)
        return InboundMail(
            case_id=case_id, message_id=message_id, thread_case_id=thread, rfc_message_id=mail.message_id,
            in_reply_to=mail.in_reply_to, references=mail.references, received_at=notification.mail.timestamp,
            from_addr=sender.address, from_name=sender.name, account_id=sender.account_id,
            verified=sender.verified, refuted=sender.refuted, forwarded=sender.forwarding,
            subject=mail.subject, text=_words(mail, left),
            attachments=attachments, html_key=html_key, raw_key=raw_key,
            automatic=mail.is_auto, digest=mail.digest,
            acknowledge=thread is None and self._may_acknowledge(mail, notification, sender, case_id),
            undelivered_to=mail.bounced_recipients if mail.is_bounce and not mail.is_delay else None,
            reading=None if mail.is_auto else read_mail(mail.subject, mail.text), references_found=_references(mail),
        )  # fmt: skip

    def _may_acknowledge(self, mail: ParsedMail, notification: Notification, sender: Sender, case_id: str) -> bool:
        if mail.is_auto or not sender.answerable or sender.address is None or notification.mail.source in {"", "<>"}:
            return False
        return self.limiter.allow(sender.address, case_id, mail.subject)


def _identity(mail: ParsedMail, notification: Notification) -> tuple[str, str]:
    """What makes a mail the same one when it is delivered again, whatever is found out about it by then. One without a
    Message-ID is known by this delivery alone."""
    written = (mail.from_addr or "").lower()
    return mail.message_id or f"{notification.mail.message_id}\0{mail.digest}", written


def _within_limits(files: tuple[File, ...]) -> tuple[list[File], list[File]]:
    """The files that are kept as attachments, and those that stay in the raw mail alone; signatures are neither."""
    kept: list[File] = []
    left: list[File] = []
    for file in (file for file in files if file.content_type not in SEALS):
        fits = len(kept) < MAX_FILES and file.size + sum(other.size for other in kept) <= MAX_FILE_BYTES
        (kept if fits else left).append(file)
    return kept, left


def _words(mail: ParsedMail, left: list[File]) -> str:
    """The customer's words, or all of a bounce; invitations are told, files that were left out are named."""
    text = mail.body_text if mail.is_bounce else mail.text
    parts = [text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}\n[The rest of this text is in the raw mail.]"]
    invites = [file for file in mail.attachments if file.content_type in {"text/calendar", "application/ics"}]
    parts += [hide_cards(spoken(file.content)) for file in all_cleaned(invites[:MAX_FILES]) if not mail.is_bounce]
    if left:
        named = ", ".join(f"{hide_cards(file.name)} ({file.size} bytes)" for file in left[:MAX_FILES])
        parts.append(f"[{len(left)} more attachments are in the raw mail only: {named}]")
    return "\n\n".join(part for part in parts if part)


def _references(mail: ParsedMail) -> tuple[Reference, ...]:
    names = [file.name for file in mail.attachments[:MAX_FILES]]
    return find_references(mail.subject, mail.text, mail.body_text, names)
