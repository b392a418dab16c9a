"""The recorded mails, played in their order through the door, each held against what the manifest expects of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.accounts.model import Account, AccountKind, Profile
from chalicelib.accounts.store import AccountStore
from chalicelib.audit.model import Actor, entry
from chalicelib.cases.messages import Message
from chalicelib.intake.parse import parse_mail
from chalicelib.intake.service import EmptyMail, Outcome
from chalicelib.platform.dynamo import Key
from chalicelib.wiring import case_inbox, case_store, intake, table
from tests.harness import ENVIRONMENT, create_desk, forget_cached
from tests.house import recorded
from tests.intake.mails import announced, notification

MAILS = sorted((r for r in recorded.ROWS if r["door"] == "mail" and not r.get("template")), key=lambda r: r["order"])
Row = dict[str, Any]


@pytest.fixture(scope="module")
def played() -> Iterator[dict[str, Outcome | None]]:
    """What became of each mail, by file; None when it was refused."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        forget_cached()
        create_desk()
        for account in recorded.ACCOUNTS:
            _open(account)
        yield {row["file"]: _deliver(row) for row in MAILS}
    forget_cached()


def _open(row: Row) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    account = Account(
        **Profile.model_validate(row).model_dump(), account_id=row["account_id"], account_number=row["account_number"],
        kind_of_customer=AccountKind(row["kind"]), currency=row["currency"], created_at=at, updated_at=at,
    )  # fmt: skip
    opened = entry(f"aud_{row['account_id']}", f"A#{row['account_id']}", "account.created", Actor("t", "t"), at, {}, {})
    AccountStore(table()).create(account, opened)


def _deliver(row: Row) -> Outcome | None:
    key = f"mail/{row['order']}"
    boto3.client("s3").put_object(Bucket=ENVIRONMENT["MAIL_BUCKET"], Key=key, Body=recorded.raw(row))
    note = notification(key, message_id=key, source=row["mail_from"], verdicts=row.get("verdicts"))
    try:
        first, *_ = [intake().receive(announced(note)) for _ in range(row.get("repeats", 1))]
    except EmptyMail:
        return None
    return first


def _message(case_id: str, rfc_message_id: str | None) -> Message:
    page = table().query(Key("pk").eq(f"C#{case_id}"))
    (item,) = [found for found in page.items if found.get("rfc_message_id") == rfc_message_id]
    return Message.model_validate(item)


@pytest.mark.parametrize("row", [r for r in MAILS if r["expect"] == "case"], ids=lambda row: str(row["file"]))
def test_it_opens_a_case(played: dict[str, Outcome | None], row: Row) -> None:
    outcome = played[row["file"]]
    assert outcome is not None
    assert outcome.what == "opened"
    case = case_store().get(outcome.case_id or "")
    assert case is not None
    assert case.account_id == row["account_id"]
    assert row["subject"] in {None, case.subject}
    _holds(case.case_id, row)


@pytest.mark.parametrize("row", [r for r in MAILS if r["expect"] == "thread"], ids=lambda row: str(row["file"]))
def test_it_continues_a_case(played: dict[str, Outcome | None], row: Row) -> None:
    outcome, first = played[row["file"]], played[row["thread_of"]]
    assert outcome is not None
    assert first is not None
    assert (outcome.what, outcome.case_id) == ("appended", first.case_id)
    _holds(outcome.case_id or "", row)


@pytest.mark.parametrize(
    "row", [r for r in MAILS if r["expect"].startswith("ignored")], ids=lambda row: str(row["file"])
)
def test_it_is_counted_alone(played: dict[str, Outcome | None], row: Row) -> None:
    assert played[row["file"]] == Outcome({"auto": "automatic", "bounce": "bounced"}[row["expect"].split(":")[1]])
    mail = parse_mail(recorded.raw(row))
    assert case_inbox().case_of_message_id(mail.message_id or "") is None
    assert list(mail.bounced_recipients) == row.get("bounced_recipients", [])


@pytest.mark.parametrize("row", [r for r in MAILS if r["expect"] == "parked"], ids=lambda row: str(row["file"]))
def test_it_is_refused(played: dict[str, Outcome | None], row: Row) -> None:
    assert played[row["file"]] is None


def _holds(case_id: str, row: Row) -> None:
    """The message of a mail has its words, without history and card numbers, and its files."""
    message = _message(case_id, parse_mail(recorded.raw(row)).message_id)
    assert row.get("text_includes", "") in message.text
    assert not row.get("text_excludes") or row["text_excludes"] not in message.text
    assert not any(secret in message.text for secret in row.get("must_not_store", []))
    assert {file.name for file in message.attachments} >= set(row.get("attachments", []))
