"""Webhook endpoints: where events are sent, and the secrets they are signed with.

One endpoint of a fixed id belongs to the command line and the control calls; others are made through the API.
"""

from urllib.parse import urlsplit

import stripe.params as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.store import Store
from infra.local.stripe.values import API_VERSION, Json

STATIC_ID = "we_static"


def configure_static(store: Store, now: int, url: str | None, secrets: list[str]) -> None:
    """Point the fixed endpoint elsewhere or sign with other secrets; empty values leave what is kept."""
    kept = store.get("webhook_endpoint", STATIC_ID)
    body = kept or _body({"id": STATIC_ID, "object": "webhook_endpoint", "created": now, "livemode": False})
    if url:
        body |= {"url": _checked(url), "status": "enabled"}
    if secrets:
        body |= {"_secrets": secrets}
    if body["status"] == "enabled" and not body["_secrets"]:
        raise InvalidRequest("A webhook endpoint needs a secret to sign with.", param="webhook_secrets")
    (store.save if kept else store.add)(body)


def create(call: Call) -> Json:
    """A new endpoint; its secret is shown in this answer only."""
    secret = call.new_id("whsec", 32)
    body = _body(call.begin("webhook_endpoint", "we")) | _given(call, {}) | {"status": "enabled", "_secrets": [secret]}
    call.store.add(body)
    return body | {"secret": secret}


def update(call: Call, webhook_endpoint: str) -> Json:
    """Change where it points, what it wants, or whether it gets anything."""
    body = call.named("webhook_endpoint", webhook_endpoint, "webhook_endpoint")
    return call.store.save(body | _given(call, body))


def retrieve(call: Call, webhook_endpoint: str) -> Json:
    """The endpoint, without its secret."""
    return call.named("webhook_endpoint", webhook_endpoint, "webhook_endpoint")


def every(call: Call) -> Json:
    """Endpoints, newest first."""
    return page(call, "webhook_endpoint")


def delete(call: Call, webhook_endpoint: str) -> Json:
    """Remove it, and what was still on its way to it."""
    body = call.named("webhook_endpoint", webhook_endpoint, "webhook_endpoint")
    call.store.remove("webhook_endpoint", body["id"])
    call.outbox.forget_endpoint(body["id"])
    return {"id": body["id"], "object": "webhook_endpoint", "deleted": True}


def _body(begun: Json) -> Json:
    return begun | {
        "api_version": API_VERSION,
        "application": None,
        "description": None,
        "enabled_events": ["*"],
        "metadata": {},
        "status": "disabled",
        "url": "",
        "_secrets": [],
    }


def _given(call: Call, former: Json) -> Json:
    given: Json = {
        "description": call.text("description", former.get("description")),
        "enabled_events": call.params.get("enabled_events", former.get("enabled_events")),
        "metadata": call.metadata(former.get("metadata", {})),
        "url": _checked(call.params.get("url") or former["url"]),
    }
    if "disabled" in call.params:
        given["status"] = "disabled" if call.params["disabled"] else "enabled"
    return given


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        sendable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        sendable = False
    if not sendable:
        raise InvalidRequest(
            "Invalid URL: An explicit scheme (such as https) must be provided.", code="url_invalid", param="url"
        )
    return url


_ONE = "/v1/webhook_endpoints/<webhook_endpoint>"
_FIELDS = "description enabled_events metadata url"
ROUTES = (
    route("POST", "/v1/webhook_endpoints", create, sdk.WebhookEndpointCreateParams, _FIELDS),
    route("GET", "/v1/webhook_endpoints", every, sdk.WebhookEndpointListParams, PAGING),
    route("GET", _ONE, retrieve, sdk.WebhookEndpointRetrieveParams),
    route("POST", _ONE, update, sdk.WebhookEndpointUpdateParams, f"{_FIELDS} disabled"),
    route("DELETE", _ONE, delete, sdk.WebhookEndpointDeleteParams),
)
