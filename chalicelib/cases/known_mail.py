"""What mail names of cases that are there: Message-IDs, references, and whose a case is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chalicelib.cases.mailbox import Mailbox
from chalicelib.cases.parties import may_be_followed
from chalicelib.cases.store import CaseStore, account_owner, mail_owner

_LOOKED_THROUGH: Final = 100


@dataclass(frozen=True)
class KnownMail:
    """All raise Unavailable."""

    cases: CaseStore
    mailbox: Mailbox

    def case_of_message_id(self, rfc_message_id: str) -> str | None:
        """The case that holds the mail with this Message-ID. Anyone can write any Message-ID: check the sender, too."""
        mark = self.mailbox.mark_of(rfc_message_id)
        return mark.case_id if mark else None

    def case_of_sent(self, rfc_message_id: str) -> str | None:
        """The case from which we sent the mail with this Message-ID. Mail systems draw it: none but a receiver knows
        it. It may have come back at once, and nobody tells it twice."""
        mark = self.mailbox.mark_of(rfc_message_id, consistent=True)
        return mark.case_id if mark and mark.is_ours else None

    def case_of_reference(self, reference: str, account_id: str | None, sender: str | None) -> str | None:
        """The case with this reference among the hundred newest open and done ones of this account or, without one,
        this sender."""
        if account_id is None and sender is None:
            return None
        owner = account_owner(account_id) if account_id else mail_owner(sender or "")
        for done in (False, True):
            refs, _ = self.cases.of_owner(owner, done, _LOOKED_THROUGH, None)
            for ref in refs:
                if ref.reference == reference.strip().upper():
                    return ref.case_id
        return None

    def is_asker(self, case_id: str, address: str | None, account_id: str | None) -> bool:
        """Whether a case was asked by this address or is this account's, so that a mail of theirs may follow one in it;
        no when the case is not known."""
        case = self.cases.get(case_id)
        return case is not None and may_be_followed(case, address, account_id)
