"""Customer mail that a colleague passes on to the desk: the case is the customer's, and nothing of that is proven."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chalicelib.cases.mail_policy import MailRules
from chalicelib.cases.messages import Forwarding
from chalicelib.cases.model import clipped
from chalicelib.intake.cards import without_cards
from chalicelib.intake.mail.addresses import Mailbox
from chalicelib.intake.mail.files import File
from chalicelib.intake.mail.forwards import inner_of, says_forward
from chalicelib.intake.mail.quotes import own_words
from chalicelib.intake.mail.signature import without_signature
from chalicelib.intake.parse import ParsedMail, parse_mail
from chalicelib.intake.senders import Sender, canonical
from chalicelib.policy.model import RulesOn

_MAIL: Final = "message/rfc822"
_DEPTH: Final = 3
"""Colleagues through whose hands a mail went."""
_SAID_BYTES: Final = 1500
_SAID_LINES: Final = 40


@dataclass(frozen=True)
class _Passed:
    """A mail that was passed on: `mail` as if it had come straight, `author` as it stands in it, `said` by who passed
    it on."""

    mail: ParsedMail
    author: Mailbox
    dated: str
    said: str


@dataclass(frozen=True)
class Colleagues:
    """`rules` say whose mail domains are our own. `own_domain` receives the desk's mail, `own_address` writes it."""

    rules: RulesOn[MailRules]
    own_domain: str
    own_address: str

    def unwrap(self, mail: ParsedMail, sender: Sender, at: datetime) -> tuple[ParsedMail, Sender]:
        """The customer's mail and the customer, when a proven colleague passes one on; else both as they are.

        Anybody can have written to the colleague under any name, and a colleague can have typed it: the customer is
        known by an address that nothing proves. The policy is read only for mail that passes one on. Raises
        Unavailable."""
        if not sender.proven or mail.is_auto or mail.passage is not None or not _passes_on(mail):
            return mail, sender
        staff = frozenset(self.rules(at).rules.staff_domains)
        hands = _hands(mail, staff) if _domain(sender.address or "") in staff else []
        address = canonical(hands[-1].author.address) if hands else None
        if address is None or self._is_ours(address) or _domain(address) in staff:
            return mail, sender
        last = hands[-1]
        forwarding = Forwarding(
            by=sender.address or "", dated=clipped(last.dated, 80), said=_short(passed.said for passed in hands)
        )
        customer = Sender(
            address, last.author.name, account_id=None, refuted=True, answerable=False, forwarding=forwarding
        )
        return last.mail, customer

    def _is_ours(self, address: str) -> bool:
        return address == self.own_address or _domain(address) == self.own_domain


def _passes_on(mail: ParsedMail) -> bool:
    """Whether it may pass a mail on: a quick look, before the policy is asked and a mail within is read. What was
    passed on earlier stands in the history of answers, too, and is not passed on by them."""
    searched = mail.body_text if says_forward(mail.subject) else mail.text
    return bool(_attachments(mail)) or inner_of(searched, mail.subject) is not None


def _hands(mail: ParsedMail, staff: frozenset[str]) -> list[_Passed]:
    """What was passed on, from hand to hand as long as it is a colleague who wrote what is found."""
    found: list[_Passed] = []
    for _ in range(_DEPTH + 1):
        passed = _passed(found[-1].mail if found else mail, nested=bool(found))
        if passed is None:
            break
        found.append(passed)
        if _domain(passed.author.address.lower()) not in staff:
            break
    return found


def _attachments(mail: ParsedMail) -> list[File]:
    return [file for file in mail.attachments if file.content_type == _MAIL]


def _passed(mail: ParsedMail, *, nested: bool = False) -> _Passed | None:
    """`nested`: a colleague wrote it, so that the header of another mail in it begins what is looked for."""
    attached = _attachments(mail)
    if len(attached) == 1:
        return _attached(mail, attached[0].content)
    inner = inner_of(mail.body_text, f"FW: {mail.subject}" if nested else mail.subject)
    if inner is None:
        return None
    words = without_signature(own_words(inner.text)) or inner.text
    # The HTML shows what the colleague says, too, which is not for the customer.
    within = replace(mail, subject=inner.subject, text=words, body_text=inner.text, rich=())
    return _Passed(within, inner.author, inner.dated, without_signature(inner.above))


def _attached(outer: ParsedMail, content: bytes) -> _Passed | None:
    mail = without_cards(parse_mail(content))
    if mail.is_auto or not mail.from_addr:
        return None
    others = tuple(file for file in outer.attachments if file.content_type != _MAIL)
    answered = (mail.in_reply_to,) if mail.in_reply_to else ()
    within = replace(
        mail, from_addr=outer.from_addr, message_id=outer.message_id, digest=outer.digest,
        in_reply_to=outer.in_reply_to, references=(*mail.references, *answered, *outer.references),
        to=(*outer.to, *mail.to),
        attachments=(*mail.attachments, *others), senders=outer.senders, passage=None, is_auto=False,
    )  # fmt: skip
    dated = f"{mail.date:%Y-%m-%d %H:%M} UTC" if mail.date else ""
    return _Passed(within, Mailbox(mail.from_name, mail.from_addr), dated, outer.text)


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _short(said: Iterable[str]) -> str:
    """What the colleagues said, line by line, as much of it as fits on a line of the timeline."""
    lines = [clipped(line) for part in said for line in part.strip().split("\n")]
    kept: list[str] = []
    for line in lines:
        if len(kept) == _SAID_LINES or len("\n".join([*kept, line]).encode()) > _SAID_BYTES:
            return "\n".join([*kept, "…"])
        kept.append(line)
    return "\n".join(kept)
