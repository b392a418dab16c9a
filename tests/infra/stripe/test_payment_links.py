"""Payment links: each follower gets a checkout session of their own, until the link closes."""

from typing import Any

import pytest
import stripe

from tests.infra.stripe.desk import Desk
from tests.infra.stripe.pages import Page, Visitor

ITEM: dict[str, Any] = {
    "quantity": 1,
    "price_data": {"currency": "gbp", "unit_amount": 4200, "product_data": {"name": "Bill of March"}},
}


def linked(desk: Desk, **more: Any) -> stripe.PaymentLink:
    params: Any = {"line_items": [ITEM], **more}
    return desk.v1.payment_links.create(params)


def pay(desk: Desk, page: Page) -> Page:
    return Visitor(desk).submit(page, payment_method="pm_card_visa", email="ann@example.com")


def test_a_link_leads_to_a_session_of_its_own_that_carries_its_metadata(desk: Desk) -> None:
    link = linked(
        desk,
        metadata={"account": "a1"},
        payment_intent_data={"metadata": {"payment": "pay_1"}},
        after_completion={"type": "redirect", "redirect": {"url": "https://desk.example/x?s={CHECKOUT_SESSION_ID}"}},
    )

    first = Visitor(desk).open(f"{link.url}?client_reference_id=ref-1&prefilled_email=ann%40example.com")
    second = Visitor(desk).open(link.url)
    landed = pay(desk, first)

    assert first.url != second.url
    sessions = desk.v1.checkout.sessions.list({"payment_link": link.id, "expand": ["data.payment_intent"]}).data
    paid: Any = sessions[1]
    assert [each.status for each in sessions] == ["open", "complete"]
    assert (paid.metadata["account"], paid.payment_intent.metadata["payment"]) == ("a1", "pay_1")
    assert (paid.client_reference_id, paid.amount_total, paid.customer_email) == ("ref-1", 4200, "ann@example.com")
    assert landed.url == f"https://desk.example/x?s={paid.id}"


def test_a_link_thanks_in_its_own_words(desk: Desk) -> None:
    words = "We <3 being paid"
    done: Any = {"type": "hosted_confirmation", "hosted_confirmation": {"custom_message": words}}
    link = linked(desk, after_completion=done)

    page = pay(desk, Visitor(desk).open(link.url))

    assert words in page.says
    assert words not in page.text


def test_a_closed_link_says_so_and_can_open_again(desk: Desk) -> None:
    link = linked(desk, inactive_message="Paid already")
    desk.v1.payment_links.update(link.id, {"active": False})

    closed = Visitor(desk).open(link.url)
    assert (closed.status, "Paid already" in closed.text) == (410, True)
    assert desk.v1.payment_links.list({"active": True}).data == []

    desk.v1.payment_links.update(link.id, {"active": True})
    assert "Pay £42.00" in Visitor(desk).open(link.url).text
    assert desk.event_types().count("payment_link.updated") == 2


def test_a_link_that_may_be_paid_once_is_paid_once(desk: Desk) -> None:
    link = linked(desk, restrictions={"completed_sessions": {"limit": 1}})
    first, second = Visitor(desk).open(link.url), Visitor(desk).open(link.url)

    assert "Thank you" in pay(desk, first).text
    late = pay(desk, second)

    assert late.status == 410
    assert Visitor(desk).open(link.url).status == 410
    kept = desk.v1.payment_links.retrieve(link.id)
    assert kept.restrictions
    assert (kept.active, kept.restrictions.completed_sessions.count) == (False, 1)
    assert len(desk.v1.charges.list().data) == 1


def test_a_link_shows_what_it_sells(desk: Desk) -> None:
    link = linked(desk)

    items = desk.v1.payment_links.line_items.list(link.id)
    whole: Any = desk.v1.payment_links.retrieve(link.id, {"expand": ["line_items.data.price.product"]})

    assert [(item.description, item.amount_total) for item in items.data] == [("Bill of March", 4200)]
    assert whole.line_items.data[0].price.product.name == "Bill of March"
    assert not hasattr(whole, "created")


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"line_items": []}, "line_items"),
        ({"restrictions": {"completed_sessions": {"limit": 0}}}, "restrictions"),
        ({"after_completion": {"type": "redirect"}}, "after_completion"),
        ({"after_completion": {"type": "redirect", "redirect": {"url": "javascript:x"}}}, "url"),
        ({"shipping_options": [{"shipping_rate": "shr_1"}]}, "shipping_options"),
    ],
)
def test_a_link_that_makes_no_sense_is_refused(desk: Desk, change: dict[str, Any], param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        linked(desk, **change)

    assert refusal.value.param == param
    assert desk.v1.payment_links.list().data == []
