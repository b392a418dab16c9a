"""The composition root: each service is built here, once, when first used. The only lazy imports of the code base."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chalicelib.platform import aws
from chalicelib.platform.clock import new_ulid, utc_now
from chalicelib.platform.config import settings
from chalicelib.platform.dynamo import Table
from chalicelib.platform.idempotency import Answers
from chalicelib.policy.permissions import ROLES

if TYPE_CHECKING:
    from chalicelib.accounts.service import Accounts
    from chalicelib.audit.service import Audit
    from chalicelib.billing.corrections import Corrections
    from chalicelib.billing.service import Invoices, Ledger, Subscriptions
    from chalicelib.billing.store import BillingStore
    from chalicelib.cases.inbox import Inbox
    from chalicelib.cases.incidents import Incidents
    from chalicelib.cases.mailbox import Mailbox
    from chalicelib.cases.messages import MailSender, Texts
    from chalicelib.cases.notice_outbox import NoticeOutbox
    from chalicelib.cases.notice_words import NoticeWords
    from chalicelib.cases.outbox import Outbox
    from chalicelib.cases.service import Cases
    from chalicelib.cases.store import CaseStore
    from chalicelib.cases.work import Work
    from chalicelib.contacts.callers import Callers
    from chalicelib.contacts.gateway import FailureQueue
    from chalicelib.contacts.service import Contacts
    from chalicelib.intake.service import Intake
    from chalicelib.kpi.folding import Folding
    from chalicelib.kpi.projection import Projection
    from chalicelib.kpi.rollups import RollupStore
    from chalicelib.kpi.service import Kpis
    from chalicelib.payments.chargebacks import Chargebacks
    from chalicelib.payments.customers import Customers
    from chalicelib.payments.finding import PaymentFinder
    from chalicelib.payments.gateway import StripeGateway
    from chalicelib.payments.handling import Handler, StripeEvents
    from chalicelib.payments.hosted import Returns
    from chalicelib.payments.intents import Intents
    from chalicelib.payments.links import PayLinks
    from chalicelib.payments.methods import PaymentMethods
    from chalicelib.payments.mirror.accounts import CustomerAccounts
    from chalicelib.payments.mirror.bills import Bills
    from chalicelib.payments.mirror.catalogue import Catalogue
    from chalicelib.payments.mirror.mandates import Mandates
    from chalicelib.payments.mirror.paid_here import PaidHere
    from chalicelib.payments.mirror.plans import Plans
    from chalicelib.payments.mirror.sessions import Sessions
    from chalicelib.payments.overdue import Overdue
    from chalicelib.payments.reconciliation.service import Reconciliations
    from chalicelib.payments.refunds import Refunds
    from chalicelib.payments.service import Payments
    from chalicelib.payments.store import PaymentStore
    from chalicelib.payments.suspense import Suspense
    from chalicelib.payments.suspense_matches import Matches
    from chalicelib.platform.api import Api
    from chalicelib.reference.service import Reference

_apis: list[Api] = []


@cache
def table() -> Table:
    return Table(aws.dynamodb(), settings().table_name)


def cursor_key() -> bytes:
    return str(aws.secret(settings().desk_secret_id)["cursor_key"]).encode()


def mail_key() -> bytes:
    return str(aws.secret(settings().desk_secret_id)["mail_key"]).encode()


def answers() -> Answers:
    return Answers(table(), utc_now)


def desk_api(module: str, tag: str) -> Api:
    """The Api of one domain's routes."""
    from chalicelib.platform.api import Api

    _apis.append(Api(module, tag, ROLES, answers, cursor_key))
    return _apis[-1]


def apis() -> tuple[Api, ...]:
    """The Apis made so far, by module: all of them once app.py is imported, whatever was imported before it."""
    return tuple(sorted(_apis, key=lambda api: api.module))


@cache
def reference() -> Reference:
    from chalicelib.reference.service import Reference

    return Reference(apis(), table(), settings().desk_stage)


@cache
def audit() -> Audit:
    from chalicelib.audit.service import Audit
    from chalicelib.audit.store import AuditStore

    return Audit(AuditStore(table()))


@cache
def accounts() -> Accounts:
    from chalicelib.accounts.service import Accounts
    from chalicelib.accounts.store import AccountStore

    return Accounts(AccountStore(table()), utc_now, new_ulid)


def today() -> date:
    """The calendar day where the desk bills."""
    return utc_now().astimezone(ZoneInfo(settings().time_zone)).date()


