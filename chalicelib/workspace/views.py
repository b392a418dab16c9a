"""What the workspace shows."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from chalicelib.accounts.assurance import Level
from chalicelib.accounts.holds import HoldKind
from chalicelib.accounts.model import AccountKind, AccountStatus
from chalicelib.accounts.preferences_model import Channel, Format, PartOfDay, SupportKind
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import View
from chalicelib.platform.money import Money
from chalicelib.workspace.actions import ActionName
from chalicelib.workspace.reasons import Reason


class SupportView(View):
    """How the customer is best served: look here first."""

    needs: list[SupportKind] = Field(description="What makes it harder for them to deal with us.")
    formats: list[Format] = Field(description="How letters must be.")
    language: str
    preferred_channel: Channel | None = Field(description="How they like to be reached; null: not said.")
    preferred_time: PartOfDay | None = Field(description="When they like to be called; null: not said.")


class ContactPointView(View):
    """One address, and whether it was proven."""

    address: str = Field(description="Mail address, or phone in E.164.")
    is_verified: bool = Field(description="Whether somebody showed that it is theirs.")
    has_bounced: bool = Field(description="Whether mail to it came back.")


class CustomerView(View):
    """Who the customer is."""

    account_number: str
    display_name: str
    kind: AccountKind
    status: AccountStatus
    merged_into: str | None = Field(description="The account in which a merged one goes on.")
    contacts: list[ContactPointView] = Field(description="Mail addresses and phones, the main ones first.")
    data_quality_score: int | None = Field(description="0 to 100; null: not weighed yet.")
    suspected_duplicates: list[str] = Field(description="Accounts that may be the same customer's.")
    since_on: date = Field(description="Day on which the account was opened, UTC.")


class VerifiedView(View):
    """How well the customer is identified to you now."""

    level: Level
    until: Instant | None = Field(description="When the last proof ends; null without one.")
    locked_until: Instant | None = Field(description="Nobody can be verified before; null: not locked.")
    contact_changed_at: Instant | None = Field(description="When a mail or phone was last changed.")
    sim_swapped_at: Instant | None = Field(description="When a change of SIM card was last told.")


class BillView(View):
    """The newest bill next to the one before it."""

    invoice_id: str
    number: str = Field(description="As printed on the bill.")
    issued_on: date
    due_on: date
    total: Money = Field(description="Net plus tax.")
    before: Money | None = Field(description="Total of the bill before it; null: it is the first one.")
    difference: Money | None = Field(description="How much more this one is; below zero, less.")


class DueView(View):
    """A bill of which something is still to be paid."""

    invoice_id: str
    due_on: date
    due: Money = Field(description="Still to be paid of it.")
    disputed: Money = Field(description="The part of that which is disputed and not to be asked for.")


class MoneyView(View):
    """What the account owes."""

    balance: Money = Field(description="Above zero: owed by the customer. Below zero: owed to the customer.")
    overdue: Money = Field(description="The part that should have been paid before today.")
    credit: Money = Field(description="The customer's money that pays no invoice yet.")
    to_ask: Money = Field(description="What may be asked for of what is late: not disputed, on no plan.")
    open_invoices: list[DueView] = Field(description="Bills with something due, oldest due day first.")
    last_bill: BillView | None = Field(description="Null: none was issued yet.")


class CaseView(View):
    """An open case."""

    case_id: str
    reference: str = Field(description="The short number that people say.")
    subject: str
    state: str
    queue: str
    priority: str = Field(description="low, normal, high or urgent.")
    channel: str = Field(description="The way by which it came.")
    category: str | None
    assignee: str | None
    created_at: Instant
    due_at: Instant | None = Field(description="When our next answer is due; null while the customer is to answer.")


class HoldView(View):
    """A hold that stands today."""

    hold_id: str = Field(description="The desk's id of a hold.")
    kind: HoldKind
    from_on: date
    until_on: date | None = Field(description="Its last day; null: until it is released.")
    invoice_id: str | None = Field(description="The bill that a dispute is about.")


class PlanView(View):
    """The payment plan that is under way."""

    plan_id: str = Field(description="The desk's id of a payment plan.")
    status: str = Field(description="active or late.")
    total: Money = Field(description="What was agreed to be paid.")
    left: Money = Field(description="What is left of it, as of the last look at the ledger.")
    next_due_on: date | None = Field(description="Null: no instalment is left.")
    next: Money = Field(description="What is missing of the next instalment.")
    ends_on: date


class RungView(View):
    """Where the collection of one late bill stands."""

    invoice_id: str
    step: str | None = Field(description="The last step that was taken.")
    taken_on: date | None
    held: list[str] = Field(description="Why the next step is kept back.")


class UsageAlertView(View):
    """A share of an allowance or of a spending limit that was reached."""

    of: Literal["allowance", "spending_limit"] = Field(description="What was reached.")
    percent: int = Field(description="So much of it.")
    at: Instant


class UsageView(View):
    """Limits, and what was used of them."""

    limits: dict[str, Money] = Field(description="With tax, by `account` or subscription.")
    barred: dict[str, list[str]] = Field(description="What is barred, by `account` or subscription.")
    alerts: list[UsageAlertView] = Field(description="The newest ones, newest first.")


class LikelyView(View):
    """A reason for which the customer is likely to be in touch."""

    reason: Reason
    fact: str = Field(description="What says so, in plain words.")
    object_id: str = Field(description="The bill, case, plan or account that says so.")


class NextActionView(View):
    """What to do next."""

    action: ActionName
    method: str = Field(description="Of the operation to call.", examples=["POST"])
    path: str = Field(description="Of the operation to call.", examples=["/v1/cases/case_01/messages"])
    body: dict[str, Any] = Field(description="What to send, as far as it is known.")
    why: str = Field(description="In plain words.")


class GuideGlance(View):
    """A guide that the customer got lately."""

    slug: str
    at: Instant


class WorkspaceView(View):
    """An account as an advisor needs it while talking."""

    account_id: str
    support: SupportView
    customer: CustomerView
    verified: VerifiedView
    reasons: list[LikelyView] = Field(description="Why they are likely to be in touch, likeliest first.")
    actions: list[NextActionView] = Field(description="What to do next, most useful first; none that a hold forbids.")
    money: MoneyView
    holds: list[HoldView] = Field(description="Holds that stand today.")
    payment_plan: PlanView | None
    collection: list[RungView] = Field(description="Late bills that we ask for, and why we do not.")
    usage: UsageView
    cases: list[CaseView] = Field(description="Open cases, the newest 25, newest first.")
    guides: list[GuideGlance] = Field(description="Guides sent lately, newest first.")
