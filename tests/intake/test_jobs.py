"""The whole door over the mocked account: a batch of announcements in, cases out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest

from chalicelib.cases import addressing
from chalicelib.cases.model import Case, State
from chalicelib.intake.jobs import receive_mail
from chalicelib.intake.store import AN_HOUR, APART, Acknowledgements, gist
from chalicelib.wiring import case_inbox, case_store, mail_key, table
from tests.fakes import FixedClock
from tests.harness import ENVIRONMENT, HttpDesk, Meter
from tests.intake.mails import announced, multipart, notification, raw

BUCKET = ENVIRONMENT["MAIL_BUCKET"]
RECORDED = Path(__file__).parents[2] / "events" / "mail"
ADA = {
    "name": {"given": "Ada", "family": "Lovelace"}, "emails": ["ada@example.com"], "phones": ["+447700900123"],
    "billing_address": {"line1": "1 High Street", "city": "Leeds", "postal_code": "LS1 4AP", "country": "GB"},
}  # fmt: skip


def put(content: bytes, key: str = "mail/ses-1", **note: Any) -> str:
    boto3.client("s3").put_object(Bucket=BUCKET, Key=key, Body=content)
    return announced(notification(key, **note))


def deliver(*bodies: str) -> list[str]:
    """The ids of the messages that failed."""
    records = [
        {
            "messageId": f"m-{n}", "receiptHandle": "r", "body": body, "attributes": {}, "messageAttributes": {},
            "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:eu-west-2:123456789012:mail",
            "awsRegion": "eu-west-2",
        }
        for n, body in enumerate(bodies)
    ]  # fmt: skip
    return [failed["itemIdentifier"] for failed in receive_mail({"Records": records}, None)["batchItemFailures"]]


def timeline(case_id: str) -> list[dict[str, Any]]:
    page = boto3.client("dynamodb").scan(TableName=ENVIRONMENT["TABLE_NAME"])["Items"]
    return [item for item in page if item["pk"]["S"] == f"C#{case_id}" and item["kind"]["S"] == "message"]


def head(case_id: str) -> Case:
    case = case_store().get(case_id)
    assert case is not None
    return case


def case_of(message_id: str) -> str:
    case_id = case_inbox().case_of_message_id(message_id)
    assert case_id is not None
    return case_id


def test_a_customers_mail_is_a_case_of_the_account(desk: HttpDesk) -> None:
    account_id = desk.call("POST", "/v1/accounts", ADA, role="admin").json["account_id"]
    assert deliver(put(raw())) == []
    case = desk.call("GET", f"/v1/cases/{case_of('one@mail.example')}").json
    assert (case["account_id"], case["verified"], case["queue"], case["channel"], case["subject"]) == (
        account_id, True, "billing", "mail", "My bill",
    )  # fmt: skip


def test_five_deliveries_make_one_case_and_one_acknowledgement(cloud: None) -> None:
    body = put(raw())
    assert deliver(body, body, body) == []
    assert deliver(body, body) == []
    messages = timeline(case_of("one@mail.example"))
    assert sorted(item["direction"]["S"] for item in messages) == ["in", "out"]


def test_the_answer_to_our_mail_lands_in_the_same_case(cloud: None) -> None:
    deliver(put(raw()))
    case_id = case_of("one@mail.example")
    ours = addressing.message_id(case_id, "msg_1", "desk.example", mail_key())
    answer = raw("Thank you.", message_id="<two@mail.example>", in_reply_to=ours)
    assert deliver(put(answer, "mail/ses-2", message_id="ses-2")) == []
    assert case_of("two@mail.example") == case_id
    assert head(case_id).message_count == 2


def test_poison_fails_alone(cloud: None) -> None:
    missing = announced(notification("mail/nowhere"))
    assert deliver("not JSON", put(raw()), missing, put(b"", "mail/empty")) == ["m-0", "m-2", "m-3"]
    assert head(case_of("one@mail.example")).state is State.OPEN


def test_attachments_are_saved_and_never_shown_by_a_browser(cloud: None) -> None:
    part = (
        "Content-Type: text/html\r\nContent-Disposition: attachment; filename*=utf-8''R%C3%A1iteas.html\r\n\r\n<script>"
    )
    deliver(put(multipart("Content-Type: text/plain\r\n\r\nSee file", part)))
    client = boto3.client("s3")
    (found,) = client.list_objects_v2(Bucket=BUCKET, Prefix="attachments/")["Contents"]
    stored = client.get_object(Bucket=BUCKET, Key=found["Key"])
    assert (stored["ContentType"], stored["ContentDisposition"]) == (
        "text/html", "attachment; filename*=UTF-8''R%C3%A1iteas.html",
    )  # fmt: skip


def test_a_mail_of_nobody_we_know_waits_in_triage(desk: HttpDesk) -> None:
    deliver(put(raw(from_=None)))
    case = desk.call("GET", f"/v1/cases/{case_of('one@mail.example')}").json
    assert (case["queue"], case["account_id"], case["verified"]) == ("triage", None, False)


def test_what_taking_in_a_mail_costs(cloud: None, meter: Meter) -> None:
    deliver(put(raw()))
    assert meter.calls.count("PutItem") == 4  # opening message, mark, head, acknowledgement
    assert meter.calls.count("UpdateItem") == 1  # how often the sender was acknowledged
    assert meter.calls.count("Query") == 2  # who the sender is; beside the first writes, once a minute, the policy


def test_every_recorded_mail_is_accounted_for(cloud: None) -> None:
    mails = sorted(RECORDED.glob("*.eml"))
    bodies = [put(path.read_bytes(), f"mail/{n}", message_id=str(n)) for n, path in enumerate(mails)]
    failed = deliver(*bodies)
    assert [mails[int(name.removeprefix("m-"))].name for name in failed] == ["empty.eml"]


def test_an_address_is_acknowledged_so_often_and_no_more(cloud: None, clock: FixedClock) -> None:
    limit = Acknowledgements(table(), clock, b"key")

    def asked(number: int, subject: str = "", address: str = "ada@example.com") -> bool:
        return limit.allow(address, f"case_{number}", subject or f"Thing {chr(97 + number)}")

    assert (asked(0), asked(1), asked(0)) == (True, False, True)  # too soon; a repeat hears what the first one heard
    assert asked(1, address="bob@example.com")
    clock.tick(APART.total_seconds())
    assert not asked(2, "Re: AW: [C1234567890] Thing a (#55)")
    for number in range(2, AN_HOUR + 1):
        assert asked(number)
        clock.tick(APART.total_seconds())
    assert not asked(9)
    clock.tick(3_600)
    assert asked(9)


@pytest.mark.parametrize(
    ("subject", "stays"),
    [
        ("My bill", "my bill"), ("Re: My bill [C1234567890]", "my bill"), ("[Ticket #99] RE: Aw: My  bill", "my bill"),
        ("Re[2]: My bill (case 12)", "my bill"), ("", ""), ("Re: " * 100_000, ""), ("[" * 100_000, ""),
    ],
)  # fmt: skip
def test_what_stays_of_a_subject_that_goes_to_and_fro(subject: str, stays: str) -> None:
    assert gist(subject) == stays


@pytest.mark.parametrize("content", [raw("Bad \ud800".encode("utf-8", "replace")), raw("x" * 90_000)])
def test_long_and_odd_texts_are_stored(cloud: None, content: bytes) -> None:
    assert deliver(put(content)) == []
    assert len(timeline(case_of("one@mail.example"))) == 2
