"""Accounts: the profile and everything that hangs on it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.platform.clock import new_ulid, utc_now

if TYPE_CHECKING:
    from chalicelib.accounts.contact import ContactChanges
    from chalicelib.accounts.marks import AddressMarks
    from chalicelib.accounts.merge_model import MergeGuard
    from chalicelib.accounts.merges import Merges
    from chalicelib.accounts.people import People
    from chalicelib.accounts.preferences import CustomerPreferences
    from chalicelib.accounts.service import Accounts


@cache
def accounts() -> Accounts:
    from chalicelib.accounts.policy import DUPLICATES_POLICY, QUALITY_POLICY
    from chalicelib.accounts.service import Accounts
    from chalicelib.accounts.store import AccountStore

    return Accounts(
        AccountStore(wiring.table()), utc_now, new_ulid,
        quality=lambda day: wiring.policies().on(QUALITY_POLICY, day),
        likeness=lambda day: wiring.policies().on(DUPLICATES_POLICY, day),
        listeners=wiring.contact_listeners(),
    )  # fmt: skip


def contact_listeners() -> tuple[ContactChanges, ...]:
    """Who hears that an address of an account came or went."""
    return (wiring.contact_watch(),)


@cache
def address_marks() -> AddressMarks:
    from chalicelib.accounts.marks import AddressMarks

    return AddressMarks(wiring.accounts().heads, new_ulid)


@cache
def customer_preferences() -> CustomerPreferences:
    from chalicelib.accounts.preferences import CustomerPreferences
    from chalicelib.accounts.preferences_store import PreferenceStore
    from chalicelib.platform.telemetry import count

    return CustomerPreferences(PreferenceStore(wiring.table()), wiring.accounts().heads, new_ulid, count)


@cache
def people() -> People:
    from chalicelib.accounts.people import People
    from chalicelib.platform.telemetry import count

    return People(wiring.accounts().heads, new_ulid, count)


def merge_guards() -> tuple[MergeGuard, ...]:
    """Who may have something open for an account that is to be merged."""
    from chalicelib.accounts.holds_store import HoldStore
    from chalicelib.accounts.merge_guards import HoldGuard, PreferenceGuard, SummaryGuard
    from chalicelib.accounts.merge_model import Obstacle
    from chalicelib.accounts.preferences_store import PreferenceStore
    from chalicelib.billing.merge_guard import BooksGuard
    from chalicelib.payments.merge_guard import PaymentsGuard
    from chalicelib.plans.summary import PLAN

    plan = Obstacle(kind="payment_plan", detail="A payment plan is under way: end it, or wait until it is paid.")
    return (
        BooksGuard(wiring.billing_store()), PaymentsGuard(wiring.payment_store(), utc_now),
        SummaryGuard(wiring.table(), PLAN, plan), HoldGuard(HoldStore(wiring.table()), wiring.today),
        PreferenceGuard(PreferenceStore(wiring.table())),
    )  # fmt: skip


@cache
def merges() -> Merges:
    from chalicelib.accounts.merge_store import MergeStore
    from chalicelib.accounts.merge_writing import MergeWriter
    from chalicelib.accounts.merges import Merges
    from chalicelib.cases.moving import CaseMoves
    from chalicelib.platform.telemetry import count

    known = wiring.accounts()
    writer = MergeWriter(MergeStore(wiring.table()), known.heads, known.listeners, new_ulid)
    cases = CaseMoves(wiring.case_store(), new_ulid)
    return Merges(writer, known.heads, known.likeness, wiring.merge_guards(), cases, new_ulid, count)
