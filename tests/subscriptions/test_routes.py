"""Offers, contracts and changes over HTTP: who may, what is answered, and what a wrong request gets."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.audit.model import Actor
from chalicelib.platform import aws
from chalicelib.platform.codec import encode
from chalicelib.platform.dynamo import Key
from chalicelib.platform.money import portion
from chalicelib.subscriptions.terms import Terms
from tests.billing.builders import a_subscription
from tests.harness import HttpAnswer, HttpDesk, Meter
from tests.subscriptions.selling import SUBSCRIPTION, Selling
from tests.subscriptions.shelf import OFFERS

QUOTES, CHANGES = (f"/v1/subscriptions/{SUBSCRIPTION}/{name}" for name in ("change-quotes", "changes"))
CANCELLATIONS, PLANNED = (f"/v1/subscriptions/{SUBSCRIPTION}/{name}" for name in ("cancellations", "planned-change"))
UPGRADE = {"kind": "change_plan", "offer": "FIBRE-500"}
ADA: dict[str, Any] = {"role": "customer", "account_id": "acc_1"}


@pytest.fixture
def sold(desk: HttpDesk, selling: Selling, monkeypatch: pytest.MonkeyPatch) -> Selling:
    """What stands in the memory of the selling desk stands in the table of the app, and its Stripe is the app's."""
    monkeypatch.setattr(wiring, "stripe_gateway", lambda: selling.gateway)
    monkeypatch.setattr(wiring, "step_up", Willing)
    for items in selling.table.items.values():
        for item in items.values():
            aws.dynamodb().put_item(TableName=wiring.table().name, Item=encode(item))
    return selling


class Willing:
    """Asks nobody for anything."""

    def require(self, *_: Any) -> None:
        pass


@pytest.fixture
def listed(desk: HttpDesk) -> None:
    for offer in OFFERS:
        wiring.offers().load([offer], Actor("seed", "seed"))


def keyed(key: str = "key-1") -> dict[str, str]:
    return {"Idempotency-Key": key}


def quoted(desk: HttpDesk, wish: dict[str, Any]) -> HttpAnswer:
    answer = desk.call("POST", QUOTES, wish, **ADA)
    assert answer.status == 201, answer.text
    return answer


def test_a_customer_changes_the_plan(desk: HttpDesk, sold: Selling) -> None:
    quote = quoted(desk, UPGRADE).json
    assert quote["bill"]["total_before"] == {"amount_minor": 3300, "currency": "GBP"}
    charge = next(line for line in quote["bill"]["lines"] if line["is_change"] and not line["is_credit"])
    assert (charge["seconds"], charge["of_seconds"], charge["whole"]["amount_minor"]) == (1_555_200, 2_419_200, 3500)
    assert charge["net"]["amount_minor"] == round(3500 * 1_555_200 / 2_419_200)
    assert quote["monthly"]["after_with_tax"]["amount_minor"] == 4200

    body = {"quote_id": quote["quote_id"]}
    first = desk.call("POST", CHANGES, body, headers=keyed(), **ADA)
    again = desk.call("POST", CHANGES, body, headers=keyed(), **ADA)
    assert (first.status, first.json["state"]) == (201, "confirmed")
    assert (again.text, again.headers["idempotency-replayed"]) == (first.text, "true")
    other = desk.call("POST", CHANGES, body, headers=keyed("key-2"), **ADA)
    assert (other.status, other.json["reason"]) == (409, "quote_used")

    (taken,) = desk.call("GET", "/v1/accounts/acc_1/subscriptions", **ADA).json["items"]
    assert taken["plan_code"] == "FIBRE-500"
    read = desk.call("GET", f"/v1/change-quotes/{quote['quote_id']}", **ADA)
    assert (read.status, read.json["state"], read.json["comparison"]) == (200, "confirmed", None)
    letters = [item["letter"]["name"] for item in everything("A#acc_1") if "letter" in item]
    assert letters.count("subscriptions/change_confirmed") == 1


def everything(pk: str) -> list[dict[str, Any]]:
    return wiring.table().query(Key("pk").eq(pk), limit=1000).items


