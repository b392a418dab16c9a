"""Idempotency keys: one key, one effect."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import stripe

from tests.infra.stripe.desk import Desk, Reply, start

BODY = "amount=700&currency=gbp&payment_method={card}&confirm=true&return_url=https://desk.example/"


def _pay(desk: Desk, key: str, card: str = "pm_card_visa", more: str = "") -> Reply:
    return desk.http("POST", "/v1/payment_intents", BODY.format(card=card) + more, Idempotency_Key=key)


def test_a_repeat_gets_the_first_answer_and_takes_no_money(desk: Desk) -> None:
    first, second = _pay(desk, "pay-1"), _pay(desk, "pay-1")

    assert second.body == first.body
    assert second.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Original-Request"] == first.headers["Request-Id"] != second.headers["Request-Id"]
    assert len(desk.v1.charges.list().data) == 1


def test_a_decline_is_an_answer_too(desk: Desk) -> None:
    first, second = _pay(desk, "pay-2", "pm_card_chargeDeclined"), _pay(desk, "pay-2", "pm_card_chargeDeclined")

    assert first.status == second.status == 402
    assert first.body == second.body
    assert desk.event_types().count("charge.failed") == 1


def test_a_key_belongs_to_one_request(desk: Desk) -> None:
    _pay(desk, "pay-3")

    with pytest.raises(stripe.IdempotencyError):
        desk.v1.payment_intents.create({"amount": 701, "currency": "gbp"}, {"idempotency_key": "pay-3"})
    with pytest.raises(stripe.IdempotencyError):
        desk.v1.customers.create({}, {"idempotency_key": "pay-3"})
    assert len(desk.v1.payment_intents.list().data) == 1


def test_a_request_that_was_never_carried_out_leaves_its_key_free(desk: Desk) -> None:
    refused = _pay(desk, "pay-4", more="&bogus=1")

    assert (refused.status, refused.error["param"]) == (400, "bogus")
    assert _pay(desk, "pay-4").status == 200


def test_a_key_in_use_is_409(desk: Desk) -> None:
    with desk.server.application.keys.hold("pay-5"):
        busy = _pay(desk, "pay-5")

    assert (busy.status, busy.error["code"]) == (409, "idempotency_key_in_use")
    assert _pay(desk, "pay-5").status == 200


def test_concurrent_requests_with_one_key_make_one_charge(desk: Desk) -> None:
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: _pay(desk, "pay-6"), range(16)))

    assert {reply.status for reply in replies} <= {200, 409}
    assert len({reply.body["id"] for reply in replies if reply.status == 200}) == 1
    assert len(desk.v1.charges.list().data) == 1


def test_keys_outlive_the_process(tmp_path: Path) -> None:
    first_run = start(tmp_path / "state.sqlite")
    first = _pay(first_run, "pay-7")
    first_run.server.stop()
    second_run = start(tmp_path / "state.sqlite")
    second = _pay(second_run, "pay-7")
    second_run.server.stop()

    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.body == first.body
