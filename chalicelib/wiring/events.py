"""Stripe's side: the mirror of its billing, who deals with its events, and the reconciliation with it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chalicelib import wiring
from chalicelib.platform import aws
from chalicelib.platform.clock import utc_now
from chalicelib.platform.config import settings

if TYPE_CHECKING:
    from chalicelib.payments.handling import Handler, StripeEvents
    from chalicelib.payments.mirror.accounts import CustomerAccounts
    from chalicelib.payments.mirror.bill_followers import BillFollower, DraftFollower
    from chalicelib.payments.mirror.bills import Bills
    from chalicelib.payments.mirror.catalogue import Catalogue
    from chalicelib.payments.mirror.mandates import Mandates
    from chalicelib.payments.mirror.plans import Plans
    from chalicelib.payments.mirror.sessions import Sessions
    from chalicelib.payments.reconciliation.service import Reconciliations


@cache
def customer_accounts() -> CustomerAccounts:
    from chalicelib.payments.mirror.accounts import CustomerAccounts

    return CustomerAccounts(wiring.payment_store(), wiring.stripe_gateway())


@cache
def catalogue() -> Catalogue:
    from chalicelib.billing.catalogue import CatalogueStore
    from chalicelib.payments.mirror.catalogue import Catalogue

    return Catalogue(CatalogueStore(wiring.table()), wiring.stripe_gateway(), utc_now)


@cache
def bills() -> Bills:
    from chalicelib.payments.mirror.bill_books import BillBooks
    from chalicelib.payments.mirror.bill_payments import BillPayments
    from chalicelib.payments.mirror.bills import Bills

    paying = BillPayments(
        wiring.payment_store(), wiring.billing_store(), wiring.stripe_gateway(), wiring.newsroom(), utc_now
    )
    zone = ZoneInfo(settings().time_zone)
    books = BillBooks(
        wiring.invoices(), wiring.corrections(), paying, wiring.catalogue(), wiring.stripe_gateway(), utc_now, zone
    )
    return Bills(
        wiring.customer_accounts(), books, wiring.newsroom(), wiring.bill_followers(), wiring.draft_followers()
    )


def bill_followers() -> tuple[BillFollower, ...]:
    """Who hears of each bill in the books, in this order."""
    return (wiring.usage_bills(), wiring.promises(), wiring.guide_occasions())


def draft_followers() -> tuple[DraftFollower, ...]:
    """Who may add to a bill before it is issued, in this order."""
    return (wiring.usage_bills(), wiring.bill_warnings(), wiring.plan_reminders())


@cache
def plans() -> Plans:
    from chalicelib.payments.mirror.plans import Plans

    zone = ZoneInfo(settings().time_zone)
    return Plans(
        wiring.customer_accounts(), wiring.catalogue(), wiring.billing_store(), wiring.stripe_gateway(), utc_now, zone
    )


@cache
def mandates() -> Mandates:
    from chalicelib.payments.mirror.mandates import Mandates

    return Mandates(wiring.customer_accounts(), wiring.stripe_gateway(), wiring.newsroom())


@cache
def checkout_sessions() -> Sessions:
    from chalicelib.payments.mirror.sessions import Sessions

    return Sessions(wiring.payment_store(), wiring.stripe_gateway())


def stripe_handlers() -> dict[str, Handler]:
    """Who deals with an event, by the beginning of its type."""
    from chalicelib.payments.mirror.reading import noted

    return {
        "charge": noted,
        "charge.dispute": wiring.chargebacks().apply,
        "checkout.session": wiring.checkout_sessions().apply,
        "credit_note": wiring.bills().apply,
        "customer": wiring.customer_accounts().apply,
        "customer.subscription": wiring.plans().apply,
        "invoice": wiring.bills().apply,
        "invoice_payment": wiring.bills().apply,
        "mandate": wiring.mandates().apply,
        "payment_intent": wiring.payment_intents().apply,
        "payment_method": noted,
        "price": wiring.catalogue().apply,
        "product": wiring.catalogue().apply,
        "refund": wiring.refunds().apply,
        "setup_intent": noted,
        "subscription_schedule": wiring.plans().apply,
    }


@cache
def stripe_events() -> StripeEvents:
    from chalicelib.payments.handling import StripeEvents
    from chalicelib.payments.markers import MarkerStore
    from chalicelib.platform.telemetry import count

    return StripeEvents(wiring.stripe_handlers(), MarkerStore(wiring.table()), wiring.stripe_gateway(), utc_now, count)


@cache
def reconciliations() -> Reconciliations:
    from chalicelib.payments.reconciliation import comparing
    from chalicelib.payments.reconciliation.balance import BalanceWalk
    from chalicelib.payments.reconciliation.billed import invoices as billed
    from chalicelib.payments.reconciliation.events import EventsWalk
    from chalicelib.payments.reconciliation.gateway import LambdaStarter
    from chalicelib.payments.reconciliation.objects import ObjectsWalk
    from chalicelib.payments.reconciliation.service import Reconciliations
    from chalicelib.payments.reconciliation.store import RunStore
    from chalicelib.platform.telemetry import count

    stripe, events, payments = wiring.stripe_gateway(), wiring.stripe_events(), wiring.payment_store()
    walks = (
        EventsWalk(stripe, events),
        ObjectsWalk(stripe, billed(wiring.billing_store()), events, utc_now),
        ObjectsWalk(stripe, comparing.intents(payments), events, utc_now),
        ObjectsWalk(stripe, comparing.refunds(payments), events, utc_now),
        ObjectsWalk(stripe, comparing.disputes(payments), events, utc_now),
        BalanceWalk(stripe, payments, wiring.billing_store()),
    )
    starter = LambdaStarter(aws.functions(), settings().reconcile_function)
    return Reconciliations(RunStore(wiring.table()), walks, wiring.newsroom(), starter, utc_now, wiring.mail_key, count)
