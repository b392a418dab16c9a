"""Reads what a request says of a subscription besides its items: how it is collected, when it ends, its trial."""

from infra.local.stripe import discounts
from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.params import moment as reachable
from infra.local.stripe.params import not_simulated, only
from infra.local.stripe.periods import DAY_SECONDS
from infra.local.stripe.recurring import shapes
from infra.local.stripe.resources import payment_methods, tax_rates
from infra.local.stripe.values import Json, public

SHARED = (
    "cancel_at cancel_at_period_end collection_method days_until_due default_payment_method default_tax_rates "
    "description discounts items metadata off_session payment_behavior payment_settings proration_behavior trial_end "
    "trial_settings add_invoice_items"
)
_TRIAL_SETTINGS: Json = {"end_behavior": {"missing_payment_method": "create_invoice"}}
_LONGEST_TRIAL_SECONDS = 730 * DAY_SECONDS


def given(call: Call, former: Json) -> Json:
    """The members that the request sets, by name. InvalidRequest when they contradict each other."""
    params = call.params
    terms: Json = {"description": call.text("description", former["description"])}
    terms["metadata"] = call.metadata(former["metadata"])
    terms |= _collection(call, former)
    if "default_tax_rates" in params:
        terms["default_tax_rates"] = [
            public(rate) for rate in tax_rates.usable(call, params["default_tax_rates"], "default_tax_rates")
        ]
    if "discounts" in params:
        owner = {"subscription": former["id"]}
        terms["discounts"] = discounts.redeemed(call, params["discounts"], former["customer"], **owner)
    if "trial_settings" in params:
        end = (params["trial_settings"] or _TRIAL_SETTINGS)["end_behavior"]
        terms["trial_settings"] = {"end_behavior": only(end, "missing_payment_method", "trial_settings[end_behavior]")}
    terms["payment_settings"] = _payment_settings(call, former)
    if params.get("payment_behavior") == "pending_if_incomplete":
        raise not_simulated("payment_behavior")
    return terms


def ending(call: Call, subscription: Json) -> Json:
    """The members that say when the subscription ends, as the request leaves them."""
    params, end = call.params, shapes.period_of(subscription)[1]
    if "cancel_at" in params and "cancel_at_period_end" in params:
        raise InvalidRequest(
            "You may only specify one of these parameters: cancel_at, cancel_at_period_end.", param="cancel_at"
        )
    if "cancel_at" not in params and "cancel_at_period_end" not in params:
        return {}
    at_end = params.get("cancel_at_period_end", False)
    moment = end if at_end or isinstance(params.get("cancel_at"), str) else params.get("cancel_at")
    if params.get("cancel_at") == "" or not moment:
        return _ends(None, at_period_end=False, asked_at=None, details=subscription["cancellation_details"])
    if reachable(moment, "cancel_at") <= call.now():
        raise InvalidRequest("The cancel_at timestamp must be in the future.", param="cancel_at")
    details = cancellation(call, subscription, "cancellation_requested")
    return _ends(moment, at_period_end=bool(at_end), asked_at=call.now(), details=details)


def cancellation(call: Call, subscription: Json, reason: str | None) -> Json:
    """The cancellation details with what the customer said, and why the subscription ends."""
    said = only(call.params.get("cancellation_details") or {}, "comment feedback", "cancellation_details")
    merged: Json = subscription["cancellation_details"] | {name: value or None for name, value in said.items()}
    return merged | {"reason": reason}


def trial_end(call: Call) -> int | None:
    """The second when the trial that the request asks for ends; None without one, and for `now`."""
    params = call.params
    if "trial_end" in params and "trial_period_days" in params:
        raise InvalidRequest(
            "You may only specify one of these parameters: trial_end, trial_period_days.", param="trial_period_days"
        )
    if "trial_period_days" in params:
        end: int | None = call.now() + params["trial_period_days"] * DAY_SECONDS
    else:
        end = params.get("trial_end") if params.get("trial_end") != "now" else None
    if end is None or end == call.now():
        return None
    if not call.now() < end <= call.now() + _LONGEST_TRIAL_SECONDS:
        raise InvalidRequest("A trial must end in the future, and last at most two years.", param="trial_end")
    return end


def _ends(moment: int | None, *, at_period_end: bool, asked_at: int | None, details: Json) -> Json:
    details = details if moment else {**dict.fromkeys(details)}
    return {
        "cancel_at": moment,
        "cancel_at_period_end": at_period_end,
        "canceled_at": asked_at,
        "cancellation_details": details,
    }


def _payment_settings(call: Call, former: Json) -> Json:
    given = call.params.get("payment_settings", {})
    only(given, "payment_method_types save_default_payment_method", "payment_settings")
    kept: Json = former["payment_settings"]
    return kept | {name: value or None for name, value in given.items()}


def _collection(call: Call, former: Json) -> Json:
    method = call.params.get("collection_method", former["collection_method"])
    due = call.params.get("days_until_due", former["days_until_due"])
    if method == "send_invoice" and due is None:
        raise InvalidRequest(
            "If collection_method is set to `send_invoice`, you must set `days_until_due`.", param="days_until_due"
        )
    if due is not None:
        reachable(call.now() + due * DAY_SECONDS, "days_until_due")
    if method == "charge_automatically" and "days_until_due" in call.params:
        raise InvalidRequest(
            "You can only set `days_until_due` if collection_method is set to `send_invoice`.", param="days_until_due"
        )
    default = call.text("default_payment_method", former["default_payment_method"])
    if default:
        payment_methods.of_customer(call, former["customer"], default)
    return {
        "collection_method": method,
        "days_until_due": due if method == "send_invoice" else None,
        "default_payment_method": default,
    }
