"""Whatever is sent to any operation of the contract, no answer is a 500 and every refusal is a problem document."""

from __future__ import annotations

import dataclasses
import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.accounts.model import AccountKind, Profile
from chalicelib.audit.model import Actor
from chalicelib.cases.model import Channel
from chalicelib.cases.service import Draft
from chalicelib.platform import aws
from chalicelib.reference.samples import example
from infra.openapi import contract_text
from tests.accounts.test_routes import ADA
from tests.billing.builders import an_invoice
from tests.harness import HttpAnswer, HttpDesk
from tests.identity.desk import Pool
from tests.payments.wallet import FakeWallet

CONTRACT: dict[str, Any] = json.loads(contract_text())
CALLS = [(method.upper(), path) for path, methods in CONTRACT["paths"].items() for method in methods]
ROLES = ["admin", "admin", "advisor", "customer", "customer", None]
KNOWN = {"account_id": "acc_1", "invoice_id": "inv_1", "case_id": "case_1", "queue": "billing", "If-Match": '"1"'}
"""What leads somewhere; half of the requests are made of it."""

ODD = [
    "", " ", "\0", "0", "-1", "1e400", "9" * 5000, "null", "x" * 300, "a b " * 400, "4242 " * 900, "é😀\u202e", "%",
    "../..", "[]", "*", "2026-11-02", "2026-11-02T09:00:00Z", "9999-12-31", "0001-01-01T00:00:00+14:00", "+4477",
    "ada@example.com", '"1"', 'W/"0"', '"99999999999999999999"', "acc_1", "inv_1", "pm_card_visa", "billing", "GBP",
]  # fmt: skip
nasty_text = st.sampled_from(ODD) | st.text(max_size=20)
nasty_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from([10**18, -(10**300)]) | nasty_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(nasty_text, inner, max_size=4),
    max_leaves=8,
)
broken = st.binary(max_size=40) | st.sampled_from([b"", b"null", b"[" * 5000, b'"\\ud800"', b"\xff", b"1" * 5000])


@st.composite
def bodies(draw: st.DrawFn, schema: dict[str, Any]) -> Any:
    """The example of the schema with some fields gone, wrong or unknown; now and then something else altogether."""
    body = dict(example(CONTRACT, schema))
    known = list(CONTRACT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]["properties"])
    for name in draw(st.lists(st.sampled_from([*known, "unknown"]), max_size=3)):
        body[name] = draw(nasty_json)
    for name in draw(st.lists(st.sampled_from(known), max_size=1)):
        body.pop(name, None)
    return draw(st.just(body) | st.just(body) | nasty_json | broken)


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, Any, dict[str, Any]]:
    """Method, URL, body and how it is called."""
    method, path = draw(st.sampled_from(CALLS))
    spec = CONTRACT["paths"][path][method.lower()]
    named: dict[str, list[str]] = {"path": [], "query": [], "header": []}
    for parameter in spec["parameters"]:
        named[parameter["in"]].append(parameter["name"])
    for name in named["path"]:
        value = draw(st.just(KNOWN.get(name, "pay_1")) | nasty_text.filter(bool))
        path = path.replace(f"{{{name}}}", quote(value, safe="").replace("%2F", "_"))
    chosen = draw(st.lists(st.sampled_from([*named["query"], "unknown"]), max_size=3)) if named["query"] else []
    query = urlencode([(name, draw(nasty_text)) for name in chosen])
    headers = {
        name: draw(st.just(KNOWN.get(name, "key")) | nasty_text) for name in named["header"] if draw(st.booleans())
    }
    body = draw(bodies(spec["requestBody"]["content"]["application/json"]["schema"])) if "requestBody" in spec else None
    role = draw(st.sampled_from(ROLES))
    account_id = draw(st.sampled_from(["acc_1", None])) if role == "customer" else None
    return method, f"{path}?{query}", body, {"role": role, "account_id": account_id, "headers": headers}


class Functions:
    """A Lambda service that takes every call."""

    def invoke(self, **_: Any) -> dict[str, Any]:
        return {"StatusCode": 202}


@pytest.fixture
def furnished(desk: HttpDesk, monkeypatch: pytest.MonkeyPatch) -> HttpDesk:
    """A desk with an account that owes a bill and has a case; a Stripe, a Lambda service and a user pool answer."""
    stripe = FakeWallet()
    monkeypatch.setattr(wiring, "stripe_gateway", lambda: stripe)
    monkeypatch.setattr(aws, "functions", Functions)
    pool = Pool()
    monkeypatch.setattr(wiring, "sign_ins", lambda: pool)
    ids = iter(("acc_1", "aud_1"))
    accounts = dataclasses.replace(wiring.accounts(), new_id=lambda _: next(ids))
    accounts.create(Profile.model_validate(ADA), AccountKind.CONSUMER, "GBP", Actor("sub", "one"))
    wiring.invoices().issue(an_invoice("inv_1"))
    draft = Draft(subject="Charged twice", text="Please look.", channel=Channel.WEB, account_id="acc_1")
    wiring.cases().open(draft, Actor("sub", "one"), "case_1")
    return desk


@settings(
    max_examples=1000, deadline=None, database=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(request=requests())
def test_no_request_is_answered_by_a_fault_of_ours(
    furnished: HttpDesk, request: tuple[str, str, Any, dict[str, Any]]
) -> None:
    method, url, body, call = request
    answer: HttpAnswer = furnished.call(method, url, body, **call)
    assert answer.status < 500, answer.text
    if answer.status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json["status"] == answer.status
