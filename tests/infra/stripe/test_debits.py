"""Bank debits: answered later, only under a mandate that is in force, and the same whenever the server stops."""

from pathlib import Path
from typing import Any

import pytest
import stripe

from infra.local.stripe.accounts import ACCOUNTS, TestAccount
from tests.infra.stripe.desk import Desk, start
from tests.infra.stripe.receiver import Receiver

ACCEPTED: Any = {
    "customer_acceptance": {"type": "online", "online": {"ip_address": "203.0.113.5", "user_agent": "Browser/1"}}
}
HOLDER: Any = {"name": "Ada Byron", "email": "ada@example.com"}


@pytest.mark.parametrize(("name", "account"), ACCOUNTS.items())
def test_a_debit_is_under_way_until_the_bank_answers(shared_desk: Desk, name: str, account: TestAccount) -> None:
    intent = _debit(shared_desk, f"pm_{name}", currency=account.currency)
    assert (intent.status, intent.amount_received) == ("processing", 0)

    done = _answered(shared_desk, intent)

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
    _answered(desk, _debit(desk, "pm_success_at", currency="eur"))
    failed = _answered(desk, _debit(desk, "pm_failed_at", currency="eur"))

    begin = ["payment_intent.created", "charge.pending", "payment_intent.processing"]
    won, lost = ["charge.succeeded", "payment_intent.succeeded"], ["charge.failed", "payment_intent.payment_failed"]
    assert desk.event_types() == [*begin, *won, *begin, *lost]
    assert failed.last_payment_error is not None
    assert failed.last_payment_error.code == "insufficient_funds"


def test_the_bank_answers_by_itself_after_a_few_seconds(hooked: Desk, receiver: Receiver) -> None:
    intent = _debit(hooked, "pm_bacsDebit_success")

    receiver.wait_for(lambda it: "payment_intent.succeeded" in it.types(), 30)

    assert hooked.v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_a_restart_forgets_no_debit(tmp_path: Path) -> None:
    first = start(tmp_path / "state.sqlite")
    intent = _debit(first, "pm_bacsDebit_successDelayed")
    first.server.stop()

    second = start(tmp_path / "state.sqlite")
    done = _answered(second, intent)
    second.server.stop()

    assert done.status == "succeeded"


def test_a_debit_without_the_customers_acceptance_is_refused(desk: Desk) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        _debit(desk, "pm_bacsDebit_success", mandate_data="")

    assert refusal.value.param == "mandate_data"
    assert desk.event_types() == []


def test_an_account_is_set_up_once_and_debited_later_without_the_customer(desk: Desk) -> None:
    customer = desk.v1.customers.create({}).id
    setup = _set_up(desk, customer, "pm_bacsDebit_success")
    assert setup.status == "succeeded"
    mandate = desk.v1.mandates.retrieve(str(setup.mandate))
    assert (mandate.status, mandate.type, mandate.payment_method) == ("pending", "multi_use", setup.payment_method)
    assert mandate.payment_method_details.bacs_debit is not None
    page = mandate.payment_method_details.bacs_debit.url.removeprefix(desk.server.url)
    assert mandate.payment_method_details.bacs_debit.reference in desk.http("GET", page).text
    desk.control("settle")
    assert _network(desk, mandate.id) == ("active", "accepted")

    intent = _debit(desk, str(setup.payment_method), customer=customer, off_session=True, mandate_data="")
    done = _answered(desk, intent)

    assert done.status == "succeeded"
    charge: Any = done.latest_charge
    assert charge.payment_method_details.bacs_debit.mandate == mandate.id
    assert [each.type for each in desk.v1.customers.payment_methods.list(customer, {"type": "bacs_debit"}).data] == [
        "bacs_debit"
    ]
    assert desk.v1.customers.payment_methods.list(customer, {"type": "card"}).data == []


def test_a_withdrawn_mandate_stops_what_is_under_way_and_what_follows(desk: Desk) -> None:
    customer = desk.v1.customers.create({}).id
    setup = _set_up(desk, customer, "pm_bacsDebit_successDelayed")
    desk.control("settle", object=str(setup.mandate))
    params: dict[str, Any] = {"customer": customer, "off_session": True, "mandate_data": ""}
    under_way = _debit(desk, str(setup.payment_method), **params)

    withdrawn = desk.control("mandates/withdraw", mandate=str(setup.mandate))
    with pytest.raises(stripe.CardError) as refusal:
        _debit(desk, str(setup.payment_method), **params)

    assert withdrawn["status"] == "inactive"
    assert "mandate.updated" in desk.event_types()
    error: Any = refusal.value.error
    assert (error.code, error.payment_intent.status) == ("payment_intent_mandate_invalid", "requires_payment_method")
    assert _answered(desk, under_way).status == "requires_payment_method"
    again = _debit(desk, str(setup.payment_method), **params | {"mandate_data": ACCEPTED})
    assert _answered(desk, again).status == "succeeded"


