"""Every operation of the API that this server knows, every job of its scheduler, and who listens to which event."""

from collections.abc import Mapping, Sequence

from infra.local.stripe import checkout
from infra.local.stripe.call import Route
from infra.local.stripe.outbox import Listener
from infra.local.stripe.resources import (
    charges,
    checkout_sessions,
    customers,
    events,
    payment_intents,
    payment_links,
    payment_methods,
    prices,
    products,
    refunds,
    setup_intents,
    test_clocks,
    webhook_endpoints,
)
from infra.local.stripe.scheduler import Job


def _together(*families: Mapping[str, Sequence[Listener]]) -> Mapping[str, Sequence[Listener]]:
    types = {event_type for family in families for event_type in family}
    return {each: [listener for family in families for listener in family.get(each, ())] for each in types}


ROUTES: tuple[Route, ...] = (
    *charges.ROUTES,
    *checkout_sessions.ROUTES,
    *customers.ROUTES,
    *events.ROUTES,
    *payment_intents.ROUTES,
    *payment_links.ROUTES,
    *payment_methods.ROUTES,
    *prices.ROUTES,
    *products.ROUTES,
    *refunds.ROUTES,
    *setup_intents.ROUTES,
    *test_clocks.ROUTES,
    *webhook_endpoints.ROUTES,
)

JOBS: Mapping[str, Job] = {**checkout.JOBS, **test_clocks.JOBS}

# A listener's call has the parameters of the request that led to the event, which are not meant for the listener.
LISTENERS: Mapping[str, Sequence[Listener]] = _together(checkout.LISTENERS, payment_links.LISTENERS)
