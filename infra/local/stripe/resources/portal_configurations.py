"""What the customer portal lets customers do. The first session without a configuration makes the default one."""

from stripe.params import billing_portal as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.params import not_simulated, only, url
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json, changed

_KIND = "billing_portal.configuration"
_SIMULATED = ("invoice_history", "payment_method_update")
_FEATURES: Json = {
    "customer_update": {"allowed_updates": [], "enabled": False},
    "invoice_history": {"enabled": False},
    "payment_method_update": {"enabled": False, "payment_method_configuration": None},
    "subscription_cancel": {
        "cancellation_reason": {"enabled": False, "options": []},
        "enabled": False,
        "mode": "at_period_end",
        "proration_behavior": "none",
    },
    "subscription_pause": {"duration": {"interval_options": [], "type": "indefinite"}, "enabled": False},
    "subscription_update": {
        "billing_cycle_anchor": None,
        "default_allowed_updates": [],
        "enabled": False,
        "products": None,
        "proration_behavior": "none",
        "schedule_at_period_end": {"conditions": []},
        "trial_update_behavior": "end_trial",
    },
}


def create(call: Call) -> Json:
    """A new configuration."""
    return _kept(call, _given(call, _blank(call)))


def default(call: Call) -> Json:
    """The configuration of sessions that name none."""
    for found in call.store.find(Query(_KIND, {"is_default": True})):
        return found
    blank = _blank(call)
    features = blank["features"] | {name: blank["features"][name] | {"enabled": True} for name in _SIMULATED}
    return _kept(call, blank | {"features": features, "is_default": True})


def update(call: Call, configuration: str) -> Json:
    """Change the given parts; the default configuration stays active."""
    before = call.named(_KIND, configuration, "configuration")
    after = _given(call, before) | {"active": call.params.get("active", before["active"]), "updated": call.now()}
    if before["is_default"] and not after["active"]:
        raise InvalidRequest("You cannot deactivate the default configuration.", param="active")
    call.store.save(after)
    call.emit("billing_portal.configuration.updated", after, changed(before, after))
    return after


def retrieve(call: Call, configuration: str) -> Json:
    """The configuration."""
    return call.named(_KIND, configuration, "configuration")


def every(call: Call) -> Json:
    """Configurations, newest first."""
    return page(call, _KIND, "active", "is_default")


def _blank(call: Call) -> Json:
    body = call.begin(_KIND, "bpc")
    return body | {
        "active": True,
        "application": None,
        "business_profile": dict.fromkeys(("headline", "privacy_policy_url", "terms_of_service_url")),
        "default_return_url": None,
        "features": _FEATURES,
        "is_default": False,
        "login_page": {"enabled": False, "url": None},
        "metadata": {},
        "name": None,
        "updated": body["created"],
    }


def _kept(call: Call, configuration: Json) -> Json:
    call.store.add(configuration)
    call.emit("billing_portal.configuration.created", configuration)
    return configuration


def _given(call: Call, former: Json) -> Json:
    profile = {name: value or None for name, value in call.params.get("business_profile", {}).items()}
    after = former | {
        "business_profile": former["business_profile"] | profile,
        "features": _features(call.params.get("features", {}), former["features"]),
        "metadata": call.metadata(former["metadata"]),
        "name": call.text("name", former["name"]),
    }
    if "default_return_url" in call.params:
        after["default_return_url"] = url(call.params, "default_return_url")
    return after


def _features(given: Json, former: Json) -> Json:
    after = dict(former)
    for name, feature in given.items():
        if name not in _SIMULATED and feature["enabled"]:
            raise not_simulated(f"features[{name}]")
        after[name] = former[name] | only(feature, "enabled", f"features[{name}]")
    return after


_ALL = "/v1/billing_portal/configurations"
_FIELDS = "business_profile default_return_url features metadata name"
ROUTES = (
    route("POST", _ALL, create, sdk.ConfigurationCreateParams, _FIELDS),
    route("GET", _ALL, every, sdk.ConfigurationListParams, f"{PAGING} active is_default"),
    route("GET", f"{_ALL}/<configuration>", retrieve, sdk.ConfigurationRetrieveParams),
    route("POST", f"{_ALL}/<configuration>", update, sdk.ConfigurationUpdateParams, f"{_FIELDS} active"),
)
