"""What a checkout session is made of when it opens."""

from infra.local.stripe import intents
from infra.local.stripe.call import Call
from infra.local.stripe.currencies import LEAST_BY_CURRENCY, check_total
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.params import not_simulated, only, url
from infra.local.stripe.values import Json

_HALF_HOUR, _DAY = 1800, 86400
_UNSET = (
    "after_expiration",
    "allow_promotion_codes",
    "billing_address_collection",
    "client_secret",
    "collected_information",
    "consent",
    "consent_collection",
    "currency_conversion",
    "customer_account",
    "discounts",
    "invoice",
    "invoice_creation",
    "name_collection",
    "optional_items",
    "payment_intent",
    "payment_link",
    "payment_method_configuration_details",
    "permissions",
    "phone_number_collection",
    "presentment_details",
    "recovered_from",
    "return_url",
    "setup_intent",
    "shipping_address_collection",
    "shipping_cost",
    "subscription",
    "tax_id_collection",
    "wallet_options",
)
_BLANK: Json = {
    **dict.fromkeys(_UNSET),
    "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
    "custom_fields": [],
    "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
    "customer_details": None,
    "payment_method_options": {},
    "shipping_options": [],
    "status": "open",
    "_email": None,
    "_intent": None,
    "_subscription": None,
    "_thanks": None,
}
_DATA = {"payment": "payment_intent_data", "setup": "setup_intent_data", "subscription": "subscription_data"}
_TEXTS = ("client_reference_id", "customer_email", "integration_identifier", "locale", "origin_context", "submit_type")
_BRANDING: Json = {
    "background_color": "#ffffff",
    "border_style": "rounded",
    "button_color": "#1a56b0",
    "display_name": "",
    "font_family": "default",
    "icon": None,
    "logo": None,
}
_SAVED_OPTIONS: Json = {
    "allow_redisplay_filters": ["always"],
    "payment_method_remove": "disabled",
    "payment_method_save": None,
}


def opened(call: Call, mode: str, items: list[Json]) -> Json:
    """A session of the request's parameters, not kept yet. InvalidRequest for what it cannot be made of."""
    body = call.begin("checkout.session", "cs_test", 58)
    currency = _currency(call, items)
    return {
        **body,
        **_BLANK,
        **{name: call.text(name) for name in _TEXTS},
        **_money(mode, currency, _due_now(call, items)),
        **_page(call, body["id"]),
        "allowed_payment_method_types": call.params.get("allowed_payment_method_types"),
        "customer_creation": _customer_creation(call, mode),
        "excluded_payment_method_types": call.params.get("excluded_payment_method_types"),
        "expires_at": _expires_at(call, body["created"]),
        "metadata": call.metadata({}),
        "mode": mode,
        "payment_method_collection": "if_required" if mode == "payment" else "always",
        "payment_method_types": intents.methods_taken(call, currency)["payment_method_types"],
        "saved_payment_method_options": _saved_options(call, mode),
        "_data": call.params.get(_DATA[mode], {}),
    }


def _money(mode: str, currency: str | None, items: list[Json]) -> Json:
    if mode == "setup":
        nothing = dict.fromkeys(("amount_subtotal", "amount_total", "total_details"))
        return nothing | {"currency": currency, "payment_status": "no_payment_required"}
    total = sum(item["amount_total"] for item in items)
    least = LEAST_BY_CURRENCY.get(currency or "", 0)
    if mode == "payment" and 0 < total < least:
        raise InvalidRequest(
            f"The Checkout Session's total amount must convert to at least {least} in minor units of {currency}.",
            code="amount_too_small",
        )
    check_total(total, currency or "")
    return {
        "amount_subtotal": sum(item["amount_subtotal"] for item in items),
        "amount_total": total,
        "currency": currency,
        "payment_status": "unpaid",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
    }


def _due_now(call: Call, items: list[Json]) -> list[Json]:
    """The items that are paid on the page: in a trial what recurs is not."""
    data = call.params.get("subscription_data", {})
    in_trial = bool(data.get("trial_end") or data.get("trial_period_days"))
    return [item for item in items if not (in_trial and item["price"]["type"] == "recurring")]


def _page(call: Call, session_id: str) -> Json:
    if call.params.get("ui_mode", "hosted_page") != "hosted_page":
        raise not_simulated(f"ui_mode={call.params['ui_mode']}")
    branding = only(call.params.get("branding_settings", {}), "display_name", "branding_settings")
    return {
        "branding_settings": _BRANDING | branding if branding else None,
        "cancel_url": url(call.params, "cancel_url"),
        "redirect_on_completion": None,
        "success_url": url(call.params, "success_url"),
        "ui_mode": "hosted_page",
        "url": f"{call.base_url}/_hosted/checkout/{session_id}",
    }


def _currency(call: Call, items: list[Json]) -> str | None:
    given = call.params.get("currency", "").lower()
    currency: str | None = items[0]["currency"] if items else given or None
    if given and currency != given:
        raise InvalidRequest(f"The prices are in {currency}, not in {given}.", param="currency")
    if currency and currency not in LEAST_BY_CURRENCY:
        raise InvalidRequest(f"Invalid currency: {currency}.", param="currency")
    return currency


def _customer_creation(call: Call, mode: str) -> str | None:
    if call.params.get("customer"):
        return None
    if mode == "subscription":
        return "always"
    creation: str = call.params.get("customer_creation", "if_required")
    return creation


def _saved_options(call: Call, mode: str) -> Json | None:
    given: Json = call.params.get("saved_payment_method_options", {})
    return None if mode == "setup" else _SAVED_OPTIONS | given


def _expires_at(call: Call, created: int) -> int:
    expires_at: int = call.params.get("expires_at", created + _DAY)
    if expires_at < created + _HALF_HOUR:
        raise InvalidRequest(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.", param="expires_at"
        )
    if expires_at > created + _DAY:
        raise InvalidRequest(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.", param="expires_at"
        )
    return expires_at
