"""Whose case it is when a mail comes. Who holds an address of ours may write into a case; that does not make them its
customer. Pure."""

from __future__ import annotations

from chalicelib.cases.messages import InboundMail
from chalicelib.cases.model import Case


def is_party(mail: InboundMail, case: Case) -> bool:
    """Whether the mail says to be from who asked, or is from the account of the case. Proven it is not by that: see
    `verified`."""
    same_account = mail.account_id is not None and mail.account_id == case.account_id
    return same_account or (mail.from_addr is not None and mail.from_addr == case.requester)
