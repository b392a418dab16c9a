"""Times that no calendar reaches, amounts that nobody can be charged, indexes that no list has: refused by name."""

import pytest

from tests.infra.stripe.billing import paid, payer
from tests.infra.stripe.desk import Desk
from tests.infra.stripe.subscriber import price

FAR = "9" * 15
_LINE = "line_items[0][quantity]={}&line_items[0][price_data][product_data][name]=x&line_items[0][price_data]"
_SOLD = f"{_LINE}[currency]=gbp&line_items[0][price_data][unit_amount]={{}}"
_PAGE = "mode=payment&success_url=https://desk.example/"


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("coupons", f"percent_off=5&redeem_by={FAR}", "redeem_by"),
        ("coupons", f"percent_off=5&duration=repeating&duration_in_months={FAR}", "duration_in_months"),
        ("promotion_codes", f"promotion[type]=coupon&promotion[coupon]=TEN&expires_at={FAR}", "expires_at"),
        ("promotion_codes", "promotion[type]=coupon&promotion[coupon]=TEN&expires_at=5", "expires_at"),
        ("invoices", f"customer=CUS&collection_method=send_invoice&due_date={FAR}", "due_date"),
        ("invoices", f"customer=CUS&collection_method=send_invoice&days_until_due={FAR}", "due_date"),
        ("invoices", f"customer=CUS&effective_at={FAR}", "effective_at"),
        ("invoiceitems", f"customer=CUS&amount=5&currency=gbp&period[start]=5&period[end]={FAR}", "period[end]"),
        ("credit_notes", f"invoice=INV&amount=5&credit_amount=5&effective_at={FAR}", "effective_at"),
        (
            "subscriptions",
            f"customer=CUS&items[0][price]=PRICE&collection_method=send_invoice&days_until_due={FAR}",
            "days_until_due",
        ),
        (
            "subscription_schedules",
            "customer=CUS&start_date=now&phases[0][items][0][price]=PRICE&phases[0][duration][interval]=year"
            f"&phases[0][duration][interval_count]={FAR}",
            "phases[0][duration][interval_count]",
        ),
        (
            "subscription_schedules",
            "customer=CUS&start_date=now&phases[0][items][0][price]=PRICE&phases[0][duration][interval]=year"
            "&phases[0][duration][interval_count]=1200",
            "phases[0][duration]",
        ),
        ("checkout/sessions", f"{_PAGE}&{_SOLD.format(FAR, 1)}", "amount"),
        ("checkout/sessions", f"{_PAGE}&{_SOLD.format(1, FAR)}", "amount"),
        ("customers", f"preferred_locales[{'9' * 5000}]=en", "preferred_locales"),
        ("customers", "preferred_locales[%D9%A1]=en", "preferred_locales"),
        ("prices", "currency=jpy&unit_amount=500&product_data[name]=x", "currency"),
        ("payment_intents", "currency=jpy&amount=500", "currency"),
    ],
)
def test_what_is_out_of_reach_is_refused(desk: Desk, path: str, body: str, param: str) -> None:
    customer = payer(desk)
    desk.v1.coupons.create({"id": "TEN", "percent_off": 10})
    known = {"CUS": customer, "INV": str(paid(desk, customer, 1000).id), "PRICE": price(desk)}
    for word, value in known.items():
        body = body.replace(f"={word}", f"={value}")

    refused = desk.http("POST", f"/v1/{path}", body)

    assert (refused.status, refused.error["param"]) == (400, param)
