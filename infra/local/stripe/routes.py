"""Every operation of the API that this server knows, every job of its scheduler, and who listens to which event."""

from collections.abc import Mapping, Sequence

from infra.local.stripe import automatic, checkout, debits, settlement
from infra.local.stripe.call import Route
from infra.local.stripe.outbox import Listener
from infra.local.stripe.recurring import following, forecast, lifecycle, schedules
from infra.local.stripe.resources import (
    balance_transactions,
    charges,
    checkout_sessions,
    coupons,
    credit_notes,
    customer_balance,
    customers,
    disputes,
    events,
    invoice_items,
    invoice_lines,
    invoice_payments,
    invoices,
    mandates,
    meter_events,
    meters,
    payment_intents,
    payment_links,
    payment_methods,
    portal_configurations,
    portal_sessions,
    previews,
    prices,
    products,
    promotion_codes,
    refunds,
    setup_intents,
    subscription_items,
    subscription_schedules,
    subscriptions,
    tax_rates,
    test_clocks,
    webhook_endpoints,
)
from infra.local.stripe.scheduler import Job


def _together(*families: Mapping[str, Sequence[Listener]]) -> Mapping[str, Sequence[Listener]]:
    types = {event_type for family in families for event_type in family}
    return {each: [listener for family in families for listener in family.get(each, ())] for each in types}


ROUTES: tuple[Route, ...] = (
    *balance_transactions.ROUTES,
    *charges.ROUTES,
    *checkout_sessions.ROUTES,
    *coupons.ROUTES,
    *credit_notes.ROUTES,
    *customer_balance.ROUTES,
    *customers.ROUTES,
    *disputes.ROUTES,
    *events.ROUTES,
    *invoice_items.ROUTES,
    *invoice_lines.ROUTES,
    *invoice_payments.ROUTES,
    *invoices.ROUTES,
    *mandates.ROUTES,
    *meter_events.ROUTES,
    *meters.ROUTES,
    *payment_intents.ROUTES,
    *payment_links.ROUTES,
    *payment_methods.ROUTES,
    *portal_configurations.ROUTES,
    *portal_sessions.ROUTES,
    *previews.ROUTES,
    *prices.ROUTES,
    *products.ROUTES,
    *promotion_codes.ROUTES,
    *refunds.ROUTES,
    *setup_intents.ROUTES,
    *subscription_items.ROUTES,
    *subscription_schedules.ROUTES,
    *subscriptions.ROUTES,
    *tax_rates.ROUTES,
    *test_clocks.ROUTES,
    *webhook_endpoints.ROUTES,
)

JOBS: Mapping[str, Job] = {
    **automatic.JOBS,
    **checkout.JOBS,
    **forecast.JOBS,
    **lifecycle.JOBS,
    **schedules.JOBS,
    **debits.JOBS,
    **disputes.JOBS,
    **mandates.JOBS,
    **payment_intents.JOBS,
    **refunds.JOBS,
    **test_clocks.JOBS,
}

# A listener's call has the parameters of the request that led to the event, which are not meant for the listener.
LISTENERS: Mapping[str, Sequence[Listener]] = _together(
    automatic.LISTENERS,
    settlement.LISTENERS,
    following.LISTENERS,
    checkout.LISTENERS,
    payment_links.LISTENERS,
    portal_sessions.LISTENERS,
)
