"""Stripe. No object of its SDK leaves this package, and no other part of the desk imports it.

`client` is the one connection, `errors` says which error of theirs is which of ours, the rest is one file a family.
"""

from __future__ import annotations

from chalicelib.payments.gateway.bills import Bills
from chalicelib.payments.gateway.customers import Customers
from chalicelib.payments.gateway.disputes import Disputes
from chalicelib.payments.gateway.facts import Facts
from chalicelib.payments.gateway.intents import Intents
from chalicelib.payments.gateway.methods import Methods
from chalicelib.payments.gateway.pages import Pages
from chalicelib.payments.gateway.plans import Plans
from chalicelib.payments.gateway.refunds import Refunds
from chalicelib.payments.gateway.usage_items import UsageItems

__all__ = ["StripeGateway"]


class StripeGateway(Customers, Intents, Pages, Methods, Disputes, Refunds, Bills, UsageItems, Plans, Facts):
    """All that the desk asks of Stripe. Services name the part that they need as a Protocol."""
