"""What a payment link is made of."""

from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.params import only, url
from infra.local.stripe.values import Json

_UNSET = (
    "application",
    "application_fee_amount",
    "application_fee_percent",
    "consent_collection",
    "inactive_message",
    "invoice_creation",
    "name_collection",
    "on_behalf_of",
    "optional_items",
    "payment_method_options",
    "restrictions",
    "shipping_address_collection",
    "subscription_data",
    "transfer_data",
)
_INTENT_DATA = "description metadata setup_future_usage statement_descriptor statement_descriptor_suffix"
_NO_INTENT_DATA: Json = {
    "capture_method": None,
    "description": None,
    "metadata": {},
    "setup_future_usage": None,
    "statement_descriptor": None,
    "statement_descriptor_suffix": None,
    "transfer_group": None,
}
BLANK: Json = {
    **dict.fromkeys(_UNSET),
    "active": True,
    "after_completion": {"hosted_confirmation": {"custom_message": None}, "type": "hosted_confirmation"},
    "allow_promotion_codes": False,
    "automatic_tax": {"enabled": False, "liability": None},
    "billing_address_collection": "auto",
    "custom_fields": [],
    "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
    "customer_creation": "if_required",
    "metadata": {},
    "payment_intent_data": None,
    "payment_method_collection": "always",
    "payment_method_types": None,
    "phone_number_collection": {"enabled": False},
    "shipping_options": [],
    "submit_type": "auto",
    "tax_id_collection": {"enabled": False, "required": "never"},
}


def given(call: Call, former: Json) -> Json:
    """The fields that a request can change, with the values they have after it."""
    after: Json = {
        name: call.params.get(name, former[name])
        for name in ("active", "customer_creation", "payment_method_types", "submit_type")
    }
    after["payment_method_types"] = after["payment_method_types"] or None
    after["inactive_message"] = call.text("inactive_message", former["inactive_message"])
    after["metadata"] = call.metadata(former["metadata"])
    if "after_completion" in call.params:
        after["after_completion"] = _after_completion(call.params["after_completion"])
    if "payment_intent_data" in call.params:
        data = only(call.params["payment_intent_data"], _INTENT_DATA, "payment_intent_data")
        after["payment_intent_data"] = (former["payment_intent_data"] or _NO_INTENT_DATA) | data
    if "restrictions" in call.params:
        after["restrictions"] = _restrictions(call.params["restrictions"], former)
    return after


def _after_completion(given: Json) -> Json:
    if given["type"] == "redirect":
        address = url(given.get("redirect", {}), "url")
        if address is None:
            raise InvalidRequest(
                "Missing required param: after_completion[redirect].",
                code="parameter_missing",
                param="after_completion",
            )
        return {"redirect": {"url": address}, "type": "redirect"}
    message = given.get("hosted_confirmation", {}).get("custom_message")
    return {"hosted_confirmation": {"custom_message": message}, "type": "hosted_confirmation"}


def _restrictions(given: Json | str, former: Json) -> Json | None:
    if not isinstance(given, dict):
        return None
    limit = given["completed_sessions"]["limit"]
    if limit < 1:
        raise InvalidRequest("This value must be greater than or equal to 1.", param="restrictions")
    count = (former["restrictions"] or {}).get("completed_sessions", {}).get("count", 0)
    return {"completed_sessions": {"count": count, "limit": limit}}
