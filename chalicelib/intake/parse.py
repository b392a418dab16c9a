"""One mail read: what the desk needs to know of it, whatever its bytes are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from chalicelib.intake.mail import automatic, body, bounce, files, mime
from chalicelib.intake.mail.addresses import Mailbox, claimed, mailboxes
from chalicelib.intake.mail.armour import without_armour
from chalicelib.intake.mail.files import File
from chalicelib.intake.mail.forwards import says_forward
from chalicelib.intake.mail.headers import Headers
from chalicelib.intake.mail.lists import Passage, passage_of
from chalicelib.intake.mail.mime import Part
from chalicelib.intake.mail.pictures import with_pictures
from chalicelib.intake.mail.quotes import parted
from chalicelib.intake.mail.shown import displayable
from chalicelib.intake.mail.signature import without_signature

MAX_SUBJECT = 998
"""Characters, as many as a line may have; longer ones are cut."""
_MAX_NAME = 200


@dataclass(frozen=True)
class ParsedMail:
    """A mail as the desk reads it. Ids stand without angle brackets; no header text holds a line break.

    `text` is the customer's new words, `body_text` all words of the mail. `senders` counts the addresses that readers
    of From could differ about: only of a single one can DMARC have spoken. `date` is what the sender's clock said, UTC.
    `digest` is SHA-256 over the mail below its header, which relays do not change. `is_delay`: a bounce that names
    nobody, for the mail system goes on trying. `passage`: it came through a list to which people write. `rich` are the
    parts that a mail program would show, if any is HTML.
    """

    subject: str
    from_addr: str | None
    from_name: str
    senders: int
    to: tuple[str, ...]
    reply_to: str | None
    date: datetime | None
    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    text: str
    body_text: str
    attachments: tuple[File, ...]
    is_auto: bool
    is_bounce: bool
    bounced_recipients: tuple[str, ...]
    bounced_message_id: str | None
    digest: str
    passage: Passage | None = None
    is_delay: bool = False
    rich: tuple[Part, ...] = ()


def parse_mail(raw: bytes) -> ParsedMail:
    """Read a whole mail (RFC 5322 or what passes for it). Never raises; time and memory grow with its length alone."""
    return parse_parts(raw, mime.read(raw))


def parse_parts(raw: bytes, root: Part) -> ParsedMail:
    """The same of a mail whose tree of parts has been read."""
    headers = root.headers
    subject = headers.text("subject")[:MAX_SUBJECT]
    sender, senders = _sender(headers)
    kept = tuple(files.files(root))
    content = with_pictures(body.read(root), kept)
    words = without_armour(content.text)
    failed = bounce.find(root, subject, sender.address or headers.text("from"), content.text)
    through = passage_of(headers, sender)
    own = _words(words, headers, from_markup=content.from_markup)
    return ParsedMail(
        subject=subject, from_addr=sender.address or None, from_name=sender.name, senders=senders,
        to=_receivers(headers), reply_to=_first(headers, "reply-to"), date=headers.date(),
        message_id=headers.id("message-id"), in_reply_to=headers.id("in-reply-to"),
        references=headers.ids("references"),
        text=own, body_text=content.text,
        attachments=kept,
        is_auto=failed is not None or automatic.is_automatic(root, subject, own, through_list=through is not None),
        is_bounce=failed is not None,
        bounced_recipients=failed.recipients if failed else (),
        bounced_message_id=failed.message_id if failed else None,
        digest=hashlib.sha256(memoryview(raw)[root.start :]).hexdigest(),
        passage=through, is_delay=failed is not None and failed.delayed, rich=displayable(root),
    )  # fmt: skip


def _words(text: str, headers: Headers, *, from_markup: bool) -> str:
    """A signature over a mail that is passed on ends the writer's words, not what is passed on."""
    forwards, answers = says_forward(headers.text("subject")), headers.has("in-reply-to") or headers.has("references")
    own, passed_on = parted(text, from_markup=from_markup, forwards=forwards, answers=answers)
    return "\n\n".join(part for part in map(without_signature, filter(None, (own, passed_on))) if part)


def _sender(headers: Headers) -> tuple[Mailbox, int]:
    """Who wrote, and how many addresses From could be read to name; none when Sender alone tells."""
    fields = headers.raws("from")
    written = [mailbox for field in fields for mailbox in mailboxes(field)]
    if not written:
        return next(iter(mailboxes(headers.raw("sender"))), Mailbox(headers.text("from")[:_MAX_NAME], "")), 0
    named = {mailbox.address.lower() for mailbox in written}.union(*map(claimed, fields))
    return written[0], len(named)


def _receivers(headers: Headers) -> tuple[str, ...]:
    fields = (headers.raw("to"), headers.raw("cc"), headers.raw("delivered-to"))
    return tuple(mailbox.address for field in fields for mailbox in mailboxes(field))


def _first(headers: Headers, name: str) -> str | None:
    found = mailboxes(headers.raw(name))
    return found[0].address if found else None
