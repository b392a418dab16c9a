"""Makes the Chalice app and registers every blueprint; no route and no rule lives here."""

from chalice.app import Chalice, CORSConfig

from chalicelib.accounts import contact_routes as contact_points
from chalicelib.accounts import duplicates_routes as duplicates
from chalicelib.accounts import holds_routes as holds
from chalicelib.accounts import people_routes as people
from chalicelib.accounts import preferences_routes as preferences
from chalicelib.accounts import routes as accounts
from chalicelib.approvals import routes as approvals
from chalicelib.audit import routes as audit
from chalicelib.billing import ledger_routes as ledger
from chalicelib.billing import routes as billing
from chalicelib.cases import files_routes as files
from chalicelib.cases import html_routes as mail_pages
from chalicelib.cases import jobs as case_jobs
from chalicelib.cases import letter_routes as letters
from chalicelib.cases import merging_routes as case_merges
from chalicelib.cases import preview_routes as previews
from chalicelib.cases import routes as cases
from chalicelib.cases import stop_routes as mail_stops
from chalicelib.cases import unsubscribe_routes as unsubscriptions
from chalicelib.collections import jobs as collection_jobs
from chalicelib.collections import routes as collections
from chalicelib.contacts import jobs as contact_jobs
from chalicelib.contacts import routes as contacts
from chalicelib.education import effect_routes as guide_effects
from chalicelib.education import routes as guides
from chalicelib.identity import access_routes as access
from chalicelib.identity import routes as identity
from chalicelib.intake import jobs as intake_jobs
from chalicelib.kpi import jobs as kpi_jobs
from chalicelib.kpi import routes as kpi
from chalicelib.payments import jobs as payment_jobs
from chalicelib.payments import links_routes as pay_links
from chalicelib.payments import methods_routes as payment_methods
from chalicelib.payments import refund_routes as refunds
from chalicelib.payments import routes as payments
from chalicelib.payments import suspense_routes as suspense
from chalicelib.payments.reconciliation import jobs as reconciliation_jobs
from chalicelib.payments.reconciliation import routes as reconciliations
from chalicelib.plans import jobs as plan_jobs
from chalicelib.plans import quote_routes as plan_quotes
from chalicelib.plans import routes as plans
from chalicelib.policy import routes as policies
from chalicelib.reference import routes as reference
from chalicelib.subscriptions import contract_routes as contracts
from chalicelib.subscriptions import cycle_routes as billing_cycles
from chalicelib.subscriptions import offer_routes as offers
from chalicelib.subscriptions import routes as subscriptions
from chalicelib.usage import advice_routes as plan_advice
from chalicelib.usage import jobs as usage_jobs
from chalicelib.usage import routes as usage
from chalicelib.usage import spending_routes as spending
from chalicelib.workspace import routes as workspace

app = Chalice(app_name="desk", configure_logs=False)
app.api.cors = CORSConfig(
    allow_headers=["Idempotency-Key", "If-Match"],
    expose_headers=["ETag", "Idempotency-Replayed", "Location", "Retry-After", "X-Request-Id"],
    max_age=600,
)
for routes in (
    access,
    accounts,
    approvals,
    audit,
    billing,
    billing_cycles,
    case_merges,
    cases,
    collections,
    contact_points,
    contacts,
    contracts,
    duplicates,
    files,
    guide_effects,
    guides,
    holds,
    identity,
    kpi,
    ledger,
    letters,
    mail_pages,
    mail_stops,
    offers,
    pay_links,
    payment_methods,
    payments,
    people,
    plan_advice,
    plan_quotes,
    plans,
    policies,
    preferences,
    previews,
    reconciliations,
    reference,
    refunds,
    spending,
    subscriptions,
    suspense,
    unsubscriptions,
    usage,
    workspace,
):
    app.register_blueprint(routes.api.blueprint)
for blueprint in (
    case_jobs.bp,
    collection_jobs.bp,
    contact_jobs.bp,
    intake_jobs.bp,
    kpi_jobs.bp,
    payment_jobs.bp,
    payment_jobs.receipt_bp,
    plan_jobs.bp,
    reconciliation_jobs.bp,
    usage_jobs.bp,
):
    app.register_blueprint(blueprint)
