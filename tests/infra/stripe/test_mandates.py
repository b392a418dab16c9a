"""Mandates: no debit without one that is in force, and what ends it."""

from typing import Any

import pytest
import stripe

from tests.infra.stripe.debits import ACCEPTED, HOLDER, answered, bacs, debit, set_up
from tests.infra.stripe.desk import Desk


def test_a_debit_without_the_customers_acceptance_is_refused(desk: Desk) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        debit(desk, "pm_bacsDebit_success", mandate_data="")

    assert refusal.value.param == "mandate_data"
    assert desk.event_types() == []


def test_an_account_is_set_up_once_and_debited_later_without_the_customer(desk: Desk) -> None:
    customer = desk.v1.customers.create({}).id
    setup = set_up(desk, customer, "pm_bacsDebit_success")
    assert setup.status == "succeeded"
    mandate = desk.v1.mandates.retrieve(str(setup.mandate))
    assert (mandate.status, mandate.type, mandate.payment_method) == ("pending", "multi_use", setup.payment_method)
    assert mandate.payment_method_details.bacs_debit is not None
    page = mandate.payment_method_details.bacs_debit.url.removeprefix(desk.server.url)
    assert mandate.payment_method_details.bacs_debit.reference in desk.http("GET", page).text
    desk.control("settle")
    assert _network(desk, mandate.id) == ("active", "accepted")

    intent = debit(desk, str(setup.payment_method), customer=customer, off_session=True, mandate_data="")
    done = answered(desk, intent)

    assert done.status == "succeeded"
    charge: Any = done.latest_charge
    assert charge.payment_method_details.bacs_debit.mandate == mandate.id
    assert [each.type for each in desk.v1.customers.payment_methods.list(customer, {"type": "bacs_debit"}).data] == [
        "bacs_debit"
    ]
    assert desk.v1.customers.payment_methods.list(customer, {"type": "card"}).data == []


def test_a_withdrawn_mandate_stops_what_is_under_way_and_what_follows(desk: Desk) -> None:
    customer = desk.v1.customers.create({}).id
    setup = set_up(desk, customer, "pm_bacsDebit_successDelayed")
    desk.control("settle", object=str(setup.mandate))
    params: dict[str, Any] = {"customer": customer, "off_session": True, "mandate_data": ""}
    under_way = debit(desk, str(setup.payment_method), **params)

    withdrawn = desk.control("mandates/withdraw", mandate=str(setup.mandate))
    with pytest.raises(stripe.CardError) as refusal:
        debit(desk, str(setup.payment_method), **params)

    assert withdrawn["status"] == "inactive"
    assert "mandate.updated" in desk.event_types()
    error: Any = refusal.value.error
    assert (error.code, error.payment_intent.status) == ("payment_intent_mandate_invalid", "requires_payment_method")
    assert answered(desk, under_way).status == "requires_payment_method"
    again = debit(desk, str(setup.payment_method), **params | {"mandate_data": ACCEPTED})
    assert answered(desk, again).status == "succeeded"


def test_a_mandate_ends_with_a_debit_that_the_customer_disowns_and_with_its_account(desk: Desk) -> None:
    customer = desk.v1.customers.create({}).id
    disowned, detached = (set_up(desk, customer, f"pm_bacsDebit_{name}") for name in ("debitNotAuthorized", "success"))
    desk.control("settle")

    answered(desk, debit(desk, str(disowned.payment_method), customer=customer, off_session=True, mandate_data=""))
    desk.v1.payment_methods.detach(str(detached.payment_method))

    assert _network(desk, str(disowned.mandate)) == ("inactive", "revoked")
    assert _network(desk, str(detached.mandate)) == ("inactive", "revoked")


def test_a_bank_refuses_a_mandate(desk: Desk) -> None:
    setup = set_up(desk, desk.v1.customers.create({}).id, "pm_bacsDebit_mandateRefused")

    desk.control("settle")

    assert _network(desk, str(setup.mandate)) == ("inactive", "refused")


def test_a_mandate_for_one_payment_is_no_mandate_for_the_next(desk: Desk) -> None:
    customer = desk.v1.customers.create({}).id
    params: Any = {"type": "bacs_debit", "bacs_debit": bacs("00012345"), "billing_details": HOLDER}
    method = desk.v1.payment_methods.create(params).id
    once = answered(desk, debit(desk, method, customer=customer))
    charge: Any = once.latest_charge
    mandate = desk.v1.mandates.retrieve(charge.payment_method_details.bacs_debit.mandate)

    assert (mandate.type, mandate.single_use and mandate.single_use.amount) == ("single_use", 1000)
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        debit(desk, method, customer=customer)


def test_an_account_is_saved_only_with_a_mandate(desk: Desk) -> None:
    customer = desk.v1.customers.create({}).id

    with pytest.raises(stripe.InvalidRequestError, match="mandate"):
        desk.v1.payment_methods.attach("pm_bacsDebit_success", {"customer": customer})

    assert desk.v1.customers.payment_methods.list(customer).data == []


def _network(desk: Desk, mandate: str) -> tuple[str, str]:
    body = desk.v1.mandates.retrieve(mandate)
    assert body.payment_method_details.bacs_debit is not None
    return body.status, body.payment_method_details.bacs_debit.network_status
