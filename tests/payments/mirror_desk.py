"""The handlers of Stripe's own billing, on a given table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from chalicelib.billing.catalogue import CatalogueStore
from chalicelib.billing.corrections import Corrections
from chalicelib.billing.service import Invoices
from chalicelib.billing.store import BillingStore
from chalicelib.payments.handling import Handler
from chalicelib.payments.mirror.accounts import CustomerAccounts
from chalicelib.payments.mirror.bill_books import BillBooks, Documents
from chalicelib.payments.mirror.bill_followers import BillFollower, DraftFollower
from chalicelib.payments.mirror.bill_payments import BillPayments
from chalicelib.payments.mirror.bills import Bills
from chalicelib.payments.mirror.catalogue import Catalogue
from chalicelib.payments.mirror.mandates import Mandates
from chalicelib.payments.mirror.plans import Plans
from chalicelib.payments.mirror.reading import noted
from chalicelib.payments.mirror.sessions import Sessions
from chalicelib.payments.news import Newsroom
from chalicelib.payments.store import PaymentStore
from chalicelib.platform.clock import Clock
from chalicelib.platform.dynamo import Table

LONDON = ZoneInfo("Europe/London")


@dataclass
class MirrorDesk:
    table: Table
    stripe: Documents
    clock: Clock
    newsroom: Newsroom
    followers: tuple[BillFollower, ...] = ()
    drafts: tuple[DraftFollower, ...] = ()

    @cached_property
    def billing(self) -> BillingStore:
        return BillingStore(self.table)

    @cached_property
    def accounts(self) -> CustomerAccounts:
        return CustomerAccounts(PaymentStore(self.table), self.stripe)

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(CatalogueStore(self.table), self.stripe, self.clock)

    @cached_property
    def bills(self) -> Bills:
        paying = BillPayments(PaymentStore(self.table), self.billing, self.stripe, self.newsroom, self.clock)
        invoices = Invoices(self.billing, self.clock, self._today)
        corrections = Corrections(self.billing, self.clock)
        books = BillBooks(invoices, corrections, paying, self.catalogue, self.stripe, self.clock, LONDON)
        return Bills(self.accounts, books, self.newsroom, self.followers, self.drafts)

    @cached_property
    def plans(self) -> Plans:
        return Plans(self.accounts, self.catalogue, self.billing, self.stripe, self.clock, LONDON)

    @property
    def handlers(self) -> dict[str, Handler]:
        """By the beginning of an event's type."""
        return {
            "charge": noted,
            "checkout.session": Sessions(PaymentStore(self.table), self.stripe).apply,
            "credit_note": self.bills.apply,
            "customer": self.accounts.apply,
            "customer.subscription": self.plans.apply,
            "invoice": self.bills.apply,
            "invoice_payment": self.bills.apply,
            "mandate": Mandates(self.accounts, self.stripe, self.newsroom).apply,
            "payment_method": noted,
            "price": self.catalogue.apply,
            "product": self.catalogue.apply,
            "setup_intent": noted,
            "subscription_schedule": self.plans.apply,
        }

    def _today(self) -> date:
        return self.clock().astimezone(LONDON).date()
