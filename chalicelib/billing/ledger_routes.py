"""HTTP of an account's ledger: what moved its money, entry by entry, and the proof that it adds up."""

from __future__ import annotations

from pydantic import Field

from chalicelib.billing.ledger import LedgerEntry
from chalicelib.billing.movements import EntryKind
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import NotFound
from chalicelib.platform.fields import View
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.platform.money import Money
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, ledger

api = desk_api(__name__, "billing")


class LedgerEntryView(View):
    """One movement of money, never changed, with the balance after it."""

    seq: int = Field(description="Counts the entries of the account from one.")
    kind: EntryKind
    amount: Money = Field(description="Above zero: owed by the customer. Below zero: owed to the customer.")
    balance: Money = Field(description="What the account owes after this entry.")
    reference_id: str = Field(description="The invoice, payment, refund, dispute or credit note behind it.")
    at: Instant = Field(description="When it happened.")
    booked_at: Instant = Field(description="When it was written.")
    cause: str | None = Field(description="The event or request that caused it; null for customers.")
    actor_name: str | None = Field(description="Who caused it; null for customers.")


class DifferenceView(View):
    """The first entry that does not follow from those before it."""

    seq: int = Field(description="The number of that entry.")
    what: str = Field(description="What of it does not follow.", examples=["balance"])
    expected: str = Field(description="What follows from the entries before it.")
    found: str = Field(description="What the entry says.")


class LedgerCheckView(View):
    """Whether every entry of the ledger follows from those before it."""

    consistent: bool = Field(description="True when there is no difference.")
    entries: int = Field(description="Entries that were read: all of the account.")
    difference: DifferenceView | None


def _view(entry: LedgerEntry, for_staff: bool) -> LedgerEntryView:
    return LedgerEntryView(
        **entry.model_dump(include={"seq", "reference_id", "at", "booked_at"}),
        kind=entry.entry_kind,
        amount=Money(amount_minor=entry.amount_minor, currency=entry.currency),
        balance=Money(amount_minor=entry.balance_minor, currency=entry.currency),
        cause=entry.cause if for_staff else None,
        actor_name=entry.actor_name if for_staff else None,
    )


@api.operation(
    "GET", "/v1/accounts/{account_id}/ledger", summary="What moved the balance of an account",
    permission=Permission.INVOICE_READ, query=Paged, returns=LedgerEntryView,
)  # fmt: skip
def list_ledger(request: Request[Empty, Paged]) -> Items[LedgerEntryView]:
    """Bills, payments, refunds and every other movement with the running balance, newest first.

    Entries are never changed or removed. Customers do not see who or what caused one.
    """
    entries, key = ledger().entries(request.path["account_id"], request.query.limit, request.start)
    return Items([_view(entry, request.caller.is_staff) for entry in entries], key)


@api.operation(
    "GET", "/v1/accounts/{account_id}/ledger-check", summary="Prove the ledger of an account",
    permission=Permission.LEDGER_CHECK, returns=LedgerCheckView, errors=(NotFound,),
)  # fmt: skip
def check_ledger(request: Request[Empty, Empty]) -> Reply[LedgerCheckView]:
    """Reads every entry anew: no number is missing, each balances, each balance is the sum of all before it."""
    proof = ledger().check(request.path["account_id"])
    difference = DifferenceView(**proof.difference.model_dump()) if proof.difference else None
    return Reply(LedgerCheckView(consistent=difference is None, entries=proof.entries, difference=difference))
