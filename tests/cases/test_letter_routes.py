"""What was sent is shown as it was sent: on the timeline of a case, and letter by letter for an account."""

from __future__ import annotations

from typing import Any

from chalicelib.accounts.letters import Purpose
from chalicelib.cases.messages import Delivery
from tests.cases.builders import ADVISOR, Desk, a_draft
from tests.cases.newsmakers import an_account, failed
from tests.cases.test_mail_events import ADA, record, told
from tests.cases.test_notice_outbox import queued
from tests.cases.test_sent_letters import a_letter
from tests.harness import HttpDesk

BEN = "ben@example.com"


def letter(desk: HttpDesk, account: str, item: Any, **caller: Any) -> Any:
    return desk.call("GET", f"/v1/accounts/{account}/letters/{item['message_id']}", **caller)


def speak(desk: HttpDesk, account: str, language: str) -> None:
    version = desk.call("GET", f"/v1/accounts/{account}").headers["etag"]
    done = desk.call("PATCH", f"/v1/accounts/{account}", {"language": language}, headers={"If-Match": version})
    assert done.status == 200, done.text


def test_a_letter_keeps_its_words_when_the_customers_language_changes(case_desk: Desk, desk: HttpDesk) -> None:
    account = an_account(case_desk, ADA)
    case_desk.letters.send(a_letter(account))
    assert letter(desk, account, queued(case_desk)).json["text"] is None
    case_desk.notice_outbox.deliver(queued(case_desk))
    before = letter(desk, account, queued(case_desk)).json
    speak(desk, account, "de-DE")
    assert letter(desk, account, queued(case_desk)).json == before
    assert (before["state"], before["name"], before["channel"]) == ("sent", "education/reading_a_bill", "mail")
    ((_, raw),) = case_desk.post.sent
    assert f"Subject: {before['subject']}".encode() in raw
    assert "Billing Service Desk" in before["text"]
    assert desk.call("GET", f"/v1/accounts/{account}/timeline").json["items"][0]["title"] == before["subject"]


def test_customers_read_their_own_letters_without_our_reasons(case_desk: Desk, desk: HttpDesk) -> None:
    account = an_account(case_desk, ADA)
    case_desk.letters.send(a_letter(account))
    case_desk.notice_outbox.deliver(queued(case_desk))
    record(case_desk, told())
    item = queued(case_desk)
    assert letter(desk, account, item).json["reason"].startswith("bounced: smtp; 550")
    own = letter(desk, account, item, role="customer", account_id=account)
    assert (own.status, own.json["state"], own.json["reason"]) == (200, "bounced", None)
    assert own.json["text"]
    assert letter(desk, account, item, role="customer", account_id="acc_other").status == 404
    assert letter(desk, account, {"message_id": "msg_none"}).status == 404


def test_what_was_held_and_what_is_secret_is_not_shown(case_desk: Desk, desk: HttpDesk) -> None:
    account = an_account(case_desk, ADA)
    case_desk.letters.send(a_letter(account, purpose=Purpose.MARKETING))
    assert case_desk.notice_outbox.deliver(queued(case_desk)) is Delivery.HELD
    assert letter(desk, account, queued(case_desk)).json["reason"] == "no_consent"
    assert letter(desk, account, queued(case_desk), role="customer", account_id=account).status == 404
    other = an_account(case_desk, BEN)
    secret = {"name": "identity/code", "secret": True, "purpose": Purpose.SECURITY, "facts": {"minutes": 10}}
    case_desk.letters.send(a_letter(other, **secret))
    (item,) = [item for item in case_desk.items(f"A#{other}") if item["kind"] == "message"]
    assert case_desk.notice_outbox.deliver(item) is Delivery.SENT
    shown = letter(desk, other, item).json
    assert (shown["state"], shown["text"]) == ("sent", None)


def test_a_case_shows_subject_and_words_of_its_mails_as_they_left(case_desk: Desk, desk: HttpDesk) -> None:
    account = an_account(case_desk, ADA)
    case_desk.incidents.tell(failed(account))
    (item,) = case_desk.queued()
    case_desk.outbox.deliver(item)
    url = f"/v1/cases/{item['case_id']}/timeline"
    before = [line for line in desk.call("GET", url).json["items"] if line["direction"] == "out"]
    speak(desk, account, "de-DE")
    after = [line for line in desk.call("GET", url).json["items"] if line["direction"] == "out"]
    assert after == before
    assert before[0]["subject"].startswith("Your payment of £50.00 did not go through [")
    assert "£50.00" in before[0]["text"]


def test_an_answer_has_the_subject_under_which_it_left(case_desk: Desk, desk: HttpDesk) -> None:
    case = case_desk.cases.open(a_draft(), ADVISOR)
    case_desk.work.answer(case.case_id, "Here is why.", ADVISOR)
    case_desk.outbox.deliver(case_desk.queued()[0])
    lines = desk.call("GET", f"/v1/cases/{case.case_id}/timeline").json["items"]
    assert (lines[1]["subject"], lines[1]["text"]) == (f"Re: My bill [{case.reference}]", "Here is why.")
