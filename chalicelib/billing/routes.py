"""HTTP of invoices and balances."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from chalicelib.billing.model import (
    InvoiceLine,
    InvoiceStatus,
    LineKind,
    Period,
    StandingInvoice,
)
from chalicelib.platform.errors import NotFound
from chalicelib.platform.fields import Version, View
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.platform.money import Currency, Money
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, invoices

api = desk_api(__name__, "billing")


class InvoiceLineView(View):
    """One charge of an invoice, tax apart."""

    line_id: str
    kind: LineKind
    code: str = Field(description="Code of the product or charge.")
    description: str
    quantity: int
    unit_amount: Money = Field(description="Price of one, before tax.")
    net: Money
    tax_rate_bp: int = Field(description="Tax rate in basis points: 2000 is 20%.")
    tax: Money


class InvoiceRefView(View):
    """An invoice as a list shows it."""

    invoice_id: str
    account_id: str
    number: str = Field(description="As printed on the bill.")
    period: Period
    issued_on: date
    due_on: date
    status: InvoiceStatus
    total: Money = Field(description="Net plus tax.")
    due: Money = Field(description="Still to be paid: total less applied credit and payments.")
    version: Version = Field(description="Entries of the account's ledger that it accounts for; also the ETag.")


class InvoiceView(InvoiceRefView):
    """An invoice with its lines; net and tax are the sums of the lines."""

    net: Money
    tax: Money
    credit_applied: Money = Field(description="Credit of the account that paid part of it when it was issued.")
    lines: list[InvoiceLineView]


class BalanceView(View):
    """What an account owes: the balance is the open invoices less credit."""

    account_id: str
    currency: Currency
    balance: Money = Field(description="Above zero: owed by the customer. Below zero: owed to the customer.")
    overdue: Money = Field(description="The part that should have been paid before today.")
    credit: Money = Field(description="The customer's money that pays no invoice yet; below zero: owed on no invoice.")


def _line(line: InvoiceLine, currency: str) -> InvoiceLineView:
    plain = line.model_dump(include={"line_id", "kind", "code", "description", "quantity", "tax_rate_bp"})
    amounts = {"unit_amount": line.unit_amount_minor, "net": line.net_minor, "tax": line.tax_minor}
    return InvoiceLineView(**plain, **_money(amounts, currency))


def _ref(invoice: StandingInvoice) -> InvoiceRefView:
    plain = invoice.model_dump(include=set(InvoiceRefView.model_fields))
    return InvoiceRefView(**plain, **_money({"total": invoice.total_minor, "due": invoice.due_minor}, invoice.currency))


def _view(invoice: StandingInvoice) -> InvoiceView:
    amounts = {"net": invoice.net_minor, "tax": invoice.tax_minor, "credit_applied": invoice.credit_applied_minor}
    return InvoiceView(
        **_ref(invoice).model_dump(),
        **_money(amounts, invoice.currency),
        lines=[_line(line, invoice.currency) for line in invoice.lines],
    )


def _money(amounts: dict[str, int], currency: str) -> dict[str, Money]:
    return {name: Money(amount_minor=minor, currency=currency) for name, minor in amounts.items()}


@api.operation(
    "GET", "/v1/accounts/{account_id}/invoices", summary="Invoices of an account", permission=Permission.INVOICE_READ,
    query=Paged, returns=InvoiceRefView,
)  # fmt: skip
def list_invoices(request: Request[Empty, Paged]) -> Items[InvoiceRefView]:
    """Invoices without their lines, newest billing period first."""
    found, key = invoices().of_account(request.path["account_id"], request.query.limit, request.start)
    return Items([_ref(invoice) for invoice in found], key)


@api.operation(
    "GET", "/v1/invoices/{invoice_id}", summary="Read an invoice", permission=Permission.INVOICE_READ,
    returns=InvoiceView, errors=(NotFound,), versioned=True,
)  # fmt: skip
def read_invoice(request: Request[Empty, Empty]) -> Reply[InvoiceView]:
    """One invoice with its lines. A customer reads only those of the own account."""
    invoice = invoices().get(request.path["invoice_id"])
    request.caller.reach(invoice.account_id)
    return Reply(_view(invoice), version=invoice.version)


@api.operation(
    "GET", "/v1/accounts/{account_id}/balance", summary="What an account owes", permission=Permission.INVOICE_READ,
    returns=BalanceView, errors=(NotFound,),
)  # fmt: skip
def read_balance(request: Request[Empty, Empty]) -> Reply[BalanceView]:
    """The balance, how much of it is overdue today, and credit. The balance is the sum of all ledger entries."""
    owed, today = invoices().receivables(request.path["account_id"]), invoices().today()
    amounts = {"balance": owed.balance_minor, "overdue": owed.overdue_minor(today), "credit": owed.credit_minor}
    return Reply(BalanceView(account_id=owed.account_id, currency=owed.currency, **_money(amounts, owed.currency)))
