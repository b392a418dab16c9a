"""Saved payment methods: what the desk learns of them, and what it may do with them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from chalicelib.payments.gateway import StripeGateway
from chalicelib.payments.methods_model import MethodKind, SavedMethod
from tests.payments.gateway.scripted import ScriptedStripe

AT = 1_793_610_000


def a_method(kind: str, **details: Any) -> dict[str, Any]:
    """Stripe sends the details of its own kind alone."""
    return {"id": "pm_1", "object": "payment_method", "type": kind, "customer": "cus_1", "created": AT, **details}


def test_methods_are_listed_with_the_default(gateway: StripeGateway, sdk: stripe.StripeClient) -> None:
    customer = gateway.create_customer("acc_1")
    assert gateway.methods_of(customer) == ()
    visa, master = (
        sdk.v1.payment_methods.attach(name, {"customer": customer}).id
        for name in ("pm_card_visa", "pm_card_mastercard")
    )
    gateway.make_default(customer, visa, "act_1")
    assert gateway.default_method_of(customer) == visa
    listed = {method.method_id: method for method in gateway.methods_of(customer)}
    assert {name: (method.brand, method.is_default) for name, method in listed.items()} == {
        visa: ("visa", True),
        master: ("mastercard", False),
    }
    assert listed[visa].last4 == "4242"
    assert listed[visa].expiry


def test_the_default_changes_there_and_back(gateway: StripeGateway, sdk: stripe.StripeClient) -> None:
    customer = gateway.create_customer("acc_1")
    one, two = (sdk.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id for _ in range(2))
    for action_id, chosen in (("act_1", one), ("act_2", two), ("act_3", one)):
        gateway.make_default(customer, chosen, action_id)
        assert gateway.default_method_of(customer) == chosen


def test_a_removed_method_belongs_to_nobody(gateway: StripeGateway, sdk: stripe.StripeClient) -> None:
    customer = gateway.create_customer("acc_1")
    saved = sdk.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    before = gateway.read_method(saved)
    assert before is not None
    assert before.customer_id == customer
    gateway.detach(saved)
    after = gateway.read_method(saved)
    assert after is None or after.customer_id is None
    assert gateway.methods_of(customer) == ()


def test_there_may_be_none(gateway: StripeGateway) -> None:
    assert gateway.read_method("pm_none") is None


@pytest.mark.parametrize(
    ("given", "known"),
    [
        (
            a_method("card", card={"brand": "amex", "last4": "0005", "exp_year": 2028, "exp_month": 2}),
            {"kind": MethodKind.CARD, "brand": "amex", "last4": "0005", "expiry": (2028, 2)},
        ),
        (
            a_method("bacs_debit", bacs_debit={"last4": "2345", "sort_code": "108800", "fingerprint": "f"}),
            {"kind": MethodKind.BACS_DEBIT, "last4": "2345"},
        ),
        (
            a_method("sepa_debit", sepa_debit={"last4": "3000", "country": "DE"}),
            {"kind": MethodKind.SEPA_DEBIT, "last4": "3000"},
        ),
        (
            a_method("us_bank_account", us_bank_account={"last4": "6789", "bank_name": "STRIPE TEST BANK"}),
            {"kind": MethodKind.US_BANK_ACCOUNT, "brand": "STRIPE TEST BANK", "last4": "6789"},
        ),
        (a_method("a_method_of_next_year"), {"kind": MethodKind.OTHER}),
    ],
)
def test_each_kind_shows_what_the_customer_knows_it_by(
    script: ScriptedStripe, scripted: StripeGateway, given: dict[str, Any], known: dict[str, Any]
) -> None:
    script.says(given)
    expected = SavedMethod("pm_1", "cus_1", added_at=datetime.fromtimestamp(AT, UTC), **known)
    assert scripted.read_method("pm_1") == expected


def test_a_customer_deleted_at_stripe_has_no_default(script: ScriptedStripe, scripted: StripeGateway) -> None:
    script.says({"id": "cus_1", "object": "customer", "deleted": True})
    assert scripted.default_method_of("cus_1") is None
