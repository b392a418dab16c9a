"""Subscriptions from their first invoice to their end, in the time of a test clock."""

from typing import Any

import pytest
import stripe

from tests.infra.stripe.desk import Desk
from tests.infra.stripe.subscriber import DAY, Subscriber, at, period, price


def test_a_subscription_is_paid_at_once_and_renewed_on_its_day(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-01-31T10:00:00")
    begun = ada.subscribe(price(desk))

    assert (begun.status, begun.currency, period(begun)) == (
        "active",
        "gbp",
        (at("2027-01-31T10:00:00"), at("2027-02-28T10:00:00")),
    )
    ada.until("2027-02-28T10:30:00")
    assert [invoice.status for invoice in ada.invoices()] == ["paid", "draft"]
    ada.until("2027-04-01T00:00:00")

    now = ada.now(begun)
    assert period(now) == (at("2027-03-31T10:00:00"), at("2027-04-30T10:00:00"))
    assert [(each.billing_reason, each.status, each.amount_paid) for each in ada.invoices()] == [
        ("subscription_create", "paid", 3000),
        ("subscription_cycle", "paid", 3000),
        ("subscription_cycle", "paid", 3000),
    ]
    last = ada.invoices()[-1]
    assert now.latest_invoice == last.id
    assert (last.period_start, last.period_end) == (at("2027-02-28T10:00:00"), at("2027-03-31T10:00:00"))
    line = last.lines.data[0]
    assert (line.description, line.period.start, line.period.end) == ("1 × Fibre (at £30.00 / month)", *period(now))
    assert line.parent is not None
    assert line.parent.subscription_item_details is not None
    assert line.parent.subscription_item_details.subscription == begun.id
    assert desk.event_types().count("invoice.upcoming") == 2


def test_a_first_payment_that_fails_leaves_it_incomplete_until_another_card_pays(desk: Desk) -> None:
    ada = Subscriber.begin(desk, card="pm_card_chargeCustomerFail")
    begun = ada.subscribe(price(desk))
    assert begun.status == "incomplete"

    ada.use("pm_card_visa")
    desk.v1.invoices.pay(str(begun.latest_invoice))

    assert ada.now(begun).status == "active"
    ada.until("2027-03-01T00:00:00")
    assert [invoice.status for invoice in ada.invoices()] == ["paid", "paid"]


def test_an_incomplete_subscription_expires(desk: Desk) -> None:
    ada = Subscriber.begin(desk)
    begun = ada.subscribe(price(desk), payment_behavior="default_incomplete")
    assert begun.status == "incomplete"
    assert ada.invoices()[0].status == "open"

    ada.until("2027-02-01T10:00:00")

    assert ada.now(begun).status == "incomplete_expired"
    assert ada.invoices()[0].status == "void"


def test_a_payment_that_must_not_fail_leaves_nothing(desk: Desk) -> None:
    ada = Subscriber.begin(desk, card="pm_card_chargeCustomerFail")
    with pytest.raises(stripe.CardError):
        ada.subscribe(price(desk), payment_behavior="error_if_incomplete")

    assert desk.v1.subscriptions.list({"customer": ada.id, "status": "all"}).data == []
    assert ada.invoices() == []


def test_without_a_method_nothing_is_made(desk: Desk) -> None:
    ada = Subscriber.begin(desk, card=None)
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        ada.subscribe(price(desk))

    assert ada.invoices() == []


def test_a_trial_is_free_and_told_of_before_it_ends(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-01-01T00:00:00")
    begun = ada.subscribe(price(desk), trial_period_days=14)
    assert (begun.status, begun.trial_end, period(begun)[1]) == ("trialing", at("2027-01-15T00:00:00"), begun.trial_end)
    assert [(each.status, each.total) for each in ada.invoices()] == [("paid", 0)]

    ada.until("2027-01-12T00:00:01")
    assert desk.event_types().count("customer.subscription.trial_will_end") == 1
    ada.until("2027-01-15T02:00:00")

    assert (ada.now(begun).status, period(ada.now(begun))[1]) == ("active", at("2027-02-15T00:00:00"))
    assert [each.amount_paid for each in ada.invoices()] == [0, 3000]


@pytest.mark.parametrize(("behavior", "status"), [("cancel", "canceled"), ("pause", "paused")])
def test_a_trial_can_end_without_a_method(desk: Desk, behavior: str, status: str) -> None:
    ada = Subscriber.begin(desk, "2027-01-01T00:00:00", card=None)
    settings = {"end_behavior": {"missing_payment_method": behavior}}
    begun = ada.subscribe(price(desk), trial_period_days=7, trial_settings=settings)

    ada.until("2027-01-08T02:00:00")

    assert ada.now(begun).status == status
    assert len(ada.invoices()) == 1
    if status == "paused":
        ada.use("pm_card_visa")
        resumed = desk.v1.subscriptions.resume(begun.id)
        assert (resumed.status, period(resumed)[0]) == ("active", at("2027-01-08T02:00:00"))
        assert ada.invoices()[-1].amount_paid == 3000
        assert "customer.subscription.resumed" in desk.event_types()


def test_renewals_that_fail_are_tried_again_and_then_given_up(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-01-01T00:00:00")
    begun = ada.subscribe(price(desk))
    ada.use("pm_card_chargeCustomerFail")

    ada.until("2027-02-01T02:00:00")
    assert ada.now(begun).status == "past_due"
    assert ada.invoices()[-1].next_payment_attempt == at("2027-02-04T01:00:00")
    ada.until("2027-02-20T00:00:00")

    ended = ada.now(begun)
    assert ended.status == "canceled"
    assert ended.cancellation_details is not None
    assert ended.cancellation_details.reason == "payment_failed"
    assert ada.invoices()[-1].attempt_count == 4
    assert "customer.subscription.deleted" in desk.event_types()


def test_a_subscription_that_is_behind_is_active_again_once_paid(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-01-01T00:00:00")
    begun = ada.subscribe(price(desk))
    ada.use("pm_card_chargeCustomerFail")
    ada.until("2027-02-01T02:00:00")

    ada.use("pm_card_visa")
    ada.until("2027-02-05T00:00:00")

    assert ada.now(begun).status == "active"
    assert ada.invoices()[-1].status == "paid"


def test_it_ends_with_the_period_when_asked_to(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-01-01T00:00:00")
    begun = ada.subscribe(price(desk))
    asked = desk.v1.subscriptions.update(begun.id, {"cancel_at_period_end": True})
    assert (asked.cancel_at, asked.canceled_at, asked.status) == (
        at("2027-02-01T00:00:00"),
        at("2027-01-01T00:00:00"),
        "active",
    )

    kept = desk.v1.subscriptions.update(begun.id, {"cancel_at_period_end": False})
    assert (kept.cancel_at, kept.canceled_at) == (None, None)
    desk.v1.subscriptions.update(begun.id, {"cancel_at_period_end": True})
    ada.until("2027-02-02T00:00:00")

    ended = ada.now(begun)
    assert (ended.status, ended.ended_at) == ("canceled", at("2027-02-01T00:00:00"))
    assert len(ada.invoices()) == 1
    assert desk.v1.subscriptions.list({"customer": ada.id}).data == []
    assert [each.id for each in desk.v1.subscriptions.list({"status": "canceled"}).data] == [begun.id]


def test_the_rest_is_given_back_when_it_is_canceled_with_proration(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(desk, 2800))
    ada.until("2027-02-15T00:00:00")

    ended = desk.v1.subscriptions.cancel(begun.id, {"prorate": True, "invoice_now": True})

    assert ended.status == "canceled"
    ada.until("2027-02-15T02:00:00")
    last = ada.invoices()[-1]
    assert (last.total, last.status, last.amount_due) == (-1400, "paid", 0)
    assert desk.v1.customers.retrieve(ada.id).balance == -1400
    with pytest.raises(stripe.InvalidRequestError) as again:
        desk.v1.subscriptions.cancel(begun.id)
    assert again.value.http_status == 404


def test_a_sent_invoice_is_due_later(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-01-01T00:00:00", card=None)
    begun = ada.subscribe(price(desk), collection_method="send_invoice", days_until_due=14)
    assert begun.status == "active"

    ada.until("2027-01-01T02:00:00")

    first = ada.invoices()[0]
    assert (first.status, first.due_date) == ("open", at("2027-01-15T01:00:00"))
    ada.until("2027-01-16T00:00:00")
    assert "invoice.overdue" in desk.event_types()


@pytest.mark.parametrize(
    ("behavior", "status"), [("void", "void"), ("mark_uncollectible", "uncollectible"), ("keep_as_draft", "draft")]
)
def test_collection_can_be_paused(desk: Desk, behavior: str, status: str) -> None:
    ada = Subscriber.begin(desk, "2027-01-01T00:00:00")
    begun = ada.subscribe(price(desk))
    resumes = at("2027-02-10T00:00:00")
    desk.v1.subscriptions.update(begun.id, {"pause_collection": {"behavior": behavior, "resumes_at": resumes}})

    ada.until("2027-02-02T00:00:00")
    assert (ada.invoices()[-1].status, ada.now(begun).status) == (status, "active")
    ada.until("2027-03-02T00:00:00")

    assert ada.now(begun).pause_collection is None
    assert [invoice.status for invoice in ada.invoices()] == ["paid", status, "paid"]


def test_the_first_period_ends_on_the_anchor(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    config = {"day_of_month": 15}
    begun = ada.subscribe(price(desk, 3100), billing_cycle_anchor_config=config)
    free = ada.subscribe(price(desk, 3100), billing_cycle_anchor_config=config, proration_behavior="none")

    assert period(begun) == (at("2027-02-01T00:00:00"), at("2027-02-15T00:00:00"))
    assert [invoice.amount_paid for invoice in ada.invoices()] == [1400, 0]
    ada.until("2027-02-16T00:00:00")
    assert [invoice.amount_paid for invoice in ada.invoices()][2:] == [3100, 3100]
    assert period(ada.now(free))[1] == at("2027-03-15T00:00:00")


def test_one_time_items_are_on_the_first_invoice(desk: Desk) -> None:
    ada = Subscriber.begin(desk)
    setup = desk.v1.prices.create({"currency": "gbp", "unit_amount": 500, "product_data": {"name": "Router"}}).id

    ada.subscribe(price(desk), add_invoice_items=[{"price": setup}])

    assert sorted(line.amount for line in ada.invoices()[0].lines.data) == [500, 3000]
    assert ada.invoices()[0].amount_paid == 3500


def test_without_a_clock_a_control_call_turns_the_period(desk: Desk) -> None:
    customer = desk.v1.customers.create({"payment_method": "pm_card_visa"})
    card = desk.v1.customers.payment_methods.list(customer.id).data[0].id
    begun = desk.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": price(desk)}], "default_payment_method": card}
    )

    desk.control("settle", within_seconds=32 * DAY, object=begun.id)
    renewed = desk.v1.subscriptions.retrieve(begun.id)
    desk.control("settle", within_seconds=2 * DAY, object=renewed.latest_invoice)

    assert period(renewed)[0] == period(begun)[1]
    assert desk.v1.invoices.retrieve(str(renewed.latest_invoice)).status == "paid"


def test_a_paused_subscription_waits_until_it_is_resumed(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(desk, 2800))
    ada.until("2027-02-15T00:00:00")

    paused = desk.v1.subscriptions.pause(begun.id)
    ada.until("2027-03-10T00:00:00")
    assert (paused.status, len(ada.invoices())) == ("paused", 1)
    resumed = desk.v1.subscriptions.resume(begun.id)

    assert (resumed.status, period(resumed)) == ("active", (at("2027-03-10T00:00:00"), at("2027-04-10T00:00:00")))
    assert ada.invoices()[-1].amount_paid == 2800 - 1400


@pytest.mark.parametrize(("chosen", "status"), [("unpaid", "unpaid"), ("past_due", "past_due")])
def test_the_account_says_what_follows_the_last_attempt(desk: Desk, chosen: str, status: str) -> None:
    desk.control("subscriptions", after_retries=chosen)
    ada = Subscriber.begin(desk, "2027-01-01T00:00:00")
    begun = ada.subscribe(price(desk))
    ada.use("pm_card_chargeCustomerFail")

    ada.until("2027-02-20T00:00:00")
    assert ada.now(begun).status == status
    ada.until("2027-03-02T00:00:00")

    last = ada.invoices()[-1]
    assert last.status == ("draft" if chosen == "unpaid" else "open")
    ada.use("pm_card_visa")
    desk.v1.invoices.pay(last.id)
    assert ada.now(begun).status == "active"


def test_discounts_and_taxes_of_a_subscription_are_on_its_invoices(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-01-01T00:00:00")
    once = desk.v1.coupons.create({"amount_off": 500, "currency": "gbp", "duration": "once"}).id
    always = desk.v1.coupons.create({"percent_off": 10, "duration": "forever"}).id
    vat = desk.v1.tax_rates.create({"display_name": "VAT", "percentage": 20, "inclusive": False}).id
    begun = ada.subscribe(price(desk, 3000), discounts=[{"coupon": once}, {"coupon": always}], default_tax_rates=[vat])

    ada.until("2027-02-02T00:00:00")
    assert [invoice.amount_paid for invoice in ada.invoices()] == [2700, 3240]
    assert len(ada.now(begun).discounts or []) == 1
    desk.v1.subscriptions.delete_discount(begun.id)
    ada.until("2027-03-02T00:00:00")

    assert ada.invoices()[-1].amount_paid == 3600


def test_a_deleted_customer_has_no_subscription_left(desk: Desk) -> None:
    ada = Subscriber.begin(desk)
    begun = ada.subscribe(price(desk))

    desk.v1.customers.delete(ada.id)

    assert ada.now(begun).status == "canceled"


@pytest.mark.parametrize("outcome", ["success", "failure"])
def test_a_first_payment_can_wait_for_the_customers_bank(desk: Desk, outcome: str) -> None:
    ada = Subscriber.begin(desk, card="pm_card_authenticationRequired")
    begun = ada.subscribe(price(desk))
    assert begun.status == "incomplete"
    intent = desk.v1.payment_intents.list({"customer": ada.id}).data[0]
    assert intent.status == "requires_action"

    page = f"/_hosted/authenticate/{intent.id}?client_secret={intent.client_secret}"
    desk.http("POST", page, f"result={outcome}")

    assert ada.now(begun).status == ("active" if outcome == "success" else "incomplete")


def test_a_renewal_that_the_bank_wants_confirmed_is_told_of(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-01-01T00:00:00")
    begun = ada.subscribe(price(desk))
    ada.use("pm_card_authenticationRequired")

    ada.until("2027-02-02T00:00:00")

    assert ada.now(begun).status == "past_due"
    assert "invoice.payment_action_required" in desk.event_types()


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"items": []}, "items"),
        ({"customer": ""}, "customer"),
        ({"items": [{"price": "price_none"}]}, "items[0][price]"),
        ({"billing_cycle_anchor_config": {"day_of_month": 0}}, "billing_cycle_anchor_config[day_of_month]"),
        ({"billing_cycle_anchor_config": {"day_of_month": 1, "hour": 24}}, "billing_cycle_anchor_config[hour]"),
        ({"billing_cycle_anchor": 5}, "billing_cycle_anchor"),
        ({"cancel_at": 10**14}, "cancel_at"),
        ({"trial_end": 10**14}, "trial_end"),
        ({"trial_end": "now", "trial_period_days": 3}, "trial_period_days"),
        ({"default_tax_rates": ["txr_none"]}, "default_tax_rates"),
        ({"on_behalf_of": "acct_1"}, "on_behalf_of"),
    ],
)
def test_a_subscription_that_makes_no_sense_is_refused(shared_desk: Desk, wrong: Any, param: str) -> None:
    ada = Subscriber.begin(shared_desk)
    given: Any = {"customer": ada.id, "items": [{"price": price(shared_desk)}]} | wrong

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shared_desk.v1.subscriptions.create(given)

    assert refusal.value.param == param
    assert ada.invoices() == []