@cache
def billing_store() -> BillingStore:
    from chalicelib.billing.store import BillingStore

    return BillingStore(table())


@cache
def invoices() -> Invoices:
    from chalicelib.billing.service import Invoices

    return Invoices(billing_store(), utc_now, today)


@cache
def corrections() -> Corrections:
    from chalicelib.billing.corrections import Corrections

    return Corrections(billing_store(), utc_now)


@cache
def ledger() -> Ledger:
    from chalicelib.billing.service import Ledger

    return Ledger(billing_store())


@cache
def subscriptions() -> Subscriptions:
    from chalicelib.billing.service import Subscriptions

    return Subscriptions(billing_store())


@cache
def payment_store() -> PaymentStore:
    from chalicelib.payments.store import PaymentStore

    return PaymentStore(table())


def stripe_key() -> str:
    return str(aws.secret(settings().stripe_secret_id)["api_key"])


@cache
def stripe_gateway() -> StripeGateway:
    from chalicelib.payments.gateway import StripeGateway

    return StripeGateway(stripe_key, settings().stripe_api_base)


@cache
def payments() -> Payments:
    from chalicelib.payments.service import Payments

    # Ids must not change for a repeat, so they hang on the key that is never rotated: the one of the mail threads.
    return Payments(payment_store(), stripe_gateway(), utc_now, mail_key)


@cache
def stripe_customers() -> Customers:
    from chalicelib.payments.customers import Customers, HolderStore

    return Customers(HolderStore(table()), payment_store(), stripe_gateway())


def _returns(about: str) -> Returns:
    """Where Stripe's pages lead back to; the site tells its customer what became of it."""
    from chalicelib.payments.hosted import Returns

    site = settings().customer_site or f"https://{settings().mail_domain}"
    return Returns(f"{site}/?{about}=done", f"{site}/?{about}=left")


@cache
def payment_methods() -> PaymentMethods:
    from chalicelib.payments.methods import PaymentMethods

    stripe = stripe_gateway()
    return PaymentMethods(stripe_customers(), stripe, stripe, utc_now, new_ulid, mail_key, _returns("payment_method"))


@cache
def pay_links() -> PayLinks:
    from chalicelib.payments.links import PayLinks

    def number_of(invoice_id: str) -> str:
        invoice = billing_store().invoice(invoice_id)
        return invoice.number if invoice else invoice_id

    def account_of_case(case_id: str) -> str | None:
        case = case_store().get(case_id)
        return case.account_id if case else None

    return PayLinks(
        payments(), payment_store(), stripe_customers(), stripe_gateway(), newsroom(), utc_now, number_of,
        _returns("payment"), account_of_case,
    )  # fmt: skip


@cache
def suspense() -> Suspense:
    from chalicelib.accounts.store import AccountStore
    from chalicelib.payments.suspense import Suspense
    from chalicelib.payments.suspense_search import SuspenseSearch
    from chalicelib.payments.suspense_store import KnownAccountsStore, SuspenseStore

    search = SuspenseSearch(KnownAccountsStore(AccountStore(table()), billing_store()))
    return Suspense(SuspenseStore(table()), billing_store(), search, newsroom(), utc_now)


@cache
def suspense_matches() -> Matches:
    from chalicelib.payments.suspense_matches import Matches
    from chalicelib.payments.suspense_store import SuspenseStore

    return Matches(SuspenseStore(table()), billing_store(), paid_here(), utc_now, mail_key)


@cache
def paid_here() -> PaidHere:
    from chalicelib.payments.mirror.paid_here import PaidHere

    return PaidHere(newsroom(), payment_store(), stripe_gateway())


@cache
def customer_accounts() -> CustomerAccounts:
    from chalicelib.payments.mirror.accounts import CustomerAccounts

    return CustomerAccounts(payment_store(), stripe_gateway())


@cache
def catalogue() -> Catalogue:
    from chalicelib.billing.catalogue import CatalogueStore
    from chalicelib.payments.mirror.catalogue import Catalogue

    return Catalogue(CatalogueStore(table()), stripe_gateway(), utc_now)


@cache
def bills() -> Bills:
    from chalicelib.payments.mirror.bill_books import BillBooks
    from chalicelib.payments.mirror.bill_payments import BillPayments
    from chalicelib.payments.mirror.bills import Bills

    paying = BillPayments(payment_store(), billing_store(), stripe_gateway(), newsroom(), utc_now)
    zone = ZoneInfo(settings().time_zone)
    books = BillBooks(invoices(), corrections(), paying, catalogue(), stripe_gateway(), utc_now, zone)
    return Bills(customer_accounts(), books, newsroom())


