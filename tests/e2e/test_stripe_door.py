"""The Stripe door from outside: only what Stripe signed just now comes in, and money is booked once, in any order."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any
from uuid import uuid4

import pytest

from infra.local.demo.desk import Answer, Desk, wait_for

Event = dict[str, Any]


@pytest.fixture
def own(desk: Desk) -> str:
    return f"/v1/accounts/{desk.handle['demo']['account_id']}"


def begun(desk: Desk, own: str) -> Any:
    """A payment that waits for the customer's card."""
    body = {"amount": {"amount_minor": 300, "currency": "GBP"}}
    made = desk.call("POST", f"{own}/payments", body, role="customer", headers={"Idempotency-Key": uuid4().hex})
    assert (made.status, made.json["status"]) == (201, "requires_payment"), made.json
    return made.json


def event(payment: Any, what: str, at: float) -> Event:
    amount = payment["amount"]
    intent = {
        "id": f"pi_{uuid4().hex}", "object": "payment_intent", "amount": amount["amount_minor"],
        "amount_received": amount["amount_minor"], "currency": amount["currency"].lower(),
        "metadata": {"payment_id": payment["payment_id"], "account_id": payment["account_id"]},
    }  # fmt: skip
    return {
        "id": f"evt_{uuid4().hex}", "object": "event", "type": f"payment_intent.{what}", "created": int(at),
        "api_version": "2026-10-28.endive", "data": {"object": intent},
    }  # fmt: skip


def sent(desk: Desk, body: bytes, *, secret: str | None = None, at: float | None = None) -> Answer:
    stamp = str(int(time.time() if at is None else at))
    key = (secret or desk.handle["stripe"]["webhook_secret"]).encode()
    tag = hmac.new(key, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return desk.call("POST", "/webhooks/stripe", body, headers={"Stripe-Signature": f"t={stamp},v1={tag}"})


def status(desk: Desk, payment: Any) -> str:
    return str(desk.call("GET", f"/v1/payments/{payment['payment_id']}", role="customer").json["status"])


def balance(desk: Desk, own: str) -> int:
    return int(desk.call("GET", f"{own}/balance", role="customer").json["balance"]["amount_minor"])


def test_what_stripe_did_not_sign_just_now_is_refused(desk: Desk, own: str) -> None:
    payment = begun(desk, own)
    body = json.dumps(event(payment, "succeeded", time.time())).encode()
    refused = [
        sent(desk, body, secret="whsec_guessed"),
        sent(desk, body, at=time.time() - 3600),
        desk.call("POST", "/webhooks/stripe", body),
        desk.call("POST", "/webhooks/stripe", body, headers={"Stripe-Signature": "t=1,v1=x"}),
    ]
    assert [answer.status for answer in refused] == [400] * 4
    assert all(answer.headers["content-type"] == "application/problem+json" for answer in refused)
    assert status(desk, payment) == "requires_payment"


def test_repeats_and_late_states_book_once(desk: Desk, own: str) -> None:
    payment, before, now = begun(desk, own), balance(desk, own), time.time()
    paid = json.dumps(event(payment, "succeeded", now)).encode()
    late = json.dumps(event(payment, "processing", now - 5)).encode()
    for body in (paid, late, paid, paid, late):
        assert sent(desk, body).status == 200
    assert wait_for(lambda: status(desk, payment) == "succeeded")
    assert wait_for(lambda: desk.is_drained("stripe_events_queue"))
    assert (status(desk, payment), before - balance(desk, own)) == ("succeeded", 300)


def test_an_event_nobody_can_read_is_parked_and_its_neighbour_is_booked(desk: Desk, own: str) -> None:
    payment = begun(desk, own)
    poison = json.dumps({"id": f"evt_{uuid4().hex}", "no": "event"}).encode()
    assert sent(desk, poison).status == 200
    assert sent(desk, json.dumps(event(payment, "succeeded", time.time())).encode()).status == 200
    assert wait_for(lambda: status(desk, payment) == "succeeded")
    assert wait_for(lambda: poison.decode() in desk.bodies("stripe_dead_letters"), 120)
