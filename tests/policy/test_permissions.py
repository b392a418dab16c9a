"""The table of roles: who may do what, and above all who may not."""

from __future__ import annotations

import pytest

from chalicelib.policy.permissions import ROLES, Permission

STAFF_ONLY = {
    Permission.ACCESS_RESET,
    Permission.ACCOUNT_CREATE,
    Permission.ACCOUNT_MERGE,
    Permission.ACCOUNT_SEARCH,
    Permission.APPROVAL_ASK,
    Permission.APPROVAL_DECIDE,
    Permission.APPROVAL_READ,
    Permission.ATTACHMENT_RELEASE,
    Permission.AUDIT_READ,
    Permission.CASE_WORK,
    Permission.COLLECTION_READ,
    Permission.GUIDE_SEND,
    Permission.HOLD_MANAGE,
    Permission.HOLD_READ,
    Permission.KPI_READ,
    Permission.LEDGER_CHECK,
    Permission.OFFER_WRITE,
    Permission.POLICY_READ,
    Permission.POLICY_WRITE,
    Permission.USAGE_RECORD,
    Permission.WORKSPACE_READ,
}


def test_the_roles_are_the_groups_of_the_user_pool() -> None:
    assert set(ROLES) == {"customer", "advisor", "supervisor", "finance", "admin"}


def test_a_customer_has_no_permission_of_staff() -> None:
    assert ROLES["customer"] & STAFF_ONLY == set()


def test_each_step_up_keeps_what_the_step_below_may_do() -> None:
    assert ROLES["customer"] < ROLES["advisor"] < ROLES["supervisor"] <= ROLES["admin"]


MONEY = {"approval", "reconciliation", "refund", "suspense"}


def test_finance_changes_nothing_but_what_money_it_moves() -> None:
    others = {permission for permission in ROLES["finance"] if permission.split(":")[0] not in MONEY}
    assert all(permission.split(":")[1] in {"check", "read", "search"} for permission in others)


def test_neither_customers_nor_advisors_move_money_back() -> None:
    moved = {each for each in ROLES["advisor"] | ROLES["customer"] if each.split(":")[0] in MONEY}
    assert moved == {Permission.APPROVAL_ASK, Permission.APPROVAL_READ}


def test_an_advisor_reads_no_audit_trail_and_proves_no_ledger() -> None:
    assert ROLES["advisor"] & {Permission.AUDIT_READ, Permission.LEDGER_CHECK} == set()


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_is_granted_to_somebody_and_to_admins(permission: Permission) -> None:
    assert permission in ROLES["admin"]
