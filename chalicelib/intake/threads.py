"""Which case a mail continues. Signed signs prove it; anything that can be copied counts only from the one who
asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.cases import addressing
from chalicelib.intake.model import CaseInbox
from chalicelib.intake.parse import ParsedMail
from chalicelib.intake.senders import Sender
from chalicelib.platform.check_digit import check_digit

_REFERENCE: Final = re.compile(r"\bC([0-9]{9})([0-9])\b", re.IGNORECASE)
_LOOKED_UP: Final = 4
"""Foreign ids that are looked up: a read each."""


@dataclass(frozen=True)
class Threads:
    """`domain` receives our mail, `key` signs its addresses."""

    cases: CaseInbox
    domain: str
    key: bytes

    def find(self, mail: ParsedMail, recipients: tuple[str, ...], sender: Sender) -> str | None:
        """The case that a mail continues, or None. No read for a signed sign. Raises Unavailable."""
        return (
            next(self._by_address((*recipients, *mail.to)), None)
            or next(self._by_signed_id(mail), None)
            or self._by_known_id(mail, sender)
            or self._by_reference(mail, sender)
        )

    def of_returned(self, message_id: str | None) -> str | None:
        """The case that a mail which came back belonged to: by our signature, or by the id that SES gave it."""
        if message_id is None:
            return None
        signed = addressing.case_id_of_message_id(message_id, self.domain, self.key)
        return signed or self.cases.case_of_sent(message_id)

    def _by_address(self, addresses: tuple[str, ...]) -> Iterator[str]:
        for address in dict.fromkeys(addresses):
            if case_id := addressing.case_id_of_reply_address(address, self.domain, self.key):
                yield case_id

    def _by_signed_id(self, mail: ParsedMail) -> Iterator[str]:
        for rfc_id in _answered(mail):
            if case_id := addressing.case_id_of_message_id(rfc_id, self.domain, self.key):
                yield case_id

    def _by_known_id(self, mail: ParsedMail, sender: Sender) -> str | None:
        """Message-IDs travel with forwarded mail, so they prove nothing about who holds them. What comes through a
        list may have come straight, too: a list changes a mail, so that its copy is not known as a repeat."""
        copied = [mail.message_id] if mail.passage and mail.message_id else []
        for rfc_id in [*copied, *_answered(mail)][:_LOOKED_UP] if sender.may_be_known else ():
            case_id = self.cases.case_of_message_id(rfc_id)
            if case_id and self.cases.is_asker(case_id, sender.address, sender.account_id):
                return case_id
        return None

    def _by_reference(self, mail: ParsedMail, sender: Sender) -> str | None:
        for digits, check in _REFERENCE.findall(mail.subject)[:2] if sender.may_be_known else ():
            if check_digit(digits) != check:
                continue
            case_id = self.cases.case_of_reference(f"C{digits}{check}", sender.account_id, sender.address)
            if case_id:  # found among the sender's own
                return case_id
        return None


def _answered(mail: ParsedMail) -> list[str]:
    """The ids of the mails it answers, nearest first."""
    return list(dict.fromkeys((*((mail.in_reply_to,) if mail.in_reply_to else ()), *reversed(mail.references))))
