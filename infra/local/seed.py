"""Loads the demo company into a deployed desk, through the services that the desk itself uses.

The company's file counts periods back from the day of loading, so that its last bill is always a few weeks old at most.
Loading again changes nothing: whatever stands already is left as it is.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import boto3

from chalicelib.accounts.heads import Heads
from chalicelib.accounts.model import Account, AccountKind, Profile
from chalicelib.accounts.service import Accounts
from chalicelib.accounts.store import AccountStore, NumberTaken
from chalicelib.audit.model import Actor, entry
from chalicelib.billing.model import Invoice, Subscription
from chalicelib.billing.service import Invoices, Subscriptions
from chalicelib.billing.store import BillingStore
from chalicelib.cases.gateway import BucketTexts
from chalicelib.cases.service import Cases, Draft
from chalicelib.cases.store import CaseStore
from chalicelib.payments.intents import Intents
from chalicelib.payments.model import IntentFact, Payment, PaymentStatus
from chalicelib.payments.news import News
from chalicelib.payments.store import PaymentStore
from chalicelib.payments.suspense import Suspense
from chalicelib.payments.suspense_search import SuspenseSearch
from chalicelib.payments.suspense_store import KnownAccountsStore, SuspenseStore
from chalicelib.platform.clock import new_ulid
from chalicelib.platform.dynamo import Table
from chalicelib.platform.errors import Conflict
from chalicelib.subscriptions.calendar import nth_period
from infra.local.seed_offers import load_offers
from infra.local.seed_stripe import Biller, bill_company

COMPANY = Path(__file__).with_name("demo_company.json")
LOADER = Actor("demo", "demo company")
Row = dict[str, Any]


def load(handle: Row) -> Row:
    """Load the company into the desk of this handle; returns what `desk.json` tells of it."""
    company = json.loads(COMPANY.read_text())
    loading = Loading.into(handle, datetime.now(UTC), company["payment_terms_days"])
    accounts = [*company["accounts"], company["sandbox"]]
    for row in accounts:
        loading.account(row)
    load_offers(loading.table, accounts, loading.now, LOADER)
    stripe = handle["stripe"]
    payments, terms = PaymentStore(loading.table), company["payment_terms_days"]
    sandbox = bill_company(Biller(stripe["api_key"], stripe["api_base"], payments, loading.now, terms), company)
    shown = next(row for row in company["accounts"] if row["account_id"] == company["demo_account_id"])
    names = ("account_id", "account_number")
    invoice_id = shown["invoices"][-1]["invoice_id"]
    return {**{name: shown[name] for name in names}, "invoice_id": invoice_id, "sandbox": sandbox}


@dataclass(frozen=True)
class Loading:
    """One load at one moment; `terms` are the days from issue to due day."""

    table: Table
    texts: BucketTexts
    now: datetime
    terms: int

    @classmethod
    def into(cls, handle: Row, now: datetime, terms: int) -> Loading:
        where = {"region_name": handle["region"], "endpoint_url": handle["aws_endpoint"], **handle["credentials"]}
        dynamodb: Any = boto3.client("dynamodb", **where)
        s3: Any = boto3.client("s3", **where)
        names = handle["resources"]
        return cls(Table(dynamodb, names["table"]), BucketTexts(s3, names["mail_bucket"]), now, terms)

    def account(self, row: Row) -> None:
        """One customer with everything that hangs on it, in the order in which it happened."""
        self._open(row)
        for plan in row["subscriptions"]:
            subscription = Subscription(account_id=row["account_id"], currency=row["currency"], **plan)
            Subscriptions(self._billing).start(subscription)
        for _, happening in sorted(self._history(row), key=lambda dated: dated[0]):
            if isinstance(happening, Invoice):
                Invoices(self._billing, lambda: self.now, self.now.date).issue(happening)
            else:
                self._pay(happening)
        for case in row["open_cases"]:
            self._case(row["account_id"], case)

    @property
    def _billing(self) -> BillingStore:
        return BillingStore(self.table)

    def _open(self, row: Row) -> None:
        started = min(date.fromisoformat(plan["started_on"]) for plan in row["subscriptions"])
        at = datetime.combine(started, time(9), UTC)
        profile = Profile.model_validate(row)
        account = Account(
            **profile.model_dump(), account_id=row["account_id"], account_number=row["account_number"],
            kind_of_customer=AccountKind(row["kind"]), currency=row["currency"], created_at=at, updated_at=at,
        )  # fmt: skip
        after = profile.model_dump(mode="json")
        opened = entry(new_ulid("aud"), f"A#{account.account_id}", "account.created", LOADER, at, {}, after)
        store = AccountStore(self.table)
        with contextlib.suppress(NumberTaken):
            store.create(Heads(store, lambda: at).weighed(account), opened)

    def _history(self, row: Row) -> Iterator[tuple[tuple[datetime, int], Invoice | Row]]:
        """Bills and payments with the moment of each; a bill comes before a payment of the same moment."""
        anchor = row["subscriptions"][0]["anchor_day"]
        for given in row["invoices"]:
            bill = self._bill(row, given, anchor)
            yield (datetime.combine(bill.issued_on, time(), UTC), 0), bill
        for given in row["payments"]:
            issued = period_end(self.now.date(), anchor, given["period_offset"])
            paid = datetime.combine(issued, time(9), UTC) + timedelta(days=given["days_after_issue"])
            at = min(paid, self.now)
            yield (at, 1), {**given, "at": at, "account_id": row["account_id"], "currency": row["currency"]}

    def _bill(self, row: Row, given: Row, anchor: int) -> Invoice:
        today, offset = self.now.date(), given["period_offset"]
        issued = period_end(today, anchor, offset)
        return Invoice(
            **{name: given[name] for name in ("invoice_id", "lines", "net_minor", "tax_minor", "total_minor")},
            account_id=row["account_id"], number=given["invoice_number"], currency=row["currency"],
            period=f"{period_end(today, anchor, offset - 1):%Y-%m}", issued_on=issued,
            due_on=issued + timedelta(days=self.terms),
        )  # fmt: skip

    def _pay(self, given: Row) -> None:
        """Begin the payment and, when its outcome is known, book it as the news of Stripe would have."""
        chosen = (given["invoice_id"],) if given["invoice_id"] else ()
        payment = Payment(
            **{name: given[name] for name in ("payment_id", "account_id", "amount_minor", "currency")},
            status=PaymentStatus.REQUIRES_PAYMENT, invoice_ids=chosen, payment_method=given["method"],
            payment_intent_id=given["payment_intent_id"], taken_by=LOADER.subject, taken_by_name=LOADER.name,
            created_at=given["at"],
        )  # fmt: skip
        store, past = PaymentStore(self.table), Past()
        store.begin(payment)
        if given["state"] == "succeeded":
            search = SuspenseSearch(KnownAccountsStore(AccountStore(self.table), self._billing))
            suspense = Suspense(SuspenseStore(self.table), self._billing, search, past, lambda: self.now)
            booking = Intents(store, self._billing, past, suspense, past, lambda: self.now, lambda _: None)
            booking.settle(payment.payment_id, _success(payment))

    def _case(self, account_id: str, given: Row) -> None:
        at = self.now - timedelta(hours=given["hours_ago"])
        draft = Draft(
            subject=given["subject"], text=given["opening_message"], channel=given["channel"], account_id=account_id,
            queue=given["queue"], verified=True,
        )  # fmt: skip
        accounts = Accounts(AccountStore(self.table), lambda: at, new_ulid)
        with contextlib.suppress(Conflict):
            Cases(CaseStore(self.table), accounts, self.texts, lambda: at, new_ulid).open(
                draft, LOADER, given["case_id"]
            )


def period_end(today: date, anchor_day: int, offset: int) -> date:
    """The day on which the billing period `offset` ends: -1 is the last one complete by `today`."""
    return nth_period(today, anchor_day, offset + 1).starts_on


class Past:
    """Who hears of payments and who knows their owners, for those of the past: they are no news, and have owners."""

    def tell(self, news: News) -> None:
        """Customers were told at the time."""

    def follow_invoice(self, intent_id: str, cause: str) -> None:
        """None of them paid an invoice of Stripe's."""

    def account_of(self, customer_id: str) -> str | None:  # noqa: ARG002 - the signature of Owners
        return None


def _success(payment: Payment) -> IntentFact:
    """What Stripe said of a payment that arrived; a bank transfer has no intent, so it goes by the payment's own id."""
    return IntentFact(
        cause=f"evt_{payment.payment_id}",
        intent_id=payment.payment_intent_id or payment.payment_id,
        status=PaymentStatus.SUCCEEDED,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        at=int(payment.created_at.timestamp()),
        payment_id=payment.payment_id,
        account_id=payment.account_id,
    )
