"""What `expand` replaces: everything that the SDK declares to be expandable, and nothing else."""

from typing import Any

import pytest
import stripe

from tests.infra.stripe.billing import draft, payer
from tests.infra.stripe.desk import Desk
from tests.infra.stripe.subscriber import Subscriber, price


def test_what_a_bill_names_is_found_however_deep(desk: Desk) -> None:
    ada = Subscriber.begin(desk)
    coupon = desk.v1.coupons.create({"percent_off": 10})
    begun = ada.subscribe(price(desk), discounts=[{"coupon": coupon.id}])
    paths = [
        "test_clock",
        "application",
        "total_discount_amounts.discount.source.coupon",
        "lines.data.discount_amounts.discount",
        "parent.subscription_details.subscription.schedule",
    ]

    read: Any = desk.v1.invoices.retrieve(str(begun.latest_invoice), {"expand": paths})

    assert read.test_clock.id == ada.clock
    assert read.application is None
    assert read.total_discount_amounts[0].discount.source.coupon.id == coupon.id
    assert read.lines.data[0].discount_amounts[0].discount.id == read.discounts[0]
    assert read.parent.subscription_details.subscription.id == begun.id


def test_a_customer_shows_what_runs_for_it(desk: Desk) -> None:
    ada = Subscriber.begin(desk)
    kept, ended = ada.subscribe(price(desk)), ada.subscribe(price(desk))
    desk.v1.subscriptions.cancel(ended.id)

    read = desk.v1.customers.retrieve(ada.id, {"expand": ["subscriptions.data.latest_invoice"]})

    assert read.subscriptions
    ((found,), latest) = read.subscriptions.data, read.subscriptions.data[0].latest_invoice
    assert (found.id, isinstance(latest, stripe.Invoice)) == (kept.id, True)


def test_a_schedule_names_prices_and_plans(desk: Desk) -> None:
    ada, monthly = Subscriber.begin(desk), price(desk)
    params: Any = {"customer": ada.id, "start_date": "now", "phases": [{"items": [{"price": monthly}]}]}

    made = desk.v1.subscription_schedules.create(params | {"expand": ["phases.items.price", "phases.items.plan"]})

    item: Any = made.to_dict()["phases"][0]["items"][0]
    assert (item["price"]["object"], item["plan"]["object"]) == ("price", "plan")
    assert item["price"]["id"] == item["plan"]["id"] == monthly


def test_a_way_that_another_kind_of_method_has_leads_nowhere_and_is_no_mistake(desk: Desk) -> None:
    customer = payer(desk)

    read = desk.http("GET", f"/v1/customers/{customer}/payment_methods?expand[]=data.sepa_debit.generated_from.charge")

    assert read.status == 200
    assert "sepa_debit" not in read.body["data"][0]


def test_a_deleted_coupon_is_still_read_where_it_is_named(desk: Desk) -> None:
    coupon = desk.v1.coupons.create({"id": "SPRING", "percent_off": 10})
    invoice = str(draft(desk, payer(desk), 1000, discounts=[{"coupon": coupon.id}]).id)
    desk.v1.coupons.delete(coupon.id)
    desk.v1.coupons.create({"id": "AUTUMN", "percent_off": 30})

    read: Any = desk.v1.invoices.retrieve(invoice, {"expand": ["discounts.source.coupon"]})

    found = read.discounts[0].source.coupon
    assert (found.id, found.percent_off, found.valid) == ("SPRING", 10, False)
    assert desk.http("GET", "/v1/coupons/SPRING").status == 404


def test_products_and_coupons_choose_their_ids_apart(desk: Desk) -> None:
    customer = desk.v1.customers.create({}).id
    product = desk.v1.products.create({"id": "FIBRE", "name": "Fibre"}).id
    coupon = desk.v1.coupons.create({"id": "FIBRE", "percent_off": 10})
    desk.v1.coupons.create({"id": customer, "percent_off": 10})
    code = desk.v1.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": coupon.id}, "expand": ["promotion.coupon"]}
    )

    assert code.promotion.coupon == coupon
    assert desk.v1.products.update(product, {"name": "Faster"}).name == "Faster"
    assert desk.v1.coupons.retrieve("FIBRE") == coupon
    assert desk.v1.customers.retrieve(customer).object == "customer"
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.coupons.create({"id": "FIBRE", "percent_off": 20})


@pytest.mark.parametrize("path", ["amount", "metadata.a", "lines.data.quantity", "lines.colour", "nothing", ""])
def test_what_names_nothing_is_not_expanded(desk: Desk, path: str) -> None:
    invoice = draft(desk, payer(desk), 1000).id

    refused = desk.http("GET", f"/v1/invoices/{invoice}?expand[]={path}")

    assert (refused.status, refused.error["param"].partition("[")[0]) == (400, "expand")
