"""HTTP of payments, and of the webhook where no API Gateway brings it to its own function."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints

from chalicelib.accounts.heads import AccountMerged
from chalicelib.audit.http import actor_of
from chalicelib.payments import receipt
from chalicelib.payments.declines import shown
from chalicelib.payments.inputs import PaymentTerms
from chalicelib.payments.model import Payment, PaymentOrder, PaymentStatus
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import BadRequest, Declined, NotFound, Refused, TooLarge, Unprocessable
from chalicelib.platform.fields import Input, Version, View
from chalicelib.platform.http import NO_STORE, Empty, Items, Paged, Reply, Request
from chalicelib.platform.money import Money
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, payments

api = desk_api(__name__, "payments")


class NewPayment(PaymentTerms):
    """A payment to take. Card data never comes here: the app's Stripe SDK turns it into a payment method."""

    payment_method: Annotated[str, StringConstraints(pattern=r"^pm_[0-9A-Za-z_]{1,64}$")] | None = Field(
        default=None, description="Tried at once. When left out, the answer has a client_secret for the app's SDK."
    )


class AllocationView(View):
    """The part of a payment that pays one invoice."""

    invoice_id: str
    amount: Money


class FailureView(View):
    """Why the bank said no."""

    decline_code: str = Field(description="Stripe's vocabulary; what a customer must not learn is `generic_decline`.")
    detail: str = Field(description="Plain words for the customer.")


class PaymentView(View):
    """A payment. Its money is booked when the status is `succeeded`."""

    payment_id: str
    account_id: str
    amount: Money
    status: PaymentStatus
    allocations: list[AllocationView] = Field(description="Planned until the payment has succeeded, then as booked.")
    credit: Money = Field(description="The part that pays no invoice and stays as credit.")
    failure: FailureView | None
    client_secret: str | None = Field(
        default=None, description="For the app's Stripe SDK, while the customer has to pay or to approve; in POST only."
    )
    created_at: Instant
    settled_at: Instant | None = Field(description="When Stripe took the money.")
    version: Version


class StripeEventBody(Input):
    """An event as Stripe sends it; the signature is over the bytes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Any = Field(default=None, description="Stripe's id of the event.")
    type: Any = Field(default=None, description="What happened, as Stripe names it.")


class Received(View):
    """The event is queued."""

    received: bool = Field(description="Always true: a refused event gets a problem.")


def _view(payment: Payment, client_secret: str | None = None) -> PaymentView:
    def money(minor: int) -> Money:
        return Money(amount_minor=minor, currency=payment.currency)

    told = shown(payment.failure_code)
    return PaymentView(
        payment_id=payment.payment_id,
        account_id=payment.account_id,
        amount=money(payment.amount_minor),
        status=payment.status,
        allocations=[
            AllocationView(invoice_id=p.invoice_id, amount=money(p.amount_minor)) for p in payment.allocations
        ],
        credit=money(payment.credit_minor),
        failure=FailureView(decline_code=told.code, detail=told.words) if payment.failure_code else None,
        client_secret=client_secret,
        created_at=payment.created_at,
        settled_at=payment.settled_at,
        version=payment.version,
    )


@api.operation(
    "POST", "/v1/accounts/{account_id}/payments", summary="Take a payment", permission=Permission.PAYMENT_CREATE,
    body=NewPayment, returns=PaymentView, status=201,
    errors=(AccountMerged, Declined, NotFound, Refused, Unprocessable), versioned=True, idempotency="required",
)  # fmt: skip
def take_payment(request: Request[NewPayment, Empty]) -> Reply[PaymentView]:
    """Asks Stripe for the money. With a payment method it is tried at once, and a declined one is 402 with plain words.

    Taken by staff, the customer is not at the screen: a bank that wants an approval declines.

    Without one the status is `requires_payment` and the app goes on with the client secret. The money is booked a
    moment later, when Stripe's signed event arrives: then status, invoices and balance change together.
    """
    new, account_id = request.body, request.path["account_id"]
    alone = request.caller.is_staff and new.payment_method is not None
    order = PaymentOrder(account_id, new.amount, tuple(new.invoice_ids), new.payment_method, off_session=alone)
    taken = payments().take(order, request.idempotency_key or "", actor_of(request))
    payment, secret = taken.payment, taken.client_secret
    headers = NO_STORE if secret else {}
    return Reply(_view(payment, secret), payment.version, f"/v1/payments/{payment.payment_id}", headers)


@api.operation(
    "GET", "/v1/payments/{payment_id}", summary="Read a payment", permission=Permission.PAYMENT_READ,
    returns=PaymentView, errors=(NotFound,), versioned=True,
)  # fmt: skip
def read_payment(request: Request[Empty, Empty]) -> Reply[PaymentView]:
    """One payment as it is now. A customer reads only those of the own account."""
    payment = payments().get(request.path["payment_id"])
    request.caller.reach(payment.account_id)
    return Reply(_view(payment), version=payment.version)


@api.operation(
    "GET", "/v1/accounts/{account_id}/payments", summary="Payments of an account", permission=Permission.PAYMENT_READ,
    query=Paged, returns=PaymentView,
)  # fmt: skip
def list_payments(request: Request[Empty, Paged]) -> Items[PaymentView]:
    """Payments of every status, newest first."""
    found, key = payments().of_account(request.path["account_id"], request.query.limit, request.start)
    return Items([_view(payment) for payment in found], key)


@api.operation(
    "POST", "/webhooks/stripe", summary="Stripe's events", permission=None, body=StripeEventBody, returns=Received,
    errors=(BadRequest, TooLarge),
)  # fmt: skip
def receive_webhook(request: Request[StripeEventBody, Empty]) -> Reply[Received]:
    """For Stripe alone: takes an event with a valid Stripe-Signature not older than 300 seconds, and queues it."""
    receipt.receive(request.headers, request.raw_body)
    return Reply(Received(received=True))