@cache
def plans() -> Plans:
    from chalicelib.payments.mirror.plans import Plans

    zone = ZoneInfo(settings().time_zone)
    return Plans(customer_accounts(), catalogue(), billing_store(), stripe_gateway(), utc_now, zone)


@cache
def mandates() -> Mandates:
    from chalicelib.payments.mirror.mandates import Mandates

    return Mandates(customer_accounts(), stripe_gateway(), newsroom())


@cache
def checkout_sessions() -> Sessions:
    from chalicelib.payments.mirror.sessions import Sessions

    return Sessions(payment_store(), stripe_gateway())


@cache
def payment_intents() -> Intents:
    from chalicelib.payments.intents import Intents
    from chalicelib.payments.owners import StripeOwners
    from chalicelib.platform.telemetry import count

    owners = StripeOwners(customer_accounts(), bills(), stripe_gateway())
    return Intents(payment_store(), billing_store(), owners, suspense(), paid_here(), utc_now, count)


@cache
def payment_finder() -> PaymentFinder:
    from chalicelib.payments.finding import PaymentFinder

    return PaymentFinder(payment_store(), stripe_gateway(), payment_intents())


@cache
def refunds() -> Refunds:
    from chalicelib.payments.refunds import Refunds
    from chalicelib.platform.telemetry import count

    return Refunds(
        payment_store(), billing_store(), payment_finder(), stripe_gateway(), newsroom(), utc_now, mail_key, count
    )


@cache
def chargebacks() -> Chargebacks:
    from chalicelib.payments.chargebacks import Chargebacks
    from chalicelib.platform.telemetry import count

    return Chargebacks(payment_store(), billing_store(), payment_finder(), newsroom(), utc_now, count)


def stripe_handlers() -> dict[str, Handler]:
    """Who deals with an event, by the beginning of its type."""
    from chalicelib.payments.mirror.reading import noted

    return {
        "charge": noted,
        "charge.dispute": chargebacks().apply,
        "checkout.session": checkout_sessions().apply,
        "credit_note": bills().apply,
        "customer": customer_accounts().apply,
        "customer.subscription": plans().apply,
        "invoice": bills().apply,
        "invoice_payment": bills().apply,
        "mandate": mandates().apply,
        "payment_intent": payment_intents().apply,
        "payment_method": noted,
        "price": catalogue().apply,
        "product": catalogue().apply,
        "refund": refunds().apply,
        "setup_intent": noted,
        "subscription_schedule": plans().apply,
    }


@cache
def stripe_events() -> StripeEvents:
    from chalicelib.payments.handling import StripeEvents
    from chalicelib.payments.markers import MarkerStore
    from chalicelib.platform.telemetry import count

    return StripeEvents(stripe_handlers(), MarkerStore(table()), stripe_gateway(), utc_now, count)


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

    stripe, events, payments = stripe_gateway(), stripe_events(), payment_store()
    walks = (
        EventsWalk(stripe, events),
        ObjectsWalk(stripe, billed(billing_store()), events, utc_now),
        ObjectsWalk(stripe, comparing.intents(payments), events, utc_now),
        ObjectsWalk(stripe, comparing.refunds(payments), events, utc_now),
        ObjectsWalk(stripe, comparing.disputes(payments), events, utc_now),
        BalanceWalk(stripe, payments, billing_store()),
    )
    starter = LambdaStarter(aws.functions(), settings().reconcile_function)
    return Reconciliations(RunStore(table()), walks, newsroom(), starter, utc_now, mail_key, count)


@cache
def overdue() -> Overdue:
    from chalicelib.payments.due_store import DueStore
    from chalicelib.payments.overdue import Overdue
    from chalicelib.platform.telemetry import count

    return Overdue(DueStore(table()), billing_store(), newsroom(), utc_now, today, count)


@cache
def case_store() -> CaseStore:
    from chalicelib.cases.store import CaseStore

    return CaseStore(table(), settings().queue_shards)


@cache
def case_mailbox() -> Mailbox:
    from chalicelib.cases.mailbox import Mailbox

    return Mailbox(case_store())


@cache
def case_texts() -> Texts:
    from chalicelib.cases.gateway import BucketTexts

    return BucketTexts(aws.s3(), settings().mail_bucket)


