"""Changes of a subscription: to the penny what an independent reckoning says, and in a preview what is billed later."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
import stripe
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.infra.stripe.desk import Desk
from tests.infra.stripe.subscriber import DAY, Subscriber, at, period, price


def _nearest(amount: Fraction) -> int:
    """The nearest integer, halves away from zero: written apart from the server's own."""
    whole, rest = divmod(abs(amount.numerator), amount.denominator)
    whole += 2 * rest >= amount.denominator
    return whole if amount >= 0 else -whole


def _lines(invoice: stripe.Invoice) -> list[tuple[int, int, int, bool]]:
    """What of its lines must be the same in a preview and later: amounts, periods and whether they are prorations."""
    return sorted(
        (
            line["amount"],
            line["period"]["start"],
            line["period"]["end"],
            (line["parent"]["subscription_item_details"] or line["parent"]["invoice_item_details"])["proration"],
        )
        for line in invoice.to_dict()["lines"]["data"]
    )


def _item(subscription: stripe.Subscription) -> str:
    item: str = subscription.to_dict()["items"]["data"][0]["id"]
    return item


def test_half_of_a_period_is_settled_at_both_prices(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    small, large = price(desk, 2800), price(desk, 5600)
    begun = ada.subscribe(small)
    ada.until("2027-02-15T00:00:00")

    changed = desk.v1.subscriptions.update(begun.id, {"items": [{"id": _item(begun), "price": large}]})

    assert changed.latest_invoice == begun.latest_invoice
    pending = desk.v1.invoice_items.list({"customer": ada.id, "pending": True}).data
    assert sorted(item.amount for item in pending) == [-1400, 2800]
    assert all(item.proration for item in pending)
    ada.until("2027-03-01T02:00:00")
    assert sorted(line.amount for line in ada.invoices()[-1].lines.data) == [-1400, 2800, 5600]
    assert ada.invoices()[-1].amount_paid == 7000


def test_a_change_can_be_billed_at_once_or_never(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(desk, 2800))
    ada.until("2027-02-15T00:00:00")

    more = desk.v1.subscriptions.update(
        begun.id, {"items": [{"id": _item(begun), "quantity": 2}], "proration_behavior": "always_invoice"}
    )
    assert (ada.invoices()[-1].amount_paid, ada.invoices()[-1].billing_reason) == (1400, "subscription_update")
    assert more.latest_invoice == ada.invoices()[-1].id
    desk.v1.subscriptions.update(
        begun.id, {"items": [{"id": _item(begun), "quantity": 5}], "proration_behavior": "none"}
    )
    ada.until("2027-03-01T02:00:00")

    assert [invoice.amount_paid for invoice in ada.invoices()] == [2800, 1400, 14000]


def test_a_change_that_must_not_fail_is_undone(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(desk, 2800))
    ada.use("pm_card_chargeCustomerFail")
    change: Any = {"items": [{"id": _item(begun), "quantity": 2}], "proration_behavior": "always_invoice"}

    with pytest.raises(stripe.CardError):
        desk.v1.subscriptions.update(begun.id, change | {"payment_behavior": "error_if_incomplete"})
    assert ada.now(begun).to_dict()["items"]["data"][0]["quantity"] == 1
    assert len(ada.invoices()) == 1

    assert desk.v1.subscriptions.update(begun.id, change).status == "past_due"


def test_another_interval_begins_a_new_period(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(desk, 2800))
    ada.until("2027-02-15T00:00:00")

    yearly = desk.v1.subscriptions.update(
        begun.id, {"items": [{"id": _item(begun), "price": price(desk, 30000, "year")}]}
    )

    assert period(yearly) == (at("2027-02-15T00:00:00"), at("2028-02-15T00:00:00"))
    assert sorted(line.amount for line in ada.invoices()[-1].lines.data) == [-1400, 30000]
    assert ada.invoices()[-1].amount_paid == 28600


def test_the_anchor_can_be_moved_to_now(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(desk, 2800))
    ada.until("2027-02-08T00:00:00")

    moved = desk.v1.subscriptions.update(begun.id, {"billing_cycle_anchor": {"type": "now"}})

    assert period(moved) == (at("2027-02-08T00:00:00"), at("2027-03-08T00:00:00"))
    assert ada.invoices()[-1].amount_paid == 2800 - 2100


def test_a_trial_can_be_ended_or_lengthened(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(desk, 2800), trial_period_days=7)
    longer = desk.v1.subscriptions.update(begun.id, {"trial_end": at("2027-02-20T00:00:00")})
    assert (longer.status, longer.trial_end, period(longer)[1]) == ("trialing",) + (at("2027-02-20T00:00:00"),) * 2

    ended = desk.v1.subscriptions.update(begun.id, {"trial_end": "now"})

    assert (ended.status, period(ended)) == ("active", (at("2027-02-01T00:00:00"), at("2027-03-01T00:00:00")))
    assert [invoice.amount_paid for invoice in ada.invoices()] == [0, 2800]


def test_items_can_be_added_changed_and_taken_off(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(desk, 2800))
    ada.until("2027-02-15T00:00:00")

    added = desk.v1.subscription_items.create({"subscription": begun.id, "price": price(desk, 560), "quantity": 3})
    desk.v1.subscription_items.update(added.id, {"quantity": 1, "metadata": {"line": "2"}})
    assert desk.v1.subscription_items.list({"subscription": begun.id}).data[0].id == added.id
    assert desk.v1.subscription_items.retrieve(added.id).quantity == 1
    desk.v1.subscription_items.delete(added.id)

    amounts = [item.amount for item in desk.v1.invoice_items.list({"customer": ada.id, "limit": 100}).data]
    assert sorted(amounts) == [-840, -280, 280, 840]
    with pytest.raises(stripe.InvalidRequestError, match="at least one active item"):
        desk.v1.subscription_items.delete(_item(begun))


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"items": [{"price": "price_none"}]}, "items[0][price]"),
        ({"items": [{"id": "si_none", "quantity": 2}]}, "items[0][id]"),
        ({"items": [{"id": "ITEM", "quantity": -1}]}, "items[0][quantity]"),
        ({"items": [{"id": "ITEM", "deleted": True}]}, "items"),
        ({"proration_date": 5}, "proration_date"),
        ({"collection_method": "send_invoice"}, "days_until_due"),
        ({"days_until_due": 3}, "days_until_due"),
        ({"cancel_at": 5}, "cancel_at"),
        ({"cancel_at": 2_000_000_000, "cancel_at_period_end": True}, "cancel_at"),
        ({"trial_end": 5}, "trial_end"),
        ({"default_payment_method": "pm_card_visa"}, None),
        ({"payment_behavior": "pending_if_incomplete"}, "payment_behavior"),
        ({"automatic_tax": {"enabled": True}}, "automatic_tax"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(desk: Desk, change: Any, param: str | None) -> None:
    begun = Subscriber.begin(desk).subscribe(price(desk))
    if change.get("items", [{}])[0].get("id") == "ITEM":
        change = {"items": [change["items"][0] | {"id": _item(begun)}]}

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        desk.v1.subscriptions.update(begun.id, change)

    assert param is None or refusal.value.param == param
    assert desk.v1.subscriptions.retrieve(begun.id).to_dict()["items"] == begun.to_dict()["items"]


# Each try takes a whole life of a subscription, so a failure is not made smaller.
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
_CHANGES = st.lists(
    st.tuples(st.integers(0, 30 * DAY), st.integers(0, 3), st.integers(0, 7)), min_size=1, max_size=4
).map(sorted)


@settings(max_examples=15, deadline=None, phases=_PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=_CHANGES, amounts=st.lists(st.integers(30, 99_999), min_size=4, max_size=4, unique=True))
def test_random_changes_come_to_what_the_reckoning_says(
    shared_desk: Desk, changes: Sequence[tuple[int, int, int]], amounts: list[int]
) -> None:
    ada = Subscriber.begin(shared_desk, "2027-03-01T00:00:00")
    prices = [price(shared_desk, amount) for amount in amounts]
    begun = ada.subscribe(prices[0], proration_behavior="none")
    start, end = period(begun)
    expected, paid = list[int](), (0, 1)

    for offset, which, quantity in changes:
        shared_desk.v1.subscriptions.update(
            begun.id,
            {
                "items": [{"id": _item(begun), "price": prices[which], "quantity": quantity}],
                "proration_date": start + offset,
            },
        )
        left = Fraction(end - start - offset, end - start)
        if (which, quantity) != paid and left:
            expected.append(-_nearest(amounts[paid[0]] * paid[1] * left))
            expected.append(_nearest(amounts[which] * quantity * left))
        paid = which, quantity
    preview = shared_desk.v1.invoices.create_preview({"subscription": begun.id})
    ada.until(end + 60)

    found = ada.invoices()[-1]
    assert sorted(line.amount for line in found.lines.data) == sorted([*expected, amounts[paid[0]] * paid[1]])
    assert found.total == sum(expected) + amounts[paid[0]] * paid[1]
    assert (_lines(preview), preview.total, preview.amount_due) == (_lines(found), found.total, found.amount_due)


@settings(max_examples=12, deadline=None, phases=_PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    offset=st.integers(1, 28 * DAY - 1),
    amount=st.integers(30, 99_999),
    quantity=st.integers(0, 5),
    behavior=st.sampled_from(["create_prorations", "always_invoice", "none"]),
    anchor=st.sampled_from(["now", "unchanged"]),
)
def test_a_preview_of_a_change_is_what_the_change_then_bills(
    shared_desk: Desk, offset: int, amount: int, quantity: int, behavior: Any, anchor: Any
) -> None:
    ada = Subscriber.begin(shared_desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(shared_desk, 2800))
    start, end = period(begun)
    ada.until(start + offset)
    change: Any = {
        "items": [{"id": _item(begun), "price": price(shared_desk, amount), "quantity": quantity}],
        "proration_behavior": behavior,
        "billing_cycle_anchor": {"type": anchor},
    }

    before = shared_desk.newest_event()
    preview = shared_desk.v1.invoices.create_preview({"subscription": begun.id, "subscription_details": change})
    assert shared_desk.newest_event() == before
    shared_desk.v1.subscriptions.update(begun.id, change)
    if len(ada.invoices()) == 1:
        ada.until(end + 60)

    found = ada.invoices()[1]
    assert (_lines(preview), preview.total, preview.amount_due) == (_lines(found), found.total, found.amount_due)
