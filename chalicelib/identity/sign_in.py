"""A customer's sign-in: what the user pool says of it, which step of signing in fails, and what to do then. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from chalicelib.platform.errors import Conflict


class SignInStatus(StrEnum):
    """`invited` has a first password by mail and has to choose an own one; `reset` was sent a code to choose anew."""

    INVITED = "invited"
    ACTIVE = "active"
    RESET = "reset"


@dataclass(frozen=True)
class SignIn:
    """One user of the pool. Nobody but its owner ever sees or sets its password."""

    user_name: str
    status: SignInStatus
    is_enabled: bool
    email: str | None
    email_verified: bool
    has_second_factor: bool
    account_id: str | None


class NoWayToReset(Conflict):
    """The sign-in has no verified mail address, so no code can reach its owner: set its address first."""

    code, title = "no_verified_address", "The sign-in has no address that a code could be sent to"


class SignIns(Protocol):
    """The user pool. Each call may raise Unavailable, or Refused for what the pool will never do."""

    def find(self, user_name: str) -> SignIn | None:
        """The user, or None."""
        ...

    def invite(self, user_name: str, account_id: str, email: str) -> None:
        """Make a user, bound to the account, whom the pool itself sends a first password; one that waits for that gets
        it anew. Raises Conflict when another sign-in has this address."""
        ...

    def reset_password(self, user_name: str) -> None:
        """End the password; the pool itself sends a code to choose another. Raises NoWayToReset."""
        ...

    def set_address(self, user_name: str, email: str) -> None:
        """The address to sign in with and to send codes to, proven by us. Raises Conflict when another has it."""
        ...

    def end_sessions(self, user_name: str) -> None:
        """Nobody gets a new token without signing in again. ID tokens given before live on until they end."""
        ...


class Failing(StrEnum):
    """The first step of signing in that fails."""

    NO_USER = "no_user"
    DISABLED = "disabled"
    INVITATION_OPEN = "invitation_open"
    PASSWORD_RESET_OPEN = "password_reset_open"  # noqa: S105 - a state, not a password
    ADDRESS_UNVERIFIED = "address_unverified"
    SECOND_FACTOR = "second_factor"
    NONE = "none"


@dataclass(frozen=True)
class Help:
    """What to tell the customer, step by step, each with the id of the picture that shows it, and what the desk can
    do."""

    steps: tuple[tuple[str, str], ...]
    desk_can: str | None


_OPEN_SITE: Final = ("Open our site and choose Sign in.", "sign-in-01")
_TYPE_MAIL: Final = ("Type the mail address that our letters come to.", "sign-in-02")
HELP: Final = {
    Failing.NO_USER: Help(
        (("You have no sign-in yet. We can send you an invitation by mail.", "invite-01"),
         ("Open the mail, and sign in with the password in it.", "invite-02"),
         ("Choose a password of your own.", "invite-03")), "access-resets with kind password",
    ),
    Failing.DISABLED: Help(
        (("Your sign-in is switched off. Somebody here has to look at why.", "off-01"),), None,
    ),
    Failing.INVITATION_OPEN: Help(
        (("Look for our invitation in your mail and in the spam folder. It is good for 3 days.", "invite-01"),
         ("Sign in with the password in it.", "invite-02"),
         ("Choose a password of your own.", "invite-03")), "access-resets with kind password sends it again",
    ),
    Failing.PASSWORD_RESET_OPEN: Help(
        (_OPEN_SITE, ("Choose Forgot password, and type your mail address.", "reset-01"),
         ("Type the code that came by mail, and a new password.", "reset-02")),
        "access-resets with kind password sends another code",
    ),
    Failing.ADDRESS_UNVERIFIED: Help(
        (("We cannot send a code to your mail address yet. Tell us the one that you read.", "address-01"),
         ("We send a code to it; read it out to us.", "address-02")), "access-resets with kind sign_in_address",
    ),
    Failing.SECOND_FACTOR: Help(
        (_OPEN_SITE, _TYPE_MAIL, ("Type your password.", "sign-in-03"),
         ("Open the app on your phone that shows six digits, and type them.", "second-01")), None,
    ),
    Failing.NONE: Help(
        (_OPEN_SITE, _TYPE_MAIL, ("Type your password. If you have lost it, choose Forgot password.", "sign-in-03")),
        "access-resets with kind password",
    ),
}  # fmt: skip


def failing_step(sign_ins: Sequence[SignIn]) -> Failing:
    """Which step fails, of the sign-in that is closest to working."""
    order = list(Failing)
    return max((_failing(each) for each in sign_ins), key=order.index, default=Failing.NO_USER)


def _failing(sign_in: SignIn) -> Failing:
    if not sign_in.is_enabled:
        return Failing.DISABLED
    if sign_in.status is SignInStatus.INVITED:
        return Failing.INVITATION_OPEN
    if sign_in.status is SignInStatus.RESET:
        return Failing.PASSWORD_RESET_OPEN
    if not sign_in.email_verified:
        return Failing.ADDRESS_UNVERIFIED
    return Failing.SECOND_FACTOR if sign_in.has_second_factor else Failing.NONE
