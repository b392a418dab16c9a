"""Payments: money taken, given back, disputed, and waiting for an owner."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.platform import aws
from chalicelib.platform.clock import new_ulid, utc_now
from chalicelib.platform.config import settings

if TYPE_CHECKING:
    from chalicelib.payments.chargebacks import Chargebacks
    from chalicelib.payments.customers import Customers
    from chalicelib.payments.finding import PaymentFinder
    from chalicelib.payments.gateway import StripeGateway
    from chalicelib.payments.hosted import Returns
    from chalicelib.payments.intents import Intents
    from chalicelib.payments.links import PayLinks
    from chalicelib.payments.methods import PaymentMethods
    from chalicelib.payments.mirror.paid_here import PaidHere
    from chalicelib.payments.refunds import Refunds
    from chalicelib.payments.service import Payments
    from chalicelib.payments.store import PaymentStore
    from chalicelib.payments.suspense import Suspense
    from chalicelib.payments.suspense_matches import Matches


@cache
def payment_store() -> PaymentStore:
    from chalicelib.payments.store import PaymentStore

    return PaymentStore(wiring.table())


def stripe_key() -> str:
    return str(aws.secret(settings().stripe_secret_id)["api_key"])


@cache
def stripe_gateway() -> StripeGateway:
    from chalicelib.payments.gateway import StripeGateway

    return StripeGateway(wiring.stripe_key, settings().stripe_api_base)


@cache
def payments() -> Payments:
    from chalicelib.payments.service import Payments

    # Ids must not change for a repeat, so they hang on the key that is never rotated: the one of the mail threads.
    return Payments(wiring.payment_store(), wiring.stripe_gateway(), utc_now, wiring.mail_key)


@cache
def stripe_customers() -> Customers:
    from chalicelib.payments.customers import Customers, HolderStore

    return Customers(HolderStore(wiring.table()), wiring.payment_store(), wiring.stripe_gateway())


def _returns(about: str) -> Returns:
    """Where Stripe's pages lead back to; the site tells its customer what became of it."""
    from chalicelib.payments.hosted import Returns

    site = settings().customer_site or f"https://{settings().mail_domain}"
    return Returns(f"{site}/?{about}=done", f"{site}/?{about}=left")


@cache
def payment_methods() -> PaymentMethods:
    from chalicelib.payments.methods import PaymentMethods

    stripe = wiring.stripe_gateway()
    return PaymentMethods(
        wiring.stripe_customers(), stripe, stripe, utc_now, new_ulid, wiring.mail_key, _returns("payment_method")
    )


@cache
def pay_links() -> PayLinks:
    from chalicelib.payments.links import PayLinks

    def number_of(invoice_id: str) -> str:
        invoice = wiring.billing_store().invoice(invoice_id)
        return invoice.number if invoice else invoice_id

    def account_of_case(case_id: str) -> str | None:
        case = wiring.case_store().get(case_id)
        return case.account_id if case else None

    return PayLinks(
        wiring.payments(), wiring.payment_store(), wiring.stripe_customers(), wiring.stripe_gateway(),
        wiring.newsroom(), utc_now, number_of, _returns("payment"), account_of_case,
    )  # fmt: skip


@cache
def suspense() -> Suspense:
    from chalicelib.accounts.store import AccountStore
    from chalicelib.payments.suspense import Suspense
    from chalicelib.payments.suspense_search import SuspenseSearch
    from chalicelib.payments.suspense_store import KnownAccountsStore, SuspenseStore

    search = SuspenseSearch(KnownAccountsStore(AccountStore(wiring.table()), wiring.billing_store()))
    return Suspense(SuspenseStore(wiring.table()), wiring.billing_store(), search, wiring.newsroom(), utc_now)


@cache
def suspense_matches() -> Matches:
    from chalicelib.payments.suspense_matches import Matches
    from chalicelib.payments.suspense_store import SuspenseStore

    return Matches(SuspenseStore(wiring.table()), wiring.billing_store(), wiring.paid_here(), utc_now, wiring.mail_key)


@cache
def paid_here() -> PaidHere:
    from chalicelib.payments.mirror.paid_here import PaidHere

    return PaidHere(wiring.newsroom(), wiring.payment_store(), wiring.stripe_gateway())


@cache
def payment_intents() -> Intents:
    from chalicelib.payments.intents import Intents
    from chalicelib.payments.owners import StripeOwners
    from chalicelib.platform.telemetry import count

    owners = StripeOwners(wiring.customer_accounts(), wiring.bills(), wiring.stripe_gateway())
    return Intents(
        wiring.payment_store(), wiring.billing_store(), owners, wiring.suspense(), wiring.paid_here(), utc_now, count
    )


@cache
def payment_finder() -> PaymentFinder:
    from chalicelib.payments.finding import PaymentFinder

    return PaymentFinder(wiring.payment_store(), wiring.stripe_gateway(), wiring.payment_intents())


@cache
def refunds() -> Refunds:
    from chalicelib.payments.refunds import Refunds
    from chalicelib.platform.telemetry import count

    return Refunds(
        wiring.payment_store(),
        wiring.billing_store(),
        wiring.payment_finder(),
        wiring.stripe_gateway(),
        wiring.newsroom(),
        utc_now,
        wiring.mail_key,
        count,
    )


@cache
def chargebacks() -> Chargebacks:
    from chalicelib.payments.chargebacks import Chargebacks
    from chalicelib.platform.telemetry import count

    return Chargebacks(
        wiring.payment_store(), wiring.billing_store(), wiring.payment_finder(), wiring.newsroom(), utc_now, count
    )
