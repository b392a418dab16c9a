"""Cognito as identity sees it; what the SDK raises becomes ours here. No password is ever set, read or passed on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.identity.sign_in import NoWayToReset, SignIn, SignInStatus
from chalicelib.platform.errors import Conflict, NotFound, Refused, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef

ACCOUNT: Final = "custom:account_id"
GROUP: Final = "customer"
_STATUS: Final = {"FORCE_CHANGE_PASSWORD": SignInStatus.INVITED, "RESET_REQUIRED": SignInStatus.RESET}
_BUSY: Final = frozenset({"InternalErrorException", "LimitExceededException", "TooManyRequestsException"})


@dataclass(frozen=True)
class CognitoSignIns:
    """Implements SignIns on one user pool."""

    client: CognitoIdentityProviderClient
    pool: str

    def find(self, user_name: str) -> SignIn | None:
        try:
            with _ours():
                user = self.client.admin_get_user(UserPoolId=self.pool, Username=user_name)
        except NotFound:
            return None
        told = {row["Name"]: row.get("Value", "") for row in user.get("UserAttributes", [])}
        return SignIn(
            user_name=user["Username"],
            status=_STATUS.get(user.get("UserStatus", ""), SignInStatus.ACTIVE),
            is_enabled=user.get("Enabled", True),
            email=told.get("email"),
            email_verified=told.get("email_verified") == "true",
            has_second_factor=bool(user.get("UserMFASettingList")),
            account_id=told.get(ACCOUNT),
        )

    def invite(self, user_name: str, account_id: str, email: str) -> None:
        standing = self.find(user_name)
        with _ours():
            if standing is None:
                self.client.admin_create_user(
                    UserPoolId=self.pool,
                    Username=user_name,
                    UserAttributes=_attributes({"email": email, "email_verified": "true", ACCOUNT: account_id}),
                    DesiredDeliveryMediums=["EMAIL"],
                )
            elif standing.status is SignInStatus.INVITED:
                self.client.admin_create_user(
                    UserPoolId=self.pool, Username=user_name, MessageAction="RESEND", DesiredDeliveryMediums=["EMAIL"]
                )
            self.client.admin_add_user_to_group(UserPoolId=self.pool, Username=user_name, GroupName=GROUP)

    def reset_password(self, user_name: str) -> None:
        with _ours():
            self.client.admin_reset_user_password(UserPoolId=self.pool, Username=user_name)

    def set_address(self, user_name: str, email: str) -> None:
        with _ours():
            self.client.admin_update_user_attributes(
                UserPoolId=self.pool,
                Username=user_name,
                UserAttributes=_attributes({"email": email, "email_verified": "true"}),
            )

    def end_sessions(self, user_name: str) -> None:
        with _ours():
            self.client.admin_user_global_sign_out(UserPoolId=self.pool, Username=user_name)


def _attributes(values: dict[str, str]) -> list[AttributeTypeTypeDef]:
    return [{"Name": name, "Value": value} for name, value in values.items()]


@contextmanager
def _ours() -> Iterator[None]:
    """Raises NotFound for an unknown user, Conflict, NoWayToReset, Refused, Unavailable."""
    try:
        yield
    except ClientError as error:
        raise _named(error.response.get("Error", {}).get("Code", "")) from error
    except BotoCoreError as error:
        raise Unavailable("The sign-in service does not answer; try again.") from error


def _named(code: str) -> Exception:
    if code == "UserNotFoundException":
        return NotFound("There is no such sign-in.")
    if code == "UsernameExistsException":
        return Conflict("This sign-in is being made just now.", reason="sign_in_exists")
    if code == "AliasExistsException":
        return Conflict("Another sign-in has this mail address.", reason="address_taken")
    if code == "InvalidParameterException":
        return NoWayToReset("No code can reach the owner of this sign-in; set its mail address first.")
    if code in _BUSY:
        return Unavailable("The sign-in service is busy; try again.")
    return Refused("The sign-in service refuses this.", reason=code)
