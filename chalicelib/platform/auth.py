"""Who calls: the claims of a Cognito ID token become a Caller with permissions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.platform.errors import Forbidden, NotFound, Unauthenticated

Roles = Mapping[str, frozenset[str]]
"""Permissions by Cognito group."""
GoesOnIn = Callable[[str], str | None]
"""The account in which another one goes on since they turned out to be one customer's; None for any other account."""


def nowhere(_: str) -> None:
    """A GoesOnIn where no account goes on in another."""


@dataclass(frozen=True)
class Caller:
    """A person or system that calls. `account_id` is set for customers alone and bounds what they may reach;
    `signed_in_at` is when the password was given, in epoch seconds, however often the token was renewed since.
    `goes_on_in` is asked when a customer wants another account than the one they signed in to."""

    subject: str
    name: str
    groups: frozenset[str]
    permissions: frozenset[str]
    account_id: str | None = None
    signed_in_at: int | None = None
    goes_on_in: GoesOnIn = field(default=nowhere, compare=False, repr=False)

    @property
    def is_staff(self) -> bool:
        return bool(self.groups - {"customer"})

    def require(self, permission: str) -> None:
        """Raises Forbidden when none of the caller's groups grants `permission`."""
        if permission not in self.permissions:
            raise Forbidden("Your role does not allow this.", permission=permission)

    def reach(self, account_id: str | None) -> None:
        """Raises NotFound when this is a customer and the account another's: its existence is not theirs to know."""
        if self.is_staff:
            return
        if account_id is None or self.account_id is None:
            raise NotFound
        if account_id != self.account_id and account_id != self.goes_on_in(self.account_id):
            raise NotFound


ANONYMOUS = Caller(subject="anonymous", name="anonymous", groups=frozenset(), permissions=frozenset())


def caller_of(claims: Mapping[str, Any] | None, roles: Roles, goes_on_in: GoesOnIn = nowhere) -> Caller:
    """The Caller of a verified ID token's claims. Raises Unauthenticated without claims or for an access token.

    API Gateway verified signature, issuer, audience and expiry; it also lets access tokens of the pool pass, so
    `token_use` is checked here. It hands the groups over as one string, `a,b` or `[a b]`. Groups that are no role of
    ours are dropped: Cognito puts everyone who signs in through an identity provider into a group of its own.
    """
    if not claims:
        raise Unauthenticated("Send an ID token in the Authorization header.")
    if claims.get("token_use") != "id":
        raise Unauthenticated("Send the ID token, not the access token.")
    listed = claims.get("cognito:groups") or ""
    named = listed if isinstance(listed, list) else re.findall(r"[^\s,\[\]]+", listed)
    groups = frozenset(named) & roles.keys()
    granted: frozenset[str] = frozenset().union(*(roles[group] for group in groups))
    return Caller(
        subject=str(claims.get("sub", "")),
        name=str(claims.get("cognito:username") or claims.get("sub", "")),
        groups=groups,
        permissions=granted,
        account_id=claims.get("custom:account_id") or None,
        signed_in_at=_epoch(claims.get("auth_time")),
        goes_on_in=goes_on_in,
    )


def _epoch(claim: object) -> int | None:
    """API Gateway hands numbers over as text."""
    text = str(claim)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
