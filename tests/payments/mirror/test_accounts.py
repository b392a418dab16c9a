"""Which account a customer of Stripe's stands for."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.payments.markers import Outcome
from chalicelib.platform.errors import Conflict, NotFound
from tests.billing.builders import open_account
from tests.payments.fakes import FakeStripe
from tests.payments.mirror.conftest import Happens
from tests.payments.money_desk import MoneyDesk


def a_customer(customer_id: str = "cus_9", **metadata: str) -> dict[str, Any]:
    return {"id": customer_id, "object": "customer", "metadata": metadata}


def deleted(customer_id: str = "cus_9") -> dict[str, Any]:
    return {"id": customer_id, "object": "customer", "deleted": True}


def test_a_customer_that_names_its_account_becomes_the_accounts(happens: Happens, money: MoneyDesk) -> None:
    assert happens("customer.created", a_customer(account_id="acc_1")) is Outcome.APPLIED
    assert money.store.account_of("cus_9") == "acc_1"
    assert money.store.payer("acc_1").stripe_customer_id == "cus_9"
    assert happens("customer.updated", a_customer(account_id="acc_2")) is Outcome.NOTED
    assert money.store.account_of("cus_9") == "acc_1"


@pytest.mark.parametrize("metadata", [{}, {"account_id": "acc_none"}, {"account_id": "acc_suspense_gbp"}])
def test_a_customer_of_nobody_known_stays_so(happens: Happens, money: MoneyDesk, metadata: dict[str, str]) -> None:
    assert happens("customer.created", a_customer(**metadata)) is Outcome.UNMATCHED
    assert money.store.account_of("cus_9") is None
    assert wiring.table().get("A#acc_none", "L$HEAD") is None


def test_an_account_keeps_its_customer(happens: Happens, money: MoneyDesk, customer: str) -> None:
    assert happens("customer.created", a_customer(account_id="acc_1")) is Outcome.UNMATCHED
    assert money.store.payer("acc_1").stripe_customer_id == customer
    assert money.store.account_of("cus_9") is None


def test_a_deleted_customer_is_nobodys_but_what_comes_late_finds_its_account(
    happens: Happens, money: MoneyDesk
) -> None:
    happens("customer.created", a_customer(account_id="acc_1"))
    assert happens("customer.deleted", deleted()) is Outcome.APPLIED
    assert happens("customer.deleted", deleted()) is Outcome.OLDER
    assert money.store.payer("acc_1").stripe_customer_id is None
    assert money.store.account_of("cus_9") == "acc_1"


def test_news_of_a_customer_that_is_deleted_by_now_links_nothing(
    happens: Happens, stripe: FakeStripe, money: MoneyDesk
) -> None:
    stripe.knows(deleted())
    assert happens("customer.deleted", a_customer(account_id="acc_1"), is_known=False) is Outcome.UNMATCHED
    assert happens("customer.created", a_customer(account_id="acc_1"), is_known=False) is Outcome.UNMATCHED
    assert money.store.account_of("cus_9") is None


def test_what_belongs_to_a_customer_without_moving_it_is_noted(happens: Happens, money: MoneyDesk) -> None:
    assert happens("customer.discount.created", {"id": "di_1", "object": "discount"}) is Outcome.NOTED


def test_a_customer_stands_for_one_account(money: MoneyDesk, customer: str) -> None:
    open_account(wiring.table(), "acc_2")
    with pytest.raises(Conflict):
        money.store.set_customer("acc_2", customer)
    with pytest.raises(NotFound):
        money.store.set_customer("acc_none", "cus_9")
    assert money.store.set_customer("acc_1", "cus_9") == customer
