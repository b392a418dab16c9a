"""Bank debits: answered later, and the same whenever the server stops; test accounts only."""

import time
from pathlib import Path
from typing import Any

import pytest
import stripe

from infra.local.stripe.accounts import ACCOUNTS, TestAccount
from tests.infra.stripe.debits import HOLDER, answered, bacs, debit
from tests.infra.stripe.desk import Desk, start
from tests.infra.stripe.receiver import Receiver
from tests.infra.stripe.test_test_clocks import advance


@pytest.mark.parametrize(("name", "account"), ACCOUNTS.items())
def test_a_debit_is_under_way_until_the_bank_answers(shared_desk: Desk, name: str, account: TestAccount) -> None:
    intent = debit(shared_desk, f"pm_{name}", currency=account.currency)
    assert (intent.status, intent.amount_received) == ("processing", 0)

    done = answered(shared_desk, intent)

    charge = done.latest_charge
    assert isinstance(charge, stripe.Charge)
    fails = account.failure is not None or account.refuses_mandate
    assert (done.status, charge.status) == (("requires_payment_method", "failed") if fails else ("succeeded",) * 2)
    assert done.amount_received == (0 if fails else 1000)
    assert (charge.balance_transaction is None) is fails
    assert charge.failure_code == (
        account.failure.code if account.failure else "debit_not_authorized" if fails else None
    )


def test_every_step_of_a_debit_is_told(desk: Desk) -> None:
    answered(desk, debit(desk, "pm_success_at", currency="eur"))
    failed = answered(desk, debit(desk, "pm_failed_at", currency="eur"))

    begin = ["payment_intent.created", "charge.pending", "payment_intent.processing"]
    won, lost = ["charge.succeeded", "payment_intent.succeeded"], ["charge.failed", "payment_intent.payment_failed"]
    assert desk.event_types() == [*begin, *won, *begin, *lost]
    assert failed.last_payment_error is not None
    assert failed.last_payment_error.code == "insufficient_funds"


def test_the_bank_answers_by_itself_after_a_few_seconds(tmp_path: Path, receiver: Receiver) -> None:
    skipped = 0.0
    desk = start(tmp_path / "state.sqlite", receiver.url, lambda: time.time() + skipped)
    intent = debit(desk, "pm_bacsDebit_success")
    assert desk.v1.payment_intents.retrieve(intent.id).status == "processing"

    skipped = 3.0
    desk.control("webhooks")  # any request makes the server look at the time
    receiver.wait_for(lambda it: "payment_intent.succeeded" in it.types(), 30)

    assert desk.v1.payment_intents.retrieve(intent.id).status == "succeeded"
    desk.server.stop()


def test_a_restart_forgets_no_debit(tmp_path: Path) -> None:
    first = start(tmp_path / "state.sqlite")
    intent = debit(first, "pm_bacsDebit_successDelayed")
    first.server.stop()

    second = start(tmp_path / "state.sqlite")
    done = answered(second, intent)
    second.server.stop()

    assert done.status == "succeeded"


def test_a_debit_of_a_test_clocks_customer_is_answered_in_its_time(desk: Desk) -> None:
    clock = desk.v1.test_helpers.test_clocks.create({"frozen_time": 1_800_000_000}).id
    customer = desk.v1.customers.create({"test_clock": clock}).id
    intent = debit(desk, "pm_bacsDebit_success", customer=customer)
    assert answered(desk, intent).status == "processing"

    advance(desk, clock, 1_800_000_000 + 86400)

    charge = answered(desk, intent).latest_charge
    assert isinstance(charge, stripe.Charge)
    assert (charge.status, charge.created) == ("succeeded", 1_800_000_000)


def test_an_account_is_written_down_while_it_is_debited(desk: Desk) -> None:
    data: Any = {"type": "sepa_debit", "sepa_debit": {"iban": "DE89 3704 0044 0532 0130 00"}, "billing_details": HOLDER}

    intent = debit(desk, None, currency="eur", payment_method_data=data)

    method = desk.v1.payment_methods.retrieve(str(intent.payment_method))
    assert method.sepa_debit is not None
    assert (method.sepa_debit.last4, method.sepa_debit.country) == ("3000", "DE")
    assert method.billing_details.name == "Ada Byron"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bacs_debit": {"account_number": "31926819", "sort_code": "601613"}}, "account_number_invalid"),
        ({"bacs_debit": {"account_number": "00012345", "sort_code": "601613"}}, "account_number_invalid"),
        ({"bacs_debit": {"account_number": "00044444", "sort_code": "108800"}}, "bank_account_unusable"),
        ({"bacs_debit": {}}, "account_number_invalid"),
        ({"billing_details": {"name": "Ada Byron"}}, "parameter_missing"),
    ],
)
def test_an_account_that_is_no_test_account_is_refused(desk: Desk, changes: dict[str, Any], code: str) -> None:
    params: Any = {"type": "bacs_debit", "bacs_debit": bacs("00012345"), "billing_details": HOLDER}

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        desk.v1.payment_methods.create(params | changes)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"currency": "eur"}, "payment_method"),
        ({"currency": "eur", "allowed_payment_method_types": ["bacs_debit"]}, "allowed_payment_method_types"),
        ({"excluded_payment_method_types": ["bacs_debit"]}, "payment_method"),
        ({"allowed_payment_method_types": ["card"]}, "payment_method"),
        ({"capture_method": "manual"}, "payment_method"),
        ({"allowed_payment_method_types": ["ideal"]}, "allowed_payment_method_types"),
        ({"mandate_data": {"customer_acceptance": {"type": "online"}}}, "mandate_data[customer_acceptance][online]"),
        ({"confirm": False}, "mandate_data"),
        ({"payment_method_data": {"type": "bacs_debit", "ip": "192.0.2.1"}}, "payment_method_data[ip]"),
    ],
)
def test_what_a_debit_cannot_be(desk: Desk, changes: dict[str, Any], param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        debit(desk, "pm_bacsDebit_success", **changes)

    assert refusal.value.param == param


def test_a_replaced_card_is_renewed_by_its_network(desk: Desk) -> None:
    customer = desk.v1.customers.create({"payment_method": "pm_card_visa"}).id
    card = desk.v1.customers.payment_methods.list(customer).data[0]
    assert card.card is not None

    desk.control("payment_methods/renew", payment_method=card.id, exp_month=4, exp_year=2031)

    event = desk.v1.events.list({"type": "payment_method.automatically_updated"}).data[0].data
    assert event.object["card"]["exp_year"] == 2031
    assert event.previous_attributes is not None
    assert event.previous_attributes["card"]["exp_year"] == card.card.exp_year


@pytest.mark.parametrize(
    ("act", "body", "status"),
    [
        ("mandates/withdraw", "{}", 400),
        ("mandates/withdraw", '{"mandate": 1}', 400),
        ("mandates/withdraw", '{"mandate": "mandate_none"}', 404),
        ("mandates/withdraw", '{"mandate": "mandate_none", "why": "no"}', 400),
        ("payment_methods/renew", '{"payment_method": "pm_none", "exp_month": 13, "exp_year": 2031}', 400),
        ("payment_methods/renew", '{"payment_method": "pm_none", "exp_month": true, "exp_year": 2031}', 400),
        ("payment_methods/renew", '{"payment_method": "pm_none", "exp_month": 1, "exp_year": 2031}', 404),
        ("payment_methods/steal", "{}", 404),
    ],
)
def test_a_control_call_that_makes_no_sense_is_refused(shared_desk: Desk, act: str, body: str, status: int) -> None:
    assert shared_desk.http("POST", f"/_control/{act}", body, Content_Type="application/json").status == status
