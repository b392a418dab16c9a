"""Saved payment methods through HTTP: whose they are, what is told of them, and what stands in the audit trail."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts.assurance import Action, Level
from chalicelib.accounts.store import head_key
from chalicelib.identity.policy import IdentityRules, Need, Needs
from chalicelib.platform import config
from chalicelib.platform.dynamo import Update
from chalicelib.policy.model import BEGINNING, Ruling
from tests.harness import HttpAnswer, HttpDesk, Meter
from tests.payments.books import of_account
from tests.payments.wallet import FakeWallet

ACCOUNT = "/v1/accounts/acc_1"
METHODS = f"{ACCOUNT}/payment-methods"
OWN: dict[str, Any] = {"role": "customer", "account_id": "acc_1"}


@pytest.fixture
def wallet(account: str, monkeypatch: pytest.MonkeyPatch) -> FakeWallet:
    """The account is a customer with two cards; a card of somebody else's is there, too."""
    fake = FakeWallet()
    monkeypatch.setattr(wiring, "stripe_gateway", lambda: fake)
    wiring.payment_store().set_customer("acc_1", "cus_1")
    fake.saves("pm_1", "cus_1")
    fake.saves("pm_2", "cus_1")
    fake.saves("pm_theirs", "cus_2")
    return fake


@pytest.fixture
def stranger(account: str, monkeypatch: pytest.MonkeyPatch) -> FakeWallet:
    """The account is no customer of Stripe's yet."""
    fake = FakeWallet()
    monkeypatch.setattr(wiring, "stripe_gateway", lambda: fake)
    return fake


def add(desk: HttpDesk, key: str = "one", **call: Any) -> HttpAnswer:
    return desk.call("POST", METHODS, headers={"Idempotency-Key": key}, **call)


def choose(desk: HttpDesk, method_id: str, **call: Any) -> HttpAnswer:
    body = {"payment_method_id": method_id}
    return desk.call("PUT", f"{ACCOUNT}/default-payment-method", body, **call)


def changes(desk: HttpDesk, **caller: Any) -> list[HttpAnswer]:
    """The answers to every operation that changes something."""
    return [
        add(desk, **caller),
        choose(desk, "pm_1", **caller),
        desk.call("DELETE", f"{METHODS}/pm_1", **caller),
        desk.call("POST", f"{ACCOUNT}/portal-sessions", **caller),
    ]


def portal(desk: HttpDesk) -> HttpAnswer:
    """The customer opens Stripe's page; staff is not given its address."""
    return desk.call("POST", f"{ACCOUNT}/portal-sessions", role="customer", account_id="acc_1")


def trail() -> list[tuple[Any, Any, Any]]:
    """The account's audit entries; what was or is nothing has no field."""
    return [(entry["action"], entry["before"], entry["after"]) for entry in of_account("U#")]


def test_the_methods_of_an_account_are_listed(desk: HttpDesk, wallet: FakeWallet) -> None:
    choose(desk, "pm_2")
    listed = desk.call("GET", METHODS, role="finance").json
    assert listed["next_cursor"] is None
    first, second = listed["items"]
    assert first == {
        "payment_method_id": "pm_1",
        "kind": "card",
        "brand": "visa",
        "last4": "4242",
        "expires": "2028-02",
        "is_default": False,
        "added_at": first["added_at"],
    }
    assert (second["payment_method_id"], second["is_default"]) == ("pm_2", True)


def test_who_never_paid_has_none_and_stripe_is_not_asked(desk: HttpDesk, stranger: FakeWallet) -> None:
    stranger.down = 1
    answer = desk.call("GET", METHODS)
    assert (answer.status, answer.json["items"], stranger.down) == (200, [], 1)


def test_a_method_is_saved_on_stripes_page(desk: HttpDesk, stranger: FakeWallet) -> None:
    answer = add(desk)
    assert answer.status == 201
    assert answer.headers["cache-control"] == "no-store"
    (page,) = stranger.setup_pages.values()
    assert answer.json["url"] == f"https://pages.example/{page.setup_id}"
    assert (page.customer_id, page.account_id, page.currency) == ("cus_acc_1", "acc_1", "GBP")
    assert page.returns.done == "https://desk.example/?payment_method=done"
    assert trail() == [("payment_method.setup_opened", {}, {"setup_id": page.setup_id})]


def test_no_method_is_saved_for_a_merged_account(desk: HttpDesk, wallet: FakeWallet) -> None:
    wiring.table().write(Update(*head_key("acc_1"), set={"status": "merged", "merged_into": "acc_2"}))
    refused = add(desk)
    assert (refused.status, refused.json["code"], refused.json["merged_into"]) == (409, "account_merged", "acc_2")


def test_a_repeat_gets_the_same_page_and_another_key_another(desk: HttpDesk, wallet: FakeWallet) -> None:
    assert add(desk).json == add(desk).json
    assert add(desk, "two").json != add(desk).json
    assert len(wallet.setup_pages) == 2


def test_a_key_is_required(desk: HttpDesk, wallet: FakeWallet) -> None:
    assert desk.call("POST", METHODS).status == 400


