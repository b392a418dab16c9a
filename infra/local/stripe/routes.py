"""Every operation of the API that this server knows, every job of its scheduler, and who listens to which event."""

from collections.abc import Mapping, Sequence

from infra.local.stripe.call import Route
from infra.local.stripe.outbox import Listener
from infra.local.stripe.resources import (
    charges,
    customers,
    events,
    payment_intents,
    payment_methods,
    prices,
    products,
    refunds,
    setup_intents,
    test_clocks,
    webhook_endpoints,
)
from infra.local.stripe.scheduler import Job

ROUTES: tuple[Route, ...] = (
    *charges.ROUTES,
    *customers.ROUTES,
    *events.ROUTES,
    *payment_intents.ROUTES,
    *payment_methods.ROUTES,
    *prices.ROUTES,
    *products.ROUTES,
    *refunds.ROUTES,
    *setup_intents.ROUTES,
    *test_clocks.ROUTES,
    *webhook_endpoints.ROUTES,
)

JOBS: Mapping[str, Job] = {**test_clocks.JOBS}

# A listener's call has the parameters of the request that led to the event, which are not meant for the listener.
LISTENERS: Mapping[str, Sequence[Listener]] = {}
