"""What identity goes by: how long codes and proofs are good, when an account is locked, and which deed asks for how
much proof of whom. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import Field

from chalicelib.accounts.assurance import Action, Level
from chalicelib.platform.auth import Caller
from chalicelib.policy.model import PolicyKind, Rules


class Who(StrEnum):
    """In which role somebody acts for an account."""

    CUSTOMER = "customer"
    STAFF = "staff"
    BACK_OFFICE = "back_office"


_BACK_OFFICE: Final = frozenset({"admin", "finance"})


def who_is(caller: Caller) -> Who:
    """Finance and administration do not speak with customers; everybody else of the staff does."""
    if caller.groups & _BACK_OFFICE:
        return Who.BACK_OFFICE
    return Who.STAFF if caller.is_staff else Who.CUSTOMER


class Need(Rules):
    """What a deed asks for."""

    level: Level = Field(default=Level.NONE, description="The least level.")
    proofs: int = Field(default=0, ge=0, le=3, description="How many independent proofs; signing in is one.")


class Needs(Rules):
    """What a deed asks for, by who does it."""

    customer: Need = Field(default=Need(), description="Of a customer who is signed in.")
    staff: Need = Field(default=Need(), description="Of the customer whom an advisor serves.")
    back_office: Need = Field(default=Need(), description="Of the customer when finance or an administrator acts.")

    def of(self, who: Who) -> Need:
        return {Who.CUSTOMER: self.customer, Who.STAFF: self.staff, Who.BACK_OFFICE: self.back_office}[who]


_CHANNEL, _STRONG = Need(level=Level.CHANNEL), Need(level=Level.STRONG)
_TWO: Final = Need(level=Level.STRONG, proofs=2)
_REACH: Final = Needs(customer=Need(level=Level.KNOWLEDGE), staff=_CHANNEL, back_office=_CHANNEL)
"""For what an attacker changes first: whom we write to, who may speak for the customer, and whose account is whose."""
_INITIAL: Final = {
    Action.CHANGE_CONTACT: _REACH,
    Action.CHANGE_PEOPLE: _REACH,
    Action.MERGE_ACCOUNTS: _REACH,
    Action.LIFT_SPENDING_LIMIT: Needs(staff=_CHANNEL),
    # It lets the desk charge a saved method with nobody there: who agrees to that has to be the customer.
    Action.MAKE_PAYMENT_PLAN: Needs(staff=_CHANNEL),
    Action.SET_SECURITY_ANSWERS: Needs(customer=_STRONG, staff=_STRONG, back_office=_STRONG),
    Action.RESET_ACCESS: Needs(customer=_TWO, staff=_TWO, back_office=_TWO),
}


class IdentityRules(Rules):
    """Limits of verification, the cooling after a change of contact, and what each deed asks for."""

    code_minutes: int = Field(default=10, ge=1, le=60, description="Minutes for which a verification can be answered.")
    tries: int = Field(default=5, ge=1, le=20, description="Wrong answers after which the account is locked.")
    forget_hours: int = Field(
        default=24, ge=1, le=720, description="Hours after which wrong answers and locks are forgotten."
    )
    lock_minutes: int = Field(default=15, ge=1, le=1440, description="Minutes of the first lock.")
    lock_growth: int = Field(default=4, ge=1, le=10, description="How many times longer each further lock is.")
    longest_lock_minutes: int = Field(default=1440, ge=1, le=10080, description="Minutes of the longest lock.")
    starts_an_hour: int = Field(
        default=5, ge=1, le=20, description="Verifications that may be started for an account in an hour."
    )
    proof_minutes: int = Field(default=30, ge=1, le=480, description="Minutes for which a passed verification is good.")
    cooling_hours: int = Field(
        default=72, ge=0, le=720, description="Hours after a change of contact in which refunds need approval."
    )
    sim_swap_hours: int = Field(
        default=24,
        ge=0,
        le=720,
        description="Hours after a change of SIM card in which nothing is refunded and a code "
        "by text message proves little.",
    )
    needs: dict[Action, Needs] = Field(
        default=_INITIAL, description="What each deed asks for; one left out asks for what it did at first."
    )

    def need(self, action: Action, who: Who) -> Need:
        return (self.needs.get(action) or _INITIAL.get(action) or Needs()).of(who)

    def locked_until(self, locks: int, now: datetime) -> datetime:
        """The end of a lock that comes after so many others."""
        minutes = min(self.lock_minutes * self.lock_growth ** min(locks, 10), self.longest_lock_minutes)
        return now + timedelta(minutes=minutes)


IDENTITY_POLICY: Final = PolicyKind(
    "identity", "How customers are verified, and which deeds ask for how much of it.", IdentityRules()
)
