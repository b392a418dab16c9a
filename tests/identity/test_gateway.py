"""Cognito in the mocked account, and what its errors become."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from chalicelib.identity.gateway import CognitoSignIns
from chalicelib.identity.sign_in import NoWayToReset, SignInStatus
from chalicelib.platform import aws
from chalicelib.platform.errors import Conflict, DeskError, NotFound, Refused, Unavailable

USER, MAIL = "customer.acc_1", "ada@example.com"


@pytest.fixture
def sign_ins(cloud: None) -> CognitoSignIns:
    client = aws.cognito()
    schema: Any = [{"Name": "account_id", "AttributeDataType": "String", "Mutable": True}]
    pool = client.create_user_pool(PoolName="desk", Schema=schema, AliasAttributes=["email"])["UserPool"]["Id"]
    client.create_group(GroupName="customer", UserPoolId=pool)
    return CognitoSignIns(client, pool)


def test_an_invitation_binds_the_account_and_gives_the_group(sign_ins: CognitoSignIns) -> None:
    assert sign_ins.find(USER) is None
    sign_ins.invite(USER, "acc_1", MAIL)
    made = sign_ins.find(USER)
    assert made is not None
    assert (made.status, made.account_id, made.email, made.email_verified) == (
        SignInStatus.INVITED, "acc_1", MAIL, True,
    )  # fmt: skip
    assert made.is_enabled
    groups = sign_ins.client.admin_list_groups_for_user(UserPoolId=sign_ins.pool, Username=USER)["Groups"]
    assert [group["GroupName"] for group in groups] == ["customer"]


def test_one_who_waits_is_invited_again(cloud: None) -> None:
    with Stubber(aws.cognito()) as stub:
        stub.add_response("admin_get_user", {"Username": USER, "UserStatus": "FORCE_CHANGE_PASSWORD"})
        again: dict[str, Any] = {
            "UserPoolId": "pool_1", "Username": USER, "MessageAction": "RESEND", "DesiredDeliveryMediums": ["EMAIL"],
        }  # fmt: skip
        stub.add_response("admin_create_user", {}, again)
        stub.add_response("admin_add_user_to_group", {})
        CognitoSignIns(aws.cognito(), "pool_1").invite(USER, "acc_1", MAIL)
        stub.assert_no_pending_responses()


def test_a_reset_ends_the_password_and_a_new_address_is_verified(sign_ins: CognitoSignIns) -> None:
    sign_ins.invite(USER, "acc_1", MAIL)
    sign_ins.client.admin_set_user_password(
        UserPoolId=sign_ins.pool, Username=USER, Password="Aa1-of-ones-own", Permanent=True
    )
    sign_ins.reset_password(USER)
    sign_ins.set_address(USER, "new@example.com")
    sign_ins.end_sessions(USER)
    found = sign_ins.find(USER)
    assert found is not None
    assert (found.status, found.email, found.email_verified) == (SignInStatus.RESET, "new@example.com", True)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("UserNotFoundException", NotFound),
        ("AliasExistsException", Conflict),
        ("UsernameExistsException", Conflict),
        ("InvalidParameterException", NoWayToReset),
        ("TooManyRequestsException", Unavailable),
        ("LimitExceededException", Unavailable),
        ("NotAuthorizedException", Refused),
    ],
)
def test_what_the_pool_refuses_becomes_ours(cloud: None, code: str, error: type[DeskError]) -> None:
    with Stubber(aws.cognito()) as stub:
        for _ in range(3):
            stub.add_client_error("admin_reset_user_password", code, "no")
        with pytest.raises(error):
            CognitoSignIns(aws.cognito(), "pool_1").reset_password(USER)


class Unplugged:
    """A client without network."""

    def __getattr__(self, _: str) -> Any:
        def call(**_: Any) -> Any:
            raise EndpointConnectionError(endpoint_url="https://unplugged.example")

        return call


@pytest.mark.parametrize(
    "call",
    [
        lambda pool: pool.find(USER),
        lambda pool: pool.set_address(USER, MAIL),
        lambda pool: pool.end_sessions(USER),
        lambda pool: pool.reset_password(USER),
    ],
)
def test_no_network_is_for_now(call: Callable[[CognitoSignIns], object]) -> None:
    client: Any = Unplugged()
    with pytest.raises(Unavailable):
        call(CognitoSignIns(client, "pool_1"))
