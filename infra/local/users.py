"""One user of every group on the local desk, and ID tokens for them."""

from __future__ import annotations

import contextlib
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.identity.store import IdentityStore, StateMoved

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef

CUSTOMER = "customer.one"
GROUPS = ("customer", "advisor", "supervisor", "finance", "admin")
_RENEW_BEFORE = 15 * 60
"""Seconds before the end of a token at which it is replaced."""


@dataclass(frozen=True)
class Tokens:
    """ID tokens by group, all good until `expires_at` (epoch seconds)."""

    by_group: dict[str, str]
    expires_at: float

    @property
    def stale(self) -> bool:
        return time.time() > self.expires_at - _RENEW_BEFORE


def sign_in(client: CognitoIdentityProviderClient, pool: str, app_client: str, domain: str, account_id: str) -> Tokens:
    """Make the users where they are missing, bind the customer to an account, and sign everyone in."""
    tokens: dict[str, str] = {}
    seconds = 0
    for group in GROUPS:
        name = f"{group}.one"
        attributes = {"email": f"{name}@{domain}", "email_verified": "true", "name": f"{group.title()} One"}
        if group == "customer":
            attributes["custom:account_id"] = account_id
        password = _ensure_user(client, pool, name, group, attributes)
        answer = client.initiate_auth(
            ClientId=app_client,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": password},
        )["AuthenticationResult"]
        tokens[group] = answer["IdToken"]
        seconds = answer["ExpiresIn"]
    return Tokens(tokens, time.time() + seconds)


def bind_customer(store: IdentityStore, account_id: str) -> None:
    """Note the customer's user name on the account, as an invitation does; when somebody else changes the account at
    this very moment, the next sign-in does."""
    state = store.state(account_id)
    if CUSTOMER not in state.users:
        with contextlib.suppress(StateMoved):
            store.move(state, state.bound(CUSTOMER))


def _ensure_user(
    client: CognitoIdentityProviderClient, pool: str, name: str, group: str, attributes: dict[str, str]
) -> str:
    """The user with a new password, which is kept nowhere."""
    rows: list[AttributeTypeTypeDef] = [{"Name": key, "Value": value} for key, value in attributes.items()]
    try:
        client.admin_create_user(UserPoolId=pool, Username=name, UserAttributes=rows, MessageAction="SUPPRESS")
    except client.exceptions.UsernameExistsException:
        changed = [row for row in rows if row["Name"] != "email"]
        client.admin_update_user_attributes(UserPoolId=pool, Username=name, UserAttributes=changed)
    password = f"Aa1-{secrets.token_urlsafe(18)}"
    client.admin_set_user_password(UserPoolId=pool, Username=name, Password=password, Permanent=True)
    client.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)
    return password
