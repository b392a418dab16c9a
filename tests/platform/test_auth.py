"""Callers: what the claims of a token make of one."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.platform.auth import ANONYMOUS, Caller, caller_of
from chalicelib.platform.errors import Forbidden, NotFound, Unauthenticated

ROLES = {"customer": frozenset({"account:read"}), "advisor": frozenset({"account:read", "account:search"})}


def claims(groups: Any = "advisor", **others: Any) -> dict[str, Any]:
    return {"sub": "s-1", "cognito:username": "ada", "token_use": "id", "cognito:groups": groups, **others}


@pytest.mark.parametrize(
    "groups", ["customer,advisor", "[customer advisor]", "customer advisor", ["customer", "advisor"]]
)
def test_groups_are_read_in_each_form_that_the_gateway_gives_them(groups: Any) -> None:
    caller = caller_of(claims(groups), ROLES)
    assert caller.groups == {"customer", "advisor"}
    assert caller.permissions == {"account:read", "account:search"}
    assert (caller.subject, caller.name) == ("s-1", "ada")


@pytest.mark.parametrize("wrong", [None, {}, {"sub": "s-1"}, claims(token_use="access"), claims(token_use=None)])
def test_without_an_id_token_there_is_no_caller(wrong: Any) -> None:
    with pytest.raises(Unauthenticated):
        caller_of(wrong, ROLES)


@pytest.mark.parametrize("groups", [None, "", "[]", "nobody", "eu-west-2_pool_Google"])
def test_groups_that_are_no_role_grant_nothing(groups: Any) -> None:
    caller = caller_of(claims(groups), ROLES)
    assert (caller.groups, caller.permissions, caller.is_staff) == (frozenset(), frozenset(), False)
    with pytest.raises(Forbidden):
        caller.require("account:read")


def test_a_customer_who_signs_in_through_a_provider_stays_a_customer() -> None:
    caller = caller_of(claims("customer,eu-west-2_pool_Google", **{"custom:account_id": "acc_1"}), ROLES)
    caller.reach("acc_1")
    with pytest.raises(NotFound):
        caller.reach("acc_2")


@pytest.mark.parametrize("own", [None, "", "acc_2"])
def test_a_customer_reaches_no_other_account_and_without_one_of_the_own_none(own: str | None) -> None:
    caller = caller_of(claims("customer", **{"custom:account_id": own}), ROLES)
    for wanted in ("acc_1", "", None):
        with pytest.raises(NotFound):
            caller.reach(wanted)


def test_who_signed_in_to_a_merged_account_reaches_the_one_that_goes_on() -> None:
    asked: list[str] = []

    def goes_on_in(account_id: str) -> str | None:
        asked.append(account_id)
        return {"acc_1": "acc_2"}.get(account_id)

    caller = caller_of(claims("customer", **{"custom:account_id": "acc_1"}), ROLES, goes_on_in)
    caller.reach("acc_1")
    assert asked == [], "the way of every request costs nothing"
    caller.reach("acc_2")
    for wanted in ("acc_3", None):
        with pytest.raises(NotFound):
            caller.reach(wanted)
    with pytest.raises(NotFound):
        caller_of(claims("customer", **{"custom:account_id": "acc_2"}), ROLES, goes_on_in).reach("acc_1")


def test_staff_reach_every_account_and_a_stranger_none() -> None:
    caller_of(claims("advisor"), ROLES).reach("acc_1")
    with pytest.raises(NotFound):
        ANONYMOUS.reach("acc_1")


def test_a_permission_must_be_granted() -> None:
    caller = Caller("s", "n", frozenset({"customer"}), frozenset({"account:read"}), "acc_1")
    caller.require("account:read")
    with pytest.raises(Forbidden) as refused:
        caller.require("account:search")
    assert refused.value.extra == {"permission": "account:search"}
