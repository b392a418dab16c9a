"""Whose case it is when a mail comes. Who holds an address of ours may write into a case; that does not make them its
customer. Pure."""

from __future__ import annotations

from chalicelib.cases.messages import InboundMail
from chalicelib.cases.model import Case


def is_asker(case: Case, address: str | None, account_id: str | None) -> bool:
    """Whether the case was asked by this address, or is this account's."""
    return (address is not None and address == case.requester) or (
        account_id is not None and account_id == case.account_id
    )


def may_be_followed(case: Case, address: str | None, account_id: str | None) -> bool:
    """Whether a mail that names another one by what anybody can copy belongs to that one's case: it is from who asked,
    and what is proven of a customer does not go to where nothing is."""
    return is_asker(case, address, account_id) and (account_id is None or case.account_id is not None)


def is_party(mail: InboundMail, case: Case) -> bool:
    """Whether the mail says to be from who asked, or is from the account of the case, and nothing refutes it. Proven
    it is not by that: see `verified`."""
    return not mail.refuted and is_asker(case, mail.from_addr, mail.account_id)


def may_follow(mail: InboundMail, case: Case) -> bool:
    """The same of a mail that was taken in, and nothing refutes it."""
    return not mail.refuted and may_be_followed(case, mail.from_addr, mail.account_id)


def may_enter(mail: InboundMail, case: Case) -> bool:
    """Whether a mail to a case goes on in the other one that took it up and is another account's: only its own
    customer's, and what says that a mail of ours did not arrive."""
    return mail.undelivered_to is not None or is_party(mail, case)


def may_go_on(mail: InboundMail, case: Case) -> bool:
    """Whether the mail can be added to the case. A person needs one that has not ended for good; only its own customer
    takes up again what was resolved. A machine's words change nothing, so that they are kept with any case."""
    return mail.automatic or not case.is_done or (is_party(mail, case) and not case.is_final(mail.received_at))