def test_the_pages_lead_back_to_the_site_of_the_business(
    desk: HttpDesk, wallet: FakeWallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUSTOMER_SITE", "https://my.northwind.example")
    config.settings.cache_clear()
    assert portal(desk).status == 201
    assert wallet.portals == [("cus_1", "https://my.northwind.example/?payment_method=left")]


def test_the_default_is_chosen_once(desk: HttpDesk, wallet: FakeWallet) -> None:
    for method_id in ("pm_1", "pm_1", "pm_2"):
        answer = choose(desk, method_id)
        assert (answer.status, answer.json["is_default"]) == (200, True)
        assert wallet.defaults == {"cus_1": method_id}
    assert trail() == [
        ("payment_method.default_chosen", {}, {"default": "pm_1"}),
        ("payment_method.default_chosen", {"default": "pm_1"}, {"default": "pm_2"}),
    ]


def test_a_removed_method_is_gone(desk: HttpDesk, wallet: FakeWallet) -> None:
    removed = desk.call("DELETE", f"{METHODS}/pm_1")
    assert (removed.status, removed.json["payment_method_id"]) == (200, "pm_1")
    assert [item["payment_method_id"] for item in desk.call("GET", METHODS).json["items"]] == ["pm_2"]
    assert desk.call("DELETE", f"{METHODS}/pm_1").status == 404
    assert trail() == [("payment_method.removed", {"payment_method": "pm_1"}, {})]


@pytest.mark.parametrize("method_id", ["pm_theirs", "pm_none"])
def test_another_ones_method_is_as_good_as_none(desk: HttpDesk, wallet: FakeWallet, method_id: str) -> None:
    assert choose(desk, method_id).status == 404
    assert desk.call("DELETE", f"{METHODS}/{method_id}").status == 404
    assert wallet.methods["pm_theirs"].customer_id == "cus_2"
    assert trail() == []


def test_without_a_customer_no_method_is_ones_own(desk: HttpDesk, stranger: FakeWallet) -> None:
    stranger.saves("pm_1", "cus_acc_1")
    assert choose(desk, "pm_1").status == 404
    assert desk.call("DELETE", f"{METHODS}/pm_1").status == 404


@pytest.mark.parametrize("body", [{}, {"payment_method_id": "4242424242424242"}, {"payment_method_id": 1}, []])
def test_what_is_no_method_id_is_422(desk: HttpDesk, wallet: FakeWallet, body: Any) -> None:
    assert desk.call("PUT", f"{ACCOUNT}/default-payment-method", body).status == 422


def test_the_portal_is_opened_anew_each_time(desk: HttpDesk, stranger: FakeWallet) -> None:
    first, second = portal(desk), portal(desk)
    assert (first.status, first.headers["cache-control"]) == (201, "no-store")
    assert first.json["url"] != second.json["url"]
    assert first.json["expires_at"] is None
    opened: Any = ("portal.opened", {}, {"stripe_customer_id": "cus_acc_1"})
    assert [entry for entry in trail() if entry[0] == "portal.opened"] == [opened, opened]


def test_where_policy_asks_for_proof_stripes_page_opens_to_no_unverified_customer(
    desk: HttpDesk, wallet: FakeWallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = IdentityRules(needs={Action.CHANGE_PAYMENT_METHOD: Needs(customer=Need(level=Level.STRONG))})
    monkeypatch.setattr(wiring, "identity_rules", lambda _: Ruling(strict, "identity@2026-11-02.1", BEGINNING))
    refused = portal(desk)
    assert (refused.status, refused.json.get("code"), wallet.portals) == (403, "step_up_required", [])
    bills = desk.call("POST", f"{ACCOUNT}/portal-sessions?page=bills", role="customer", account_id="acc_1")
    assert bills.status == 201


def test_an_account_that_is_not_there_is_404(desk: HttpDesk, wallet: FakeWallet) -> None:
    nowhere = "/v1/accounts/acc_none"
    assert desk.call("GET", f"{nowhere}/payment-methods").status == 404
    assert desk.call("POST", f"{nowhere}/payment-methods", headers={"Idempotency-Key": "one"}).status == 404
    assert desk.call("POST", f"{nowhere}/portal-sessions").status == 404
    assert not wallet.customers


def test_when_stripe_is_down_nothing_is_said_to_be_done(desk: HttpDesk, wallet: FakeWallet) -> None:
    wallet.down = 2
    assert desk.call("DELETE", f"{METHODS}/pm_1").status == 503
    assert add(desk).status == 503
    assert add(desk).status == 201


def test_customers_manage_their_own_and_finance_only_looks(desk: HttpDesk, wallet: FakeWallet) -> None:
    assert desk.call("GET", METHODS, **OWN).status == 200
    assert choose(desk, "pm_1", **OWN).status == 200
    assert add(desk, **OWN).status == 201
    other = {**OWN, "account_id": "acc_2"}
    assert desk.call("GET", METHODS, **other).status == 404
    for hidden in changes(desk, **other):
        assert hidden.status == 404
    for forbidden in changes(desk, role="finance"):
        assert forbidden.status == 403
    assert "pm_1" in wallet.methods
    assert desk.call("GET", METHODS, role=None).status == 401


def test_costs(desk: HttpDesk, wallet: FakeWallet, meter: Meter) -> None:
    """Once the policy of identity is known, for a minute."""
    wiring.identity_rules(wiring.today())
    meter.calls.clear()
    desk.call("GET", METHODS)
    assert (meter.calls, meter.write_units) == (["GetItem"], 0)
    choose(desk, "pm_1")
    assert (meter.calls, meter.write_units) == (["GetItem", "GetItem", "PutItem"], 1)
