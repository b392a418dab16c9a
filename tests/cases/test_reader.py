"""Mail as its reader needs it: in large print, in Welsh, at the address that is for it; and when it comes back."""

from __future__ import annotations

import email
from dataclasses import replace
from email import policy
from email.message import EmailMessage

import pytest

from chalicelib.accounts.store import head_key
from chalicelib.cases.messages import Delivery
from chalicelib.platform.dynamo import Update
from tests.cases.builders import ADVISOR, Desk
from tests.cases.newsmakers import an_account, paid
from tests.cases.test_inbox import MAIL, REPLY


def told(desk: Desk, account_id: str) -> tuple[str, EmailMessage]:
    """To whom the receipt goes, and the mail."""
    desk.incidents.tell(paid(account_id))
    (queued,) = [item for item in desk.items("A#") if item["kind"] == "message"]
    assert desk.notice_outbox.deliver(queued) is Delivery.SENT
    ((to, raw),) = desk.post.sent
    return to, email.message_from_bytes(raw, policy=policy.default)


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize(("formats", "size"), [([], "16px"), (["large_print"], "16pt")])
def test_large_print_reaches_receipts(case_desk: Desk, formats: list[str], size: str) -> None:
    account_id = an_account(case_desk, "ada@example.com")
    case_desk.table.write(Update(*head_key(account_id), set={"formats": formats}))
    assert f"font-size: {size}" in html_of(told(case_desk, account_id)[1])


def test_large_print_and_welsh_reach_the_mail_of_cases(case_desk: Desk) -> None:
    account_id = an_account(case_desk, "ada@example.com")
    case_desk.table.write(Update(*head_key(account_id), set={"formats": ["large_print", "welsh"]}))
    case_desk.inbox.receive_mail(replace(MAIL, account_id=account_id))
    (queued,) = case_desk.queued()
    assert case_desk.outbox.deliver(queued) is Delivery.SENT
    ((_, raw),) = case_desk.post.sent
    html = html_of(email.message_from_bytes(raw, policy=policy.default))
    assert 'lang="cy"' in html
    assert "font-size: 16pt" in html


def test_a_receipt_goes_to_the_address_for_bills(case_desk: Desk) -> None:
    account_id = an_account(case_desk, "ada@example.com", "books@example.com")
    details = {"ada@example.com": {"roles": ["service"]}, "books@example.com": {"roles": ["billing"]}}
    case_desk.table.write(Update(*head_key(account_id), set={"contact_details": details}))
    assert told(case_desk, account_id)[0] == "books@example.com"


@pytest.mark.parametrize("deliveries", [1, 3])
def test_an_address_whose_mail_came_back_is_remembered(case_desk: Desk, deliveries: int) -> None:
    account_id = an_account(case_desk, "ada@example.com", "second@example.com")
    case_desk.inbox.receive_mail(replace(MAIL, account_id=account_id))
    case_desk.work.answer(MAIL.case_id, "Here is why.", ADVISOR)
    bounce = replace(REPLY, automatic=True, undelivered_to=("Ada@example.com", "stranger@example.com"))
    for _ in range(deliveries):
        case_desk.inbox.receive_mail(bounce)
    points = case_desk.accounts.get(account_id).contact_points
    assert [point.bounced_at for point in points] == [bounce.received_at, None]
