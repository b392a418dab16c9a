"""The queue of Stripe's events: each record stands alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.payments import jobs
from tests.payments.conftest import Take
from tests.payments.fakes import an_event

pytestmark = pytest.mark.usefixtures("stripe")


def deliver(*bodies: str) -> list[str]:
    """The message ids that are to be delivered again."""
    event = {
        "Records": [{"messageId": f"m{i}", "body": body, "eventSource": "aws:sqs"} for i, body in enumerate(bodies)]
    }
    answer: Any = jobs.process_stripe_events(event, None)
    return [failed["itemIdentifier"] for failed in answer["batchItemFailures"]]


def test_a_batch_with_repeats_and_garbage_fails_for_the_garbage_alone(take: Take) -> None:
    body = an_event(take(4000))
    assert deliver(body, "garbage", body, '{"id": 7}', body, an_event(event_id="evt_2"), body, body) == ["m1", "m3"]
    assert wiring.invoices().receivables("acc_1").balance_minor == 2600


def test_counters_are_written_as_metrics(take: Take, capsys: pytest.CaptureFixture[str]) -> None:
    deliver(an_event(take(4000)), an_event(event_id="evt_2"), "garbage")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    counted = {name: line[name] for line in lines for name in line if name in COUNTERS}
    assert counted == {"PaymentsSucceeded": [1.0], "PaymentsUnmatched": [1.0], "RecordsFailed": [1.0]}


COUNTERS = {"PaymentsSucceeded", "PaymentsUnmatched", "RecordsFailed"}


def test_a_failed_record_is_logged_without_what_was_in_it(account: str, caplog: pytest.LogCaptureFixture) -> None:
    deliver(an_event(event_id="evt_9", amount="ada@example.com"))
    assert "not a payment intent that can be read: amount" in caplog.text
    assert "ada@example.com" not in caplog.text
