"""HTTP of saved payment methods. No card number ever comes here, nor leaves."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.accounts.assurance import Action, StepUpRequired
from chalicelib.accounts.heads import AccountMerged
from chalicelib.audit.http import actor_of
from chalicelib.payments.hosted import HostedPage
from chalicelib.payments.methods_model import MethodKind, SavedMethod
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import NotFound, Refused, Unprocessable
from chalicelib.platform.fields import Input, View
from chalicelib.platform.http import NO_STORE, Empty, Items, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, payment_methods, step_up

api = desk_api(__name__, "payments")


class PaymentMethodView(View):
    """A saved card or bank debit, as its owner knows it."""

    payment_method_id: str
    kind: MethodKind
    brand: str | None = Field(description="The card's brand or the bank's name, where Stripe tells it.")
    last4: str | None = Field(description="The last four digits of the card or bank account.")
    expires: str | None = Field(
        description="Of a card: the month it is good until the end of, as YYYY-MM.", examples=["2028-02"]
    )
    is_default: bool = Field(description="Whether the account's bills are paid by it.")
    added_at: Instant


class HostedPageView(View):
    """A page of Stripe's for the customer. Whoever has the address can use it."""

    url: str = Field(description="Where to send the customer's browser.")
    expires_at: Instant | None = Field(description="Until when it can be opened; null: within minutes.")


class DefaultPaymentMethod(Input):
    """The method to pay bills by."""

    payment_method_id: Annotated[str, StringConstraints(pattern=r"^pm_[0-9A-Za-z_]{1,64}$")] = Field(
        description="One of the account's own.", examples=["pm_1SUpXzDesk0000000000Visa"]
    )


def _view(method: SavedMethod) -> PaymentMethodView:
    return PaymentMethodView(
        payment_method_id=method.method_id,
        kind=method.kind,
        brand=method.brand,
        last4=method.last4,
        expires="{:04}-{:02}".format(*method.expiry) if method.expiry else None,
        is_default=method.is_default,
        added_at=method.added_at,
    )


def _verified(request: Request[Any, Empty]) -> str:
    """The account, once its customer is identified as well as policy asks for a change of payment methods."""
    account_id = request.path["account_id"]
    step_up().require(request.caller, account_id, Action.CHANGE_PAYMENT_METHOD)
    return account_id


def _opened(page: HostedPage) -> Reply[HostedPageView]:
    return Reply(HostedPageView(url=page.url, expires_at=page.expires_at), headers=NO_STORE)


@api.operation(
    "GET", "/v1/accounts/{account_id}/payment-methods", summary="Saved payment methods",
    permission=Permission.PAYMENT_METHOD_READ, returns=PaymentMethodView, errors=(NotFound, Refused),
)  # fmt: skip
def list_payment_methods(request: Request[Empty, Empty]) -> Items[PaymentMethodView]:
    """All of them, at most a hundred, the newest first."""
    return Items([_view(method) for method in payment_methods().of_account(request.path["account_id"])])


@api.operation(
    "POST", "/v1/accounts/{account_id}/payment-methods", summary="Save a payment method",
    permission=Permission.PAYMENT_METHOD_MANAGE, returns=HostedPageView, status=201,
    errors=(AccountMerged, NotFound, StepUpRequired, Refused),
    idempotency="required",
)  # fmt: skip
def add_payment_method(request: Request[Empty, Empty]) -> Reply[HostedPageView]:
    """Opens a page of Stripe's on which the customer enters a card or bank account, which is then saved here.

    A repeat with the same Idempotency-Key gives the same page for 24 hours.
    """
    account_id, key = _verified(request), request.idempotency_key or ""
    return _opened(payment_methods().add(account_id, key, actor_of(request)))


@api.operation(
    "PUT", "/v1/accounts/{account_id}/default-payment-method", summary="Choose the default payment method",
    permission=Permission.PAYMENT_METHOD_MANAGE, body=DefaultPaymentMethod, returns=PaymentMethodView,
    errors=(NotFound, StepUpRequired, Refused, Unprocessable),
)  # fmt: skip
def choose_default_payment_method(request: Request[DefaultPaymentMethod, Empty]) -> Reply[PaymentMethodView]:
    """Bills of the account are paid by this method from now on. 404 when the account has no such method."""
    account_id, method_id = _verified(request), request.body.payment_method_id
    return Reply(_view(payment_methods().choose(account_id, method_id, actor_of(request))))


@api.operation(
    "DELETE", "/v1/accounts/{account_id}/payment-methods/{payment_method_id}", summary="Remove a payment method",
    permission=Permission.PAYMENT_METHOD_MANAGE, returns=PaymentMethodView,
    errors=(NotFound, StepUpRequired, Refused),
)  # fmt: skip
def remove_payment_method(request: Request[Empty, Empty]) -> Reply[PaymentMethodView]:
    """Forgets the method for good and answers what it was. Payments under way by it go on.

    When it was the default, there is none until another is chosen.
    """
    account_id, method_id = _verified(request), request.path["payment_method_id"]
    return Reply(_view(payment_methods().remove(account_id, method_id, actor_of(request))))
