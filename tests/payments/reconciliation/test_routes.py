"""Reconciliations through HTTP, and the Lambda that works on them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.payments.reconciliation import jobs
from chalicelib.payments.reconciliation.gateway import LambdaStarter
from chalicelib.payments.reconciliation.jobs import MARGIN_MILLIS, reconcile_payments
from chalicelib.platform import aws
from chalicelib.platform.errors import Unavailable
from chalicelib.wiring import events
from tests.fakes import FixedClock
from tests.harness import HttpAnswer, HttpDesk
from tests.payments.conftest import Take
from tests.payments.fakes import AT, a_refund, an_intent
from tests.payments.reconciliation.listed import ListedStripe

URL = "/v1/reconciliations"
NIGHT = {"time": "2026-11-03T02:15:00Z"}


class Functions:
    """A Lambda service that writes down what it is to call."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def invoke(self, **call: Any) -> None:
        self.asked.append(call)


@pytest.fixture
def functions(monkeypatch: pytest.MonkeyPatch) -> Functions:
    fake = Functions()
    monkeypatch.setattr(aws, "functions", lambda: fake)
    return fake


@pytest.fixture
def at_night(monkeypatch: pytest.MonkeyPatch, clock: FixedClock) -> FixedClock:
    """The desk's clock, after what happens in these tests."""
    clock.tick(86_400)
    monkeypatch.setattr(events, "utc_now", clock)
    monkeypatch.setattr(jobs, "utc_now", clock)
    return clock


@pytest.fixture
def office(account: str, stripe: ListedStripe, functions: Functions, at_night: FixedClock, desk: HttpDesk) -> HttpDesk:
    return desk


def ask(office: HttpDesk, key: str = "one", role: str = "finance") -> HttpAnswer:
    return office.call("POST", URL, headers={"Idempotency-Key": key}, role=role)


def test_finance_asks_for_a_run_and_reads_what_came_of_it(
    office: HttpDesk, stripe: ListedStripe, functions: Functions, take: Take
) -> None:
    stripe.says("payment_intent.succeeded", an_intent(take(4000)), AT + 1)
    stripe.moves(4000, an_intent(take(4000)), at=AT + 1)
    stripe.knows(a_refund("re_1", "pi_unknown", 1500))
    answer = ask(office)
    assert (answer.status, answer.json["status"], answer.json["asked_by_name"]) == (202, "running", "finance.one")
    (call,) = functions.asked
    assert (call["FunctionName"], call["InvocationType"]) == ("desk-test-reconcile_payments", "Event")

    reconcile_payments(json.loads(call["Payload"]), None)
    run = office.call("GET", answer.headers["location"], role="finance").json
    assert (run["status"], run["missed_events"], run["repaired"], run["differences"]) == ("finished", 1, 1, 1)
    forty = {"amount_minor": 4000, "currency": "GBP"}
    assert run["cash"] == [{"at_stripe": forty, "in_books": forty}]
    assert office.call("GET", URL, role="admin").json["items"] == [run]
    differences = office.call("GET", f"{answer.headers['location']}/differences", role="finance").json["items"]
    assert differences == [
        {
            "object_id": "re_1",
            "what": "refund",
            "in_books": "nothing",
            "at_stripe": "succeeded, £15.00",
            "account_id": None,
        }
    ]


def test_a_repeat_is_the_same_run_and_another_key_another(office: HttpDesk, functions: Functions) -> None:
    first, second, other = ask(office), ask(office), ask(office, "two")
    assert first.json == second.json
    assert second.headers["idempotency-replayed"] == "true"
    assert other.json["reconciliation_id"] != first.json["reconciliation_id"]
    assert len(functions.asked) == 2


@pytest.mark.parametrize("role", ["customer", "advisor", "supervisor"])
def test_others_may_not(office: HttpDesk, functions: Functions, role: str) -> None:
    assert ask(office, role=role).status == 403
    assert office.call("GET", URL, role=role).status == 403
    assert functions.asked == []


def test_without_a_key_nothing_is_begun(office: HttpDesk, functions: Functions) -> None:
    assert office.call("POST", URL, role="finance").status == 400
    assert functions.asked == []


@pytest.mark.parametrize("url", [f"{URL}/rec_none", f"{URL}/rec_none/differences"])
def test_a_run_that_is_not_there(office: HttpDesk, url: str) -> None:
    assert office.call("GET", url, role="finance").status == 404


class Context:
    """A Lambda whose time runs out after so many looks at the clock."""

    aws_request_id = "req-1"

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def get_remaining_time_in_millis(self) -> int:
        self.looks -= 1
        return MARGIN_MILLIS + 1 if self.looks >= 0 else MARGIN_MILLIS


def test_the_nightly_call_begins_the_run_of_its_time_and_repeats_go_on_with_it(
    office: HttpDesk, functions: Functions, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = reconcile_payments(NIGHT, Context(3))
    assert (cut["reconciliation_id"], cut["status"]) == ("rec_20261103T0215", "running")
    assert [json.loads(call["Payload"]) for call in functions.asked] == [{"reconciliation_id": "rec_20261103T0215"}]
    done = reconcile_payments(NIGHT, Context(999))
    assert (done["reconciliation_id"], done["status"]) == ("rec_20261103T0215", "finished")
    assert '"ReconciliationsFinished":[1.0]' in capsys.readouterr().out.replace(" ", "")


def test_called_by_hand_with_nothing_it_reconciles_now(office: HttpDesk) -> None:
    assert reconcile_payments({}, None)["reconciliation_id"] == "rec_20261103T0900"


def test_a_lambda_service_that_does_not_answer_is_unavailable(cloud: None) -> None:
    with pytest.raises(Unavailable):
        LambdaStarter(aws.functions(), "no-such-function").start("rec_1")
