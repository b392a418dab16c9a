"""Every operation of the API that this server knows, and every job of its scheduler."""

from collections.abc import Mapping

from infra.local.stripe.call import Route
from infra.local.stripe.resources import (
    charges,
    customers,
    events,
    payment_intents,
    payment_methods,
    refunds,
    setup_intents,
    webhook_endpoints,
)
from infra.local.stripe.scheduler import Job

ROUTES: tuple[Route, ...] = (
    *charges.ROUTES,
    *customers.ROUTES,
    *events.ROUTES,
    *payment_intents.ROUTES,
    *payment_methods.ROUTES,
    *refunds.ROUTES,
    *setup_intents.ROUTES,
    *webhook_endpoints.ROUTES,
)

JOBS: Mapping[str, Job] = {}