def test_a_mandate_ends_with_a_debit_that_the_customer_disowns_and_with_its_account(desk: Desk) -> None:
    customer = desk.v1.customers.create({}).id
    disowned, detached = (_set_up(desk, customer, f"pm_bacsDebit_{name}") for name in ("debitNotAuthorized", "success"))
    desk.control("settle")

    _answered(desk, _debit(desk, str(disowned.payment_method), customer=customer, off_session=True, mandate_data=""))
    desk.v1.payment_methods.detach(str(detached.payment_method))

    assert _network(desk, str(disowned.mandate)) == ("inactive", "revoked")
    assert _network(desk, str(detached.mandate)) == ("inactive", "revoked")


def test_a_bank_refuses_a_mandate(desk: Desk) -> None:
    setup = _set_up(desk, desk.v1.customers.create({}).id, "pm_bacsDebit_mandateRefused")

    desk.control("settle")

    assert _network(desk, str(setup.mandate)) == ("inactive", "refused")


def test_a_mandate_for_one_payment_is_no_mandate_for_the_next(desk: Desk) -> None:
    customer = desk.v1.customers.create({}).id
    params: Any = {"type": "bacs_debit", "bacs_debit": _bacs("00012345"), "billing_details": HOLDER}
    method = desk.v1.payment_methods.create(params).id
    once = _answered(desk, _debit(desk, method, customer=customer))
    charge: Any = once.latest_charge
    mandate = desk.v1.mandates.retrieve(charge.payment_method_details.bacs_debit.mandate)

    assert (mandate.type, mandate.single_use and mandate.single_use.amount) == ("single_use", 1000)
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        _debit(desk, method, customer=customer)


def test_an_account_is_written_down_while_it_is_debited(desk: Desk) -> None:
    data: Any = {"type": "sepa_debit", "sepa_debit": {"iban": "DE89 3704 0044 0532 0130 00"}, "billing_details": HOLDER}

    intent = _debit(desk, None, currency="eur", payment_method_data=data)

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
    params: Any = {"type": "bacs_debit", "bacs_debit": _bacs("00012345"), "billing_details": HOLDER}

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        desk.v1.payment_methods.create(params | changes)

    assert refusal.value.code == code


def test_an_account_is_saved_only_with_a_mandate(desk: Desk) -> None:
    customer = desk.v1.customers.create({}).id

    with pytest.raises(stripe.InvalidRequestError, match="mandate"):
        desk.v1.payment_methods.attach("pm_bacsDebit_success", {"customer": customer})

    assert desk.v1.customers.payment_methods.list(customer).data == []


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
    ],
)
def test_what_a_debit_cannot_be(desk: Desk, changes: dict[str, Any], param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        _debit(desk, "pm_bacsDebit_success", **changes)

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


def _debit(desk: Desk, method: str | None, **more: Any) -> stripe.PaymentIntent:
    params: Any = {"amount": 1000, "currency": "gbp", "confirm": True, "mandate_data": ACCEPTED}
    params |= {"payment_method": method} if method else {}
    if "allowed_payment_method_types" not in more:
        params["automatic_payment_methods"] = {"enabled": True, "allow_redirects": "never"}
    given: Any = {name: value for name, value in (params | more).items() if value != ""}
    return desk.v1.payment_intents.create(given)


def _set_up(desk: Desk, customer: str, method: str) -> stripe.SetupIntent:
    return desk.v1.setup_intents.create(
        {
            "customer": customer,
            "payment_method": method,
            "allowed_payment_method_types": ["bacs_debit"],
            "confirm": True,
            "mandate_data": ACCEPTED,
        }
    )


def _answered(desk: Desk, intent: stripe.PaymentIntent) -> stripe.PaymentIntent:
    """The intent after the bank's answer, with its charge."""
    desk.control("settle")
    return desk.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})


def _network(desk: Desk, mandate: str) -> tuple[str, str]:
    body = desk.v1.mandates.retrieve(mandate)
    assert body.payment_method_details.bacs_debit is not None
    return body.status, body.payment_method_details.bacs_debit.network_status


def _bacs(number: str) -> dict[str, str]:
    return {"account_number": number, "sort_code": "10-88-00"}
