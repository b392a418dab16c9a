"""Accounts of a small street: one with a number of its own, two that share theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.harness import HttpDesk

NewAccount = Callable[..., str]
"""Given name and contact fields by keyword, opens an account and returns its id."""


@pytest.fixture
def new_account(desk: HttpDesk) -> NewAccount:
    def opened(given: str = "Ada", **fields: Any) -> str:
        address = {"line1": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"}
        body = {"name": {"given": given, "family": "Lovelace"}, "billing_address": address, **fields}
        answer = desk.call("POST", "/v1/accounts", body)
        assert answer.status == 201, answer.text
        return str(answer.json["account_id"])

    return opened


@pytest.fixture
def ada(new_account: NewAccount) -> str:
    return new_account(phones=["+447700900123"], emails=["ada@example.com"])
