"""An answer is shown as it would be sent, and nothing is sent."""

from __future__ import annotations

import email
from email import policy

from chalicelib.cases.letters import html_of
from chalicelib.platform.codec import Item
from tests.cases.builders import ADVISOR, Desk
from tests.cases.test_inbox import MAIL
from tests.harness import HttpDesk

TEXT = "Dear Ada,\n\nit was <b>our</b> mistake. Your card 4111 1111 1111 1111 is safe."


def part(content: bytes, kind: str) -> str:
    found = email.message_from_bytes(content, policy=policy.default).get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def test_a_preview_is_what_is_sent_and_writes_nothing(case_desk: Desk) -> None:
    case_desk.inbox.receive_mail(MAIL)
    before: list[Item] = case_desk.items()
    shown = case_desk.outbox.preview(MAIL.case_id, TEXT)
    assert (case_desk.items(), case_desk.post.sent) == (before, [])
    case_desk.work.answer(MAIL.case_id, TEXT, ADVISOR)
    for item in case_desk.queued():
        case_desk.outbox.deliver(item)
    sent = next(raw for _, raw in case_desk.post.sent if b"Auto-Submitted" not in raw)
    assert part(sent, "plain").strip() == shown.said.text.strip()
    assert part(sent, "html").strip() == html_of(shown.said).strip()
    assert shown.to == "ada@example.com"
    assert "4111" not in shown.said.text
    assert "<b>" not in html_of(shown.said)


def test_who_works_on_cases_previews(desk: HttpDesk) -> None:
    new = {"subject": "My bill", "text": "Why?", "channel": "phone", "requester": "ada@example.com"}
    url = f"/v1/cases/{desk.call('POST', '/v1/cases', new).json['case_id']}/messages/previews"
    shown = desk.call("POST", url, {"text": "Because."}).json
    assert (shown["to"], shown["language"], shown["stopped"]) == ("ada@example.com", "en", None)
    assert "Because." in shown["text"]
    assert "Because." in shown["html"]
    assert len(desk.call("GET", url.replace("messages/previews", "timeline")).json["items"]) == 1
    for role, status in (("customer", 403), ("finance", 403)):
        assert desk.call("POST", url, {"text": "Because."}, role=role).status == status
    assert desk.call("POST", url, {"text": ""}).status == 422
    assert desk.call("POST", "/v1/cases/case_ABSENT/messages/previews", {"text": "x"}).status == 404
