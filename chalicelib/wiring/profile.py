"""Accounts: the profile and everything that hangs on it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.platform.clock import new_ulid, utc_now

if TYPE_CHECKING:
    from chalicelib.accounts.contact import ContactChanges
    from chalicelib.accounts.marks import AddressMarks
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

    return CustomerPreferences(PreferenceStore(wiring.table()), wiring.accounts().heads, new_ulid)


@cache
def people() -> People:
    from chalicelib.accounts.people import People

    return People(wiring.accounts().heads, new_ulid)