def test_an_advisor_cancels_and_takes_it_back(desk: HttpDesk, sold: Selling) -> None:
    quote = desk.call("POST", QUOTES, {"kind": "cancel"}).json
    assert [each["code"] for each in quote["consequences"]] == ["stops"]
    wrong = desk.call("POST", CHANGES, {"quote_id": quote["quote_id"]}, headers=keyed())
    assert (wrong.status, wrong.json["reason"]) == (409, "wrong_quote")
    ended = desk.call("POST", CANCELLATIONS, {"quote_id": quote["quote_id"]}, headers=keyed())
    assert ended.status == 201
    (taken,) = desk.call("GET", "/v1/accounts/acc_1/subscriptions").json["items"]
    assert taken["ends_at"] == "2027-03-01T10:00:00.000Z"

    back = desk.call("DELETE", PLANNED)
    assert (back.status, back.json["ends_at"]) == (200, None)
    assert desk.call("DELETE", PLANNED).json["reason"] == "nothing_planned"


def test_nobody_else_reaches_it(desk: HttpDesk, sold: Selling) -> None:
    quote = quoted(desk, UPGRADE).json["quote_id"]
    eve: dict[str, Any] = {"role": "customer", "account_id": "acc_2"}
    asked = [
        desk.call("POST", QUOTES, UPGRADE, **eve),
        desk.call("POST", CHANGES, {"quote_id": quote}, headers=keyed(), **eve),
        desk.call("POST", CANCELLATIONS, {"quote_id": quote}, headers=keyed(), **eve),
        desk.call("DELETE", PLANNED, **eve),
        desk.call("GET", f"/v1/change-quotes/{quote}", **eve),
        desk.call("GET", "/v1/change-quotes/cq_none"),
        desk.call("POST", "/v1/subscriptions/sub_none/change-quotes", UPGRADE),
    ]
    assert [answer.status for answer in asked] == [404] * len(asked)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"kind": "change_plan"}, ""),
        ({"kind": "resume", "day": 3}, ""),
        ({"kind": "billing_day", "day": 32}, "/day"),
        ({"kind": "change_plan", "offer": "NONE"}, "/offer"),
        ({"kind": "change_plan", "offer": "ROUTER"}, "/offer"),
        ({"kind": "add_addon", "offer": "FIBRE-500"}, "/offer"),
        ({"kind": "remove_addon", "offer": "ROUTER"}, "/offer"),
        ({"kind": "change_plan", "offer": "FIBRE-100"}, "/offer"),
        ({"kind": "pause", "until_on": "2030-01-01"}, "/until_on"),
        ({"kind": "sell"}, "/kind"),
    ],
)
def test_wishes_that_cannot_be_had_are_422(desk: HttpDesk, sold: Selling, wish: dict[str, Any], field: str) -> None:
    answer = desk.call("POST", QUOTES, wish)
    assert answer.status == 422, answer.text
    assert [error["pointer"] for error in answer.json["errors"]] == [field]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"kind": 1e400}', b'{"kind": "cancel", "offer": "' + b"X" * 5000 + b'"}']
)
def test_no_body_is_an_error_of_ours(desk: HttpDesk, sold: Selling, body: bytes) -> None:
    assert desk.call("POST", QUOTES, body).status in (400, 422)
    assert desk.call("POST", CHANGES, body, headers=keyed()).status in (400, 422)


def test_what_is_not_billed_by_stripe_is_not_changed_here(desk: HttpDesk) -> None:
    wiring.subscriptions().start(a_subscription(SUBSCRIPTION))
    answer = desk.call("POST", QUOTES, {"kind": "resume"})
    assert (answer.status, answer.json["reason"]) == (409, "not_at_provider")


def test_confirming_needs_a_key(desk: HttpDesk, sold: Selling) -> None:
    quote = quoted(desk, UPGRADE).json["quote_id"]
    assert desk.call("POST", CHANGES, {"quote_id": quote}, **ADA).status == 400


