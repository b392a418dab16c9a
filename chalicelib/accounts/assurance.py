"""How sure we are that we speak with the customer, and which deeds ask for how much of it. Pure.

Levels after NIST SP 800-63B in spirit: something known, something had, both; what each deed needs is policy data."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from chalicelib.platform.auth import Caller
from chalicelib.platform.errors import Forbidden


class Level(StrEnum):
    """From no check at all to two independent ones."""

    NONE = "none"
    CHANNEL = "channel"  # they write or call from an address of the account
    KNOWLEDGE = "knowledge"  # they answered what only the customer knows, or signed in
    STRONG = "strong"  # they entered a one-time code sent to a verified channel

    @property
    def rank(self) -> int:
        return list(Level).index(self)


class Action(StrEnum):
    """The deeds that a policy may ask a level for."""

    CHANGE_PROFILE = "change_profile"
    FIRST_CONTACT = "first_contact"  # of an account by which nobody can be reached, so that nobody can prove anything
    CHANGE_CONTACT = "change_contact"
    CHANGE_PREFERENCES = "change_preferences"
    CHANGE_PEOPLE = "change_people"
    CHANGE_SUBSCRIPTION = "change_subscription"
    CHANGE_PAYMENT_METHOD = "change_payment_method"
    SET_SECURITY_ANSWERS = "set_security_answers"
    MAKE_PAYMENT_PLAN = "make_payment_plan"
    LIFT_SPENDING_LIMIT = "lift_spending_limit"
    REFUND = "refund"
    RESET_ACCESS = "reset_access"
    END_SESSIONS = "end_sessions"
    MERGE_ACCOUNTS = "merge_accounts"


def contact_action(is_reachable: bool) -> Action:
    """What a change of mails and phones is, by whether the account had any."""
    return Action.CHANGE_CONTACT if is_reachable else Action.FIRST_CONTACT


class StepUpRequired(Forbidden):
    """The customer has to be verified first; carries the `required_level` and the `present_level`."""

    code, title = "step_up_required", "Verify the customer first"


class StepUp(Protocol):
    """Whoever knows how well a customer is verified now."""

    def require(self, caller: Caller, account_id: str, action: Action) -> Level:
        """The level at which this caller acts for the account. At most one read. Raises StepUpRequired."""
        ...
