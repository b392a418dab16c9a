"""What every request is held to: a key, the pinned version, known parameters of the right types. Never a 500."""

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.stripe.values import API_VERSION
from tests.infra.stripe.desk import Desk


@pytest.mark.parametrize(
    "authorization", ["", "Bearer sk_test_other", "Bearer ", "Basic !!", "Digest x", "Bearer \xe9"]
)
def test_without_our_key_nothing_is_answered(desk: Desk, authorization: str) -> None:
    reply = desk.http("GET", "/v1/customers", Authorization=authorization)

    assert reply.status == 401
    assert "sk_test_other" not in reply.text


def test_an_answer_names_itself_and_its_version(desk: Desk) -> None:
    reply = desk.http("GET", "/v1/customers", Stripe_Version=stripe.api_version)

    assert reply.status == 200
    assert reply.headers["Request-Id"].startswith("req_")
    assert reply.headers["Stripe-Version"] == API_VERSION == stripe.api_version
    assert desk.http("GET", "/v1/customers", Stripe_Version="2020-08-27").status == 400


@pytest.mark.parametrize(
    ("path", "body", "param", "code"),
    [
        ("/v1/customers", "colour=red", "colour", "parameter_unknown"),
        ("/v1/customers", "address[planet]=mars", "address[planet]", "parameter_unknown"),
        ("/v1/customers", "address=here", "address", None),
        ("/v1/customers", "metadata[a][b]=c", "metadata[a]", None),
        ("/v1/customers", "tax_exempt=maybe", "tax_exempt", None),
        ("/v1/customers", "name[first]=a", "name", None),
        ("/v1/customers", "email=nobody", "email", "email_invalid"),
        ("/v1/customers", f"name={'n' * 5001}", "name", None),
        ("/v1/customers", "name=a&name=b", "name", None),
        ("/v1/customers", "preferred_locales=en", "preferred_locales", None),
        (
            "/v1/customers",
            "cash_balance[settings][reconciliation_mode]=manual",
            "cash_balance",
            "parameter_not_simulated",
        ),
        ("/v1/payment_intents", "currency=gbp", "amount", "parameter_missing"),
        ("/v1/payment_intents", "amount=1.5&currency=gbp", "amount", "parameter_invalid_integer"),
        ("/v1/payment_intents", "amount=&currency=gbp", "amount", "parameter_invalid_empty"),
        ("/v1/payment_intents", "amount=500&currency=xyz", "currency", None),
        ("/v1/payment_intents", "amount=500&currency=gbp&confirm=yes", "confirm", "parameter_invalid_boolean"),
        ("/v1/payment_intents", "amount=500&currency=gbp&customer=cus_none", "customer", "resource_missing"),
        ("/v1/payment_intents", "amount=500&currency=gbp&payment_method=pm_x", "payment_method", "resource_missing"),
        ("/v1/payment_intents", "amount=500&currency=gbp&expand[]=colour", "expand", None),
        ("/v1/refunds", "charge=ch_none", "charge", "resource_missing"),
        ("/v1/refunds", "reason=because", "reason", None),
        ("/v1/webhook_endpoints", "url=nowhere&enabled_events[]=*", "url", "url_invalid"),
        ("/v1/webhook_endpoints", "url=https://x.example&enabled_events[]=no.such", "enabled_events[0]", None),
    ],
)
def test_a_wrong_parameter_is_named(desk: Desk, path: str, body: str, param: str, code: str | None) -> None:
    reply = desk.http("POST", path, body)

    assert (reply.status, reply.error["type"]) == (400, "invalid_request_error")
    assert (reply.error.get("param"), reply.error.get("code")) == (param, code)
    assert desk.http("GET", path).body["data"] == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/nothing"), ("PUT", "/v1/customers"), ("DELETE", "/v1/charges/ch_1"), ("GET", "/"), ("GET", "//v1")],
)
def test_an_unknown_url_is_404(desk: Desk, method: str, path: str) -> None:
    assert desk.http(method, path).error["type"] == "invalid_request_error"
    assert desk.http(method, path).status == 404


