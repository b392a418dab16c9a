"""HTTP of links to pay by."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.accounts.heads import AccountMerged
from chalicelib.audit.http import actor_of
from chalicelib.payments.inputs import PaymentTerms
from chalicelib.payments.model import PaymentOrder, PaymentStatus
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import NotFound, Refused, Unprocessable
from chalicelib.platform.fields import View
from chalicelib.platform.http import NO_STORE, Empty, Reply, Request
from chalicelib.platform.money import Money
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, pay_links

api = desk_api(__name__, "payments")


class NewPaymentLink(PaymentTerms):
    """A payment that the customer makes on a page of Stripe's."""

    deliver_to: Literal["mail"] | None = Field(
        default=None, description="`mail`: the link is also sent to the account's first mail address, once."
    )
    case_id: Annotated[str, StringConstraints(pattern=r"^case_[0-9A-Za-z_]{1,64}$")] | None = Field(
        default=None, description="The case that it is asked for in: link and payment are noted there."
    )


class PaymentLinkView(View):
    """A payment that waits for the customer, and where it is made. Whoever has the address can pay."""

    payment_id: str
    account_id: str
    amount: Money
    status: PaymentStatus
    url: str = Field(description="Where to send the customer's browser.")
    expires_at: Instant | None = Field(description="Until when the page can be used, about a day.")


@api.operation(
    "POST", "/v1/accounts/{account_id}/payment-links", summary="Make a link to pay by",
    permission=Permission.PAYMENT_CREATE, body=NewPaymentLink, returns=PaymentLinkView, status=201,
    errors=(AccountMerged, NotFound, Refused, Unprocessable), idempotency="required",
)  # fmt: skip
def make_payment_link(request: Request[NewPaymentLink, Empty]) -> Reply[PaymentLinkView]:
    """Begins a payment and opens a page of Stripe's that takes it, by any method that the account's currency allows.

    A repeat with the same Idempotency-Key gives the same link, until it is used or has expired; then 409.
    """
    new, account_id = request.body, request.path["account_id"]
    order = PaymentOrder(account_id, new.amount, tuple(new.invoice_ids), case_id=new.case_id)
    by_mail = new.deliver_to == "mail"
    link = pay_links().open(order, request.idempotency_key or "", actor_of(request), by_mail=by_mail)
    payment = link.payment
    view = PaymentLinkView(
        payment_id=payment.payment_id,
        account_id=payment.account_id,
        amount=Money(amount_minor=payment.amount_minor, currency=payment.currency),
        status=payment.status,
        url=link.page.url,
        expires_at=link.page.expires_at,
    )
    return Reply(view, location=f"/v1/payments/{payment.payment_id}", headers=NO_STORE)
