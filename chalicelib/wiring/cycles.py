"""The billing cycle: calendar and forecast."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chalicelib import wiring
from chalicelib.platform.config import settings

if TYPE_CHECKING:
    from chalicelib.subscriptions.cycles import BillingCycles


@cache
def billing_cycles() -> BillingCycles:
    from chalicelib.platform.telemetry import count
    from chalicelib.subscriptions.cycles import BillingCycles

    return BillingCycles(
        wiring.billing_store(), wiring.stripe_gateway(), wiring.catalogue(), wiring.usage_so_far(), wiring.today,
        ZoneInfo(settings().time_zone), count,
    )  # fmt: skip
