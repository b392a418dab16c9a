"""What happens to random subscriptions: changes that are quoted and agreed to, and what comes between each and the bill
that its quote spoke of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from chalicelib.platform.errors import Conflict, Refused, Unprocessable
from chalicelib.subscriptions.quote import Cause, ChangeQuote
from chalicelib.subscriptions.wish import Kind
from tests.subscriptions.beginnings import HOUR, History
from tests.subscriptions.selling import SUBSCRIPTION

KINDS: Final = (
    *(Kind.CHANGE_PLAN,) * 5, Kind.ADD_ADDON, Kind.REMOVE_ADDON, Kind.PAUSE, Kind.CANCEL, Kind.CANCEL, Kind.BILLING_DAY,
)  # fmt: skip
BETWEEN: Final = {
    "another change": Cause.ANOTHER_CHANGE,
    "usage": Cause.USAGE,
    "coupon": Cause.COUPON,
    "credit": Cause.CREDIT,
    "charge": Cause.CHARGE,
    "tax": Cause.TAX_CHANGE,
}
"""What may come between a quote and its bill, and what the desk has to call it then."""


def goes_on(history: History, quote: ChangeQuote) -> bool:
    """Whether the subscription can be changed again once its bill has come; some time of the next period passes."""
    plan = history.desk.v1.subscriptions.retrieve(history.plan.id).to_dict()
    names = {item["metadata"].get("desk_subscription_id") for item in plan["items"]["data"]}
    if plan["status"] != "active" or plan["pause_collection"] or SUBSCRIPTION not in names:
        return False
    if quote.wish.kind is Kind.BILLING_DAY:
        history.anchor = quote.effective
    end = plan["items"]["data"][0]["current_period_end"]
    history.until(history.chance.randrange(history.now, end - HOUR))
    return True


def agreed(history: History) -> ChangeQuote | None:
    """A change that was quoted and confirmed; None when nothing that was asked for could be had."""
    history.refused, history.between = [], None
    for _ in range(6):
        kind = history.chance.choice(KINDS)
        try:
            quote = history.selling.asked(kind, **_wish(history, kind))
            return history.selling.agreed(quote)
        except (Conflict, Refused, Unprocessable) as error:
            history.refused.append(f"{kind}: {error.extra.get('reason', error.code)}")
    return None


def _wish(history: History, kind: Kind) -> dict[str, Any]:
    chance = history.chance
    when = chance.choice([None, "now", "period_end"])
    if kind is Kind.CHANGE_PLAN:
        quantity = chance.choice([None, None, 1, 2, 5])
        return {"offer": f"PLAN-{chance.randint(0, 2)}", "quantity": quantity, "when": when}
    if kind is Kind.ADD_ADDON:
        return {"offer": f"ADDON-{chance.randint(0, 1)}", "quantity": chance.choice([None, 1, 3])}
    if kind is Kind.REMOVE_ADDON:
        return {"offer": "ADDON-0", "when": when}
    if kind is Kind.PAUSE:
        days = chance.randint(1, 92)
        return {"until_on": (datetime.fromtimestamp(history.now, UTC) + timedelta(days=days)).date()}
    if kind is Kind.BILLING_DAY:
        return {"day": chance.randint(1, 31)}
    return {"when": when} if kind is Kind.CANCEL else {}


def interrupted(history: History, quote: ChangeQuote) -> None:
    """At times something happens to the subscription after the agreement and before the bill."""
    chance, bill_at = history.chance, quote.bill_at
    if chance.random() > 0.35 or bill_at is None or bill_at - history.now < 2 * HOUR:
        return
    history.until(chance.randrange(history.now + 60, bill_at - HOUR))
    plan = history.desk.v1.subscriptions.retrieve(history.plan.id).to_dict()
    if plan["status"] != "active" or not any(item["quantity"] for item in plan["items"]["data"]):
        return
    history.between = chance.choice(list(BETWEEN))
    _happen(history, plan)
    history.selling.hear()


def _happen(history: History, plan: dict[str, Any]) -> None:
    v1, customer, between = history.desk.v1, history.selling.someone.id, history.between
    if between == "usage":
        used: Any = {"value": "41", "stripe_customer_id": customer}
        if v1.billing.meters.list().data:
            v1.billing.meter_events.create({"event_name": "calls", "payload": used, "timestamp": history.now})
    elif between in ("credit", "charge"):
        amount = history.chance.randint(1, 5000) * (-1 if between == "credit" else 1)
        about: Any = {"customer": customer, "subscription": plan["id"], "currency": "gbp", "amount": amount}
        v1.invoice_items.create(about)
    elif between == "coupon":
        coupon = v1.coupons.create({"percent_off": history.chance.choice([10, 33.3, 50]), "duration": "forever"}).id
        v1.subscriptions.update(plan["id"], {"discounts": [{"coupon": coupon}]})
    elif between == "tax":
        rate: Any = {"display_name": "VAT", "percentage": 17.5, "inclusive": False}
        v1.subscriptions.update(plan["id"], {"default_tax_rates": [v1.tax_rates.create(rate).id]})
    else:
        item = next(each for each in plan["items"]["data"] if each["quantity"])
        v1.subscriptions.update(plan["id"], {"items": [{"id": item["id"], "quantity": item["quantity"] + 1}]})