@pytest.mark.parametrize("kind", ["customers", "payment_intents", "setup_intents", "charges", "refunds", "events"])
def test_an_unknown_id_is_404(desk: Desk, kind: str) -> None:
    reply = desk.http("GET", f"/v1/{kind}/xx_1")

    assert (reply.status, reply.error["code"]) == (404, "resource_missing")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"name": "a"}', {"Content_Type": "application/json"}),
        (b"name=\xff", {}),
        (b"name=%ff", {}),
        (b"name", {}),
        (b"[]=1", {}),
        (b"a[b=1", {}),
        (b"metadata[a]=1&metadata=2", {}),
        ("metadata" + "[x]" * 40 + "=1", {}),
        (b"name=a", {"Idempotency_Key": "k" * 256}),
    ],
)
def test_an_unreadable_body_is_400(desk: Desk, body: bytes, headers: dict[str, str]) -> None:
    assert desk.http("POST", "/v1/customers", body, **headers).status == 400


def test_a_huge_body_is_413(desk: Desk) -> None:
    assert desk.http("POST", "/v1/customers", "name=" + "n" * 2_000_000).status == 413


@settings(max_examples=150, deadline=None)
@given(
    path=st.sampled_from(["customers", "payment_intents", "setup_intents", "refunds", "payment_methods"]),
    names=st.lists(
        st.sampled_from(
            ["amount", "currency", "metadata[a]", "metadata", "card[token]", "type", "payment_method", "customer",
             "confirm", "expand[]", "address[city]", "invoice_settings[default_payment_method]", "off_session"]
        ),
        max_size=5,
    ),
    values=st.lists(
        st.sampled_from(["", "1", "-1", "500", "true", "gbp", "pm_card_visa", "card", "tok_visa", "\xe9", "\0"])
    ),
)  # fmt: skip
def test_no_form_makes_the_server_fail(shared_desk: Desk, path: str, names: list[str], values: list[str]) -> None:
    body = "&".join(f"{name}={value}" for name, value in zip(names, values, strict=False))

    assert shared_desk.http("POST", f"/v1/{path}", body.encode()).status < 500


def test_lists_are_walked_page_by_page_in_both_directions(desk: Desk) -> None:
    made = [desk.v1.customers.create({"name": f"n{number}"}).id for number in range(7)]

    forward = [each.id for each in desk.v1.customers.list({"limit": 3}).auto_paging_iter()]
    last = desk.v1.customers.list({"limit": 3, "starting_after": made[3]})
    backward = desk.v1.customers.list({"limit": 2, "ending_before": made[0]})

    assert forward == made[::-1]
    assert ([each.id for each in last.data], last.has_more) == ([made[2], made[1], made[0]], False)
    assert ([each.id for each in backward.data], backward.has_more) == ([made[2], made[1]], True)


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "starting_after=cus_none", "limit=x", "colour=red"])
def test_a_wrong_page_is_refused(desk: Desk, query: str) -> None:
    assert desk.http("GET", f"/v1/customers?{query}").status == 400


def test_lists_are_narrowed_by_owner_and_time(desk: Desk) -> None:
    customer = desk.v1.customers.create({"payment_method": "pm_card_visa"})
    card = desk.v1.customers.payment_methods.list(customer.id).data[0].id
    mine = desk.paid(card=card, customer=customer.id)
    desk.paid()

    assert [each.id for each in desk.v1.payment_intents.list({"customer": customer.id}).data] == [mine.id]
    assert [each.id for each in desk.v1.charges.list({"payment_intent": mine.id}).data] == [mine.latest_charge]
    assert len(desk.v1.charges.list({"created": {"gte": mine.created}}).data) == 2
    assert desk.v1.charges.list({"created": {"lt": mine.created}}).data == []
    assert desk.v1.payment_methods.list().data == []


def test_ids_are_replaced_by_objects_when_asked(desk: Desk) -> None:
    intent = desk.paid()
    desk.v1.refunds.create({"payment_intent": intent.id, "amount": 100})

    reply = desk.http("GET", "/v1/payment_intents?expand[]=data.latest_charge.refunds&expand[]=data.payment_method")

    found = reply.body["data"][0]
    assert found["latest_charge"]["refunds"]["data"][0]["amount"] == 100
    assert found["payment_method"]["card"]["last4"] == "4242"
    assert not any(name.startswith("_") for name in found["payment_method"])
    assert desk.http("GET", f"/v1/payment_intents/{intent.id}?expand[]=amount").error["param"] == "expand"
