"""Previews of invoices: of the next one, of a new subscription, of an end; and that they leave no trace."""

from typing import Any

import pytest
import stripe

from tests.infra.stripe.desk import Desk
from tests.infra.stripe.subscriber import Subscriber, at, price


def test_the_next_invoice_is_shown_as_a_draft(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(desk, 2800))

    preview = desk.v1.invoices.create_preview(
        {"customer": ada.id, "subscription": begun.id, "invoice_items": [{"amount": 150, "currency": "gbp"}]}
    )

    assert (preview.status, preview.billing_reason, preview.total) == ("draft", "upcoming", 2950)
    assert (preview.period_start, preview.period_end) == (at("2027-02-01T00:00:00"), at("2027-03-01T00:00:00"))
    assert preview.created == at("2027-03-01T00:00:00")
    assert str(preview.id).startswith("upcoming_in_")
    assert desk.v1.invoice_items.list({"customer": ada.id}).data == []
    assert len(ada.invoices()) == 1


def test_a_new_subscription_is_shown_before_it_is_made(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    details: Any = {"items": [{"price": price(desk, 2800), "quantity": 2}]}

    preview = desk.v1.invoices.create_preview({"customer": ada.id, "subscription_details": details})

    assert (preview.total, preview.amount_due, preview.status) == (5600, 5600, "draft")
    assert desk.v1.subscriptions.list({"customer": ada.id, "status": "all"}).data == []
    assert ada.subscribe(price(desk, 2800)).status == "active"


def test_an_end_is_shown_with_what_it_gives_back(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(desk, 2800))
    ada.until("2027-02-15T00:00:00")

    preview = desk.v1.invoices.create_preview({"subscription": begun.id, "subscription_details": {"cancel_now": True}})

    assert preview.total == -1400
    assert ada.now(begun).status == "active"


def test_nothing_comes_after_the_end(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(desk, 2800))
    desk.v1.subscriptions.update(begun.id, {"cancel_at_period_end": True})

    for asked in ({"subscription": begun.id}, {"customer": ada.id}):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            desk.v1.invoices.create_preview(asked)  # type: ignore[arg-type]
        assert (refusal.value.http_status, refusal.value.code) == (404, "invoice_upcoming_none")


def test_pending_items_alone_can_be_shown(desk: Desk) -> None:
    ada = Subscriber.begin(desk)
    desk.v1.invoice_items.create({"customer": ada.id, "amount": 700, "currency": "gbp"})

    assert desk.v1.invoices.create_preview({"customer": ada.id}).total == 700


def test_a_preview_must_be_of_somebody(desk: Desk) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.invoices.create_preview({})
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.invoices.create_preview({"subscription": "sub_none"})


def _first_item(subscription: stripe.Subscription) -> str:
    return str(subscription.to_dict()["items"]["data"][0]["id"])


def test_a_preview_says_at_which_second_it_prorates(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(desk, 2800))
    ada.until("2027-02-15T00:00:00")
    more = [{"id": _first_item(begun), "quantity": 2}]

    def shown(**details: Any) -> Any:
        asked: Any = {"subscription": begun.id, "subscription_details": details}
        preview = desk.v1.invoices.create_preview(asked).to_dict()
        return preview["parent"]["subscription_details"].get("subscription_proration_date"), preview["total"]

    noon = at("2027-02-08T00:00:00")
    assert shown(items=more, proration_date=noon) == (noon, 2100 + 5600)
    assert shown(items=more) == (at("2027-02-15T00:00:00"), 1400 + 5600)
    assert shown(items=more, proration_behavior="none") == (None, 5600)
    assert shown() == (None, 2800)


@pytest.mark.parametrize("details", [{"proration_behavior": "none", "items": [{"quantity": 2}]}, {"cancel_now": True}])
def test_a_second_of_proration_needs_something_to_prorate(desk: Desk, details: dict[str, Any]) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(desk, 2800))
    details = {**details, "proration_date": at("2027-02-01T00:00:00")}
    asked: Any = {"subscription": begun.id, "subscription_details": details}

    with pytest.raises(stripe.InvalidRequestError, match="proration_date"):
        desk.v1.invoices.create_preview(asked)


def test_a_pause_and_its_end_are_shown(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(desk, 2800))
    ada.until("2027-02-15T00:00:00")

    def total(**details: Any) -> int:
        asked: Any = {"subscription": begun.id, "subscription_details": details}
        return desk.v1.invoices.create_preview(asked).total

    assert total(pause={"type": "subscription", "invoicing_behavior": "invoice"}) == -1400
    desk.v1.subscriptions.pause(begun.id)
    assert total(resume_at="now") == 2800 - 1400
    assert ada.now(begun).status == "paused"


def test_a_bill_that_will_be_sent_shows_when_it_is_due(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00", card=None)
    begun = ada.subscribe(price(desk, 2800), collection_method="send_invoice", days_until_due=31)

    preview = desk.v1.invoices.create_preview({"subscription": begun.id})

    assert preview.due_date == at("2027-04-01T00:00:00")
