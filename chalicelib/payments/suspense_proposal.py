"""Whose money it may be: what each sign is worth, and which accounts are proposed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chalicelib.billing.receivables import Receivables
from chalicelib.payments.suspense_model import Candidate, Confidence, Proposal

MOST_CANDIDATES: Final = 5


class Sign(StrEnum):
    """Why an account may be meant, in the words in which people read it."""

    ACCOUNT = "The payment names the account."
    INVOICE = "The payment names a bill of the account."
    MAIL = "The payer's mail address is the account's."
    SLIP = "The payment names an account number that is one slip from the account's."
    AMOUNT = "An open bill is of exactly this amount."


_WORTH: Final[Mapping[Sign, int]] = {Sign.ACCOUNT: 2, Sign.INVOICE: 2, Sign.MAIL: 2, Sign.SLIP: 1, Sign.AMOUNT: 1}
_SURE_FROM: Final = ((3, Confidence.HIGH), (2, Confidence.MEDIUM), (1, Confidence.LOW))


@dataclass(frozen=True)
class Lead:
    """A sign that leads to an account, by a bill of it where that was named."""

    account_id: str
    sign: Sign
    invoice_id: str | None = None


def propose(leads: Iterable[Lead], owed_by: Mapping[str, Receivables], amount_minor: int) -> Proposal:
    """The accounts that the leads lead to, among those whose receivables are given; the worthiest is proposed."""
    by_account: dict[str, list[Lead]] = {}
    for lead in leads:
        if lead.account_id in owed_by:
            by_account.setdefault(lead.account_id, []).append(lead)
    weighed = [_weighed(owed_by[account_id], each, amount_minor) for account_id, each in by_account.items()]
    ranked = sorted(weighed, key=lambda each: (-each[0], each[1].account_id))
    is_clear = bool(ranked) and (len(ranked) == 1 or ranked[0][0] > ranked[1][0])
    return Proposal(
        account_id=ranked[0][1].account_id if is_clear else None,
        candidates=tuple(candidate for _, candidate in ranked[:MOST_CANDIDATES]),
    )


def _weighed(owed: Receivables, leads: list[Lead], amount_minor: int) -> tuple[int, Candidate]:
    named = [lead.invoice_id for lead in leads if lead.invoice_id and owed.due_minor(lead.invoice_id)]
    exact = next((each.invoice_id for each in owed.payable(named) if each.due_minor == amount_minor), None)
    found = {lead.sign for lead in leads} | ({Sign.AMOUNT} if exact else set())
    worth = sum(_WORTH[sign] for sign in found)
    candidate = Candidate(
        account_id=owed.account_id,
        invoice_ids=tuple(dict.fromkeys([*named, *([exact] if exact and not named else [])])),
        reasons=tuple(sign.value for sign in Sign if sign in found),
        confidence=next(name for least, name in _SURE_FROM if worth >= least),
    )
    return worth, candidate