@cache
def cases() -> Cases:
    from chalicelib.cases.service import Cases

    return Cases(case_store(), accounts(), case_texts(), utc_now, new_ulid)


@cache
def case_work() -> Work:
    from chalicelib.cases.work import Work

    return Work(case_store(), case_texts(), utc_now, new_ulid)


@cache
def case_inbox() -> Inbox:
    from chalicelib.cases.inbox import Inbox

    return Inbox(case_store(), case_mailbox(), case_texts(), new_ulid)


@cache
def mail_sender() -> MailSender:
    from chalicelib.cases.gateway import SesSender

    return SesSender(aws.ses(), settings().mail_from, settings().mail_configuration_set)


@cache
def notice_words() -> NoticeWords:
    from chalicelib.cases.notice_words import NoticeWords

    def number_of(invoice_id: str) -> str | None:
        bill = billing_store().invoice(invoice_id)
        return bill.number if bill else None

    return NoticeWords(number_of, ZoneInfo(settings().time_zone))


@cache
def case_outbox() -> Outbox:
    from chalicelib.cases.outbox import Outbox

    known = settings()
    return Outbox(
        case_store(), case_mailbox(), accounts(), case_texts(), mail_sender(), notice_words(), utc_now, new_ulid,
        sender_address=known.mail_from, mail_domain=known.mail_domain, mail_key=mail_key(),
    )  # fmt: skip


@cache
def notice_outbox() -> NoticeOutbox:
    from chalicelib.cases.notice_outbox import NoticeOutbox
    from chalicelib.cases.notices import NoticeStore

    known = settings()
    mailbox = known.mail_from.partition("@")[0]
    return NoticeOutbox(
        NoticeStore(table()), accounts(), notice_words(), mail_sender(), utc_now,
        sender_address=known.mail_from, reply_to=f"{mailbox}@{known.mail_domain}",
    )  # fmt: skip


@cache
def newsroom() -> Incidents:
    from chalicelib.cases.incidents import Incidents
    from chalicelib.cases.notices import NoticeStore
    from chalicelib.platform.telemetry import count

    return Incidents(case_store(), NoticeStore(table()), accounts(), utc_now, new_ulid, count)


@cache
def intake() -> Intake:
    from email.utils import parseaddr

    from chalicelib.intake.gateway import AccountCustomers, S3MailBucket
    from chalicelib.intake.service import Intake
    from chalicelib.intake.store import Acknowledgements

    known, key = settings(), mail_key()
    own_address = parseaddr(known.mail_from)[1].lower()
    return Intake(
        S3MailBucket(aws.s3(), known.mail_bucket), case_inbox(), AccountCustomers(accounts()),
        Acknowledgements(table(), utc_now, key), known.mail_domain, own_address, key,
    )  # fmt: skip


@cache
def contacts() -> Contacts:
    from chalicelib.contacts.service import Contacts
    from chalicelib.contacts.store import ContactStore

    return Contacts(ContactStore(table()), accounts())


@cache
def contact_failures() -> FailureQueue:
    from chalicelib.contacts.gateway import FailureQueue

    return FailureQueue(aws.sqs(), settings().contact_failure_queue_url)


@cache
def callers() -> Callers:
    from chalicelib.accounts.service import Accounts
    from chalicelib.accounts.store import AccountStore
    from chalicelib.billing.service import Ledger
    from chalicelib.billing.store import BillingStore
    from chalicelib.contacts.callers import Callers
    from chalicelib.contacts.store import ContactStore

    quick = Table(aws.dynamodb_in_a_call(), settings().table_name)
    known = Accounts(AccountStore(quick), utc_now, new_ulid)
    return Callers(ContactStore(quick), known, Ledger(BillingStore(quick)), today)


@cache
def projection() -> Projection:
    from chalicelib.kpi.projection import Projection
    from chalicelib.kpi.store import FactStore

    return Projection(FactStore(table()), new_ulid)


@cache
def rollups() -> RollupStore:
    from chalicelib.kpi.periods import Calendar
    from chalicelib.kpi.rollups import RollupStore

    return RollupStore(table(), Calendar(ZoneInfo(settings().time_zone)))


@cache
def folding() -> Folding:
    from chalicelib.kpi.folding import Folding
    from chalicelib.kpi.store import FactStore

    return Folding(FactStore(table()), rollups(), utc_now)


@cache
def kpis() -> Kpis:
    from chalicelib.kpi.service import Kpis

    return Kpis(rollups(), utc_now)