def test_staff_without_the_right_is_forbidden(desk: HttpDesk, listed: None) -> None:
    assert desk.call("POST", QUOTES, UPGRADE, role="finance").status == 403
    assert desk.call("PUT", "/v1/offers/FIBRE-100", {}, role="advisor").status == 403


def test_offers_are_read_by_all_and_set_by_admins(desk: HttpDesk, listed: None) -> None:
    found = desk.call("GET", "/v1/offers?service=broadband&kind=addon", **ADA).json["items"]
    assert [offer["code"] for offer in found] == ["ROUTER", "SECURITY"]
    read = desk.call("GET", "/v1/offers/FIBRE-100", **ADA)
    assert (read.json["monthly_with_tax"]["amount_minor"], read.headers["etag"]) == (2750 + portion(2750, 2000), '"1"')
    new = {
        "name": "Fibre 100 broadband", "description": "Broadband.", "service": "broadband", "currency": "GBP",
        "monthly_minor": 2900, "price_rises": [{"from_on": "2027-04-01", "by_minor": 150}],
    }  # fmt: skip
    put: dict[str, Any] = {"role": "admin"}
    assert desk.call("PUT", "/v1/offers/FIBRE-100", new, **put).status == 428
    assert desk.call("PUT", "/v1/offers/FIBRE-100", new, headers={"If-Match": '"7"'}, **put).status == 412
    changed = desk.call("PUT", "/v1/offers/FIBRE-100", new, headers={"If-Match": '"1"'}, **put)
    assert (changed.status, changed.json["version"], changed.json["monthly"]["amount_minor"]) == (200, 2, 2900)
    assert desk.call("PUT", "/v1/offers/NEW-1", new, **put).json["version"] == 1
    assert desk.call("PUT", "/v1/offers/not%20a%20code", new, **put).status == 422
    assert desk.call("GET", "/v1/offers/NONE").status == 404


def test_a_contract_is_shown_with_its_subscription(desk: HttpDesk, listed: None) -> None:
    wiring.subscriptions().start(a_subscription(SUBSCRIPTION, plan_code="FIBRE-100"))
    wiring.offers().agree(
        Terms.model_validate(
            {
                "subscription_id": SUBSCRIPTION, "account_id": "acc_1", "offer_code": "FIBRE-100", "offer_version": 1,
                "currency": "GBP", "agreed_on": "2026-01-01", "minimum_ends_on": "2199-12-31", "notice_days": 14,
                "exit_fee": {"per_month_minor": 100, "at_most_minor": 999},
                "price_rises": [{"from_on": "2198-04-01", "by_minor": 150}],
            }
        )
    )  # fmt: skip
    (taken,) = desk.call("GET", "/v1/accounts/acc_1/subscriptions").json["items"]
    assert taken["contract"] == {
        "minimum_ends_on": date(2199, 12, 31).isoformat(),
        "exit_fee": {"amount_minor": 999, "currency": "GBP"},
        "notice_days": 14,
        "next_price_rise": {"from_on": "2198-04-01", "by_minor": 150},
    }


def test_what_is_shown_costs_no_more_for_forty_than_for_one(desk: HttpDesk, sold: Selling, meter: Meter) -> None:
    """Round trips to the table: of the list three, of a quote two to find it, six to read and one to keep."""
    for number in range(40):
        other = a_subscription(f"sub_x{number}", account_id="acc_1", plan_code=f"C-{number}")
        wiring.billing_store().add_subscription(other)

    def cost(method: str, path: str, body: dict[str, Any] | None = None) -> int:
        meter.calls.clear()
        answer = desk.call(method, path, body, **ADA)
        assert answer.status in (200, 201), answer.text
        return meter.round_trips

    quoted(desk, UPGRADE)  # the policy is read once
    assert len(desk.call("GET", "/v1/accounts/acc_1/subscriptions?limit=50", **ADA).json["items"]) == 41
    assert cost("GET", "/v1/accounts/acc_1/subscriptions?limit=50") == 3
    assert cost("GET", "/v1/offers") == 1
    assert cost("POST", QUOTES, UPGRADE) == 9
