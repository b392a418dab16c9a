"""Looks for the accounts that a payment of nobody known may be for, in a bounded number of reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Protocol

from chalicelib.billing.receivables import Receivables
from chalicelib.payments.suspense_clues import named, slips
from chalicelib.payments.suspense_model import Proposal
from chalicelib.payments.suspense_proposal import Lead, Sign, propose
from chalicelib.platform.fields import canonical_email

MOST_LEADS: Final = 12


class KnownAccounts(Protocol):
    """Who is known to the desk. Each method reads at most three items or one page."""

    def by_number(self, account_number: str) -> str | None:
        """The id of the account with this number."""

    def by_mail(self, mail: str) -> Sequence[str]:
        """The ids of the first accounts with this mail address, in its canonical form."""

    def of_bill(self, id_or_number: str) -> tuple[str, str] | None:
        """The ids of the account and the bill."""

    def owed(self, account_id: str) -> Receivables | None:
        """What a customer's account owes; None when there is no such account."""


@dataclass(frozen=True)
class SuspenseSearch:
    """Reads at most 3 ids and 3 numbers of bills, 3 account numbers with up to 19 slips each, one mail address, and
    what the accounts of the first twelve leads owe; most payments name one thing, if any."""

    known: KnownAccounts

    def proposal(self, hints: Sequence[str], mail: str | None, amount_minor: int, currency: str) -> Proposal:
        """Whose money it may be. Accounts of another currency are left out."""
        leads = list(islice(self._leads(hints, mail), MOST_LEADS))
        accounts = (self.known.owed(account_id) for account_id in dict.fromkeys(lead.account_id for lead in leads))
        owed_by = {owed.account_id: owed for owed in accounts if owed and owed.currency == currency}
        return propose(leads, owed_by, amount_minor)

    def _leads(self, hints: Sequence[str], mail: str | None) -> Iterator[Lead]:
        """The best signs first."""
        names = named(hints)
        yield from (Lead(account_id, Sign.ACCOUNT) for account_id in names.account_ids)
        bills = (self.known.of_bill(bill) for bill in (*names.invoice_ids, *names.invoice_numbers))
        yield from (Lead(bill[0], Sign.INVOICE, bill[1]) for bill in bills if bill)
        exact = {number: self.known.by_number(number) for number in names.account_numbers}
        yield from (Lead(account_id, Sign.ACCOUNT) for account_id in exact.values() if account_id)
        address = _canonical(mail)
        yield from (Lead(account_id, Sign.MAIL) for account_id in (self.known.by_mail(address) if address else ()))
        meant = (each for number, account_id in exact.items() if not account_id for each in slips(number))
        yield from (Lead(account_id, Sign.SLIP) for account_id in map(self.known.by_number, meant) if account_id)


def _canonical(mail: str | None) -> str | None:
    try:
        return canonical_email(mail) if mail else None
    except ValueError:
        return None
