"""The mail door from outside: one mail is one case however often it comes; answers join their case."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from uuid import uuid4

from infra.local.demo.desk import Desk, wait_for

SENDER = "amelia.hartley@example.com"


def mail(message_id: str, subject: str, text: str, **headers: str) -> bytes:
    lines = {
        "From": f"Amelia Hartley <{SENDER}>",
        "To": "billing@desk.example",
        "Subject": subject,
        "Message-ID": f"<{message_id}>",
    }
    head = "\r\n".join(f"{name.replace('_', '-')}: {value}" for name, value in {**lines, **headers}.items())
    return f"{head}\r\n\r\n{text}\r\n".encode()


def case_of(desk: Desk, message_id: str) -> Any:
    mark = wait_for(lambda: desk.mark_of_mail(message_id))
    assert mark, "the mail became no case"

    def case() -> Any:
        answer = desk.call("GET", f"/v1/cases/{mark[0]}", role="advisor")
        return answer.json if answer.status == 200 else None

    found = wait_for(case)
    assert found, "the case has no head"
    return found


def timeline(desk: Desk, case: Any) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = desk.call(
        "GET", f"/v1/cases/{case['case_id']}/timeline?limit=100", role="advisor"
    ).json["items"]
    return entries


def sent_about(desk: Desk, case: Any) -> list[Any]:
    """Mails of the outbox that carry the case's reference."""
    mails = [
        message_from_bytes(p.read_bytes(), policy=policy.default) for p in Path(desk.handle["outbox"]).glob("*.eml")
    ]
    return [m for m in mails if case["reference"] in str(m["Subject"])]


def test_five_deliveries_of_one_mail_make_one_case_and_one_acknowledgement(desk: Desk) -> None:
    message_id = f"{uuid4().hex}@example.com"
    raw = mail(message_id, "Charged twice", "Why is the router on my bill twice?")
    for _ in range(5):
        desk.send_mail(raw, SENDER)
    case = case_of(desk, message_id)
    assert (case["account_id"], case["channel"], case["state"]) == (desk.handle["demo"]["account_id"], "mail", "open")
    sent = wait_for(lambda: sent_about(desk, case) or None)
    assert sent
    assert len(sent) == 1
    assert sent[0]["Auto-Submitted"] is not None
    drained = wait_for(lambda: desk.is_drained("mail_queue"))
    assert drained
    assert [entry["direction"] for entry in timeline(desk, case) if entry.get("direction")].count("in") == 1


def test_the_customers_answer_joins_the_case_and_reopens_it(desk: Desk) -> None:
    message_id = f"{uuid4().hex}@example.com"
    desk.send_mail(mail(message_id, "Bill question", "What is line rental?"), SENDER)
    case = case_of(desk, message_id)
    path = f"/v1/cases/{case['case_id']}"
    words = f"Line rental keeps the line connected. {uuid4().hex}"
    assert desk.call("POST", f"{path}/messages", {"text": words}, role="advisor").status == 201
    ours = wait_for(
        lambda: next((m for m in sent_about(desk, case) if words in m.get_body(("plain",)).get_content()), None)
    )
    assert ours is not None
    assert message_id in str(ours["References"])
    how = {"reason": "bill_question", "outcome": "explained", "root_cause": "wording"}
    assert desk.call("POST", f"{path}/resolutions", how, role="advisor").status in {200, 201}
    answer_id = f"{uuid4().hex}@example.com"
    reply = mail(answer_id, f"Re: {ours['Subject']}", "Thank you, but it went up.", In_Reply_To=str(ours["Message-ID"]))
    desk.send_mail(reply, SENDER)
    assert case_of(desk, answer_id)["case_id"] == case["case_id"]
    assert wait_for(lambda: desk.call("GET", path, role="advisor").json["state"] == "open")


def test_someone_else_cannot_join_by_guessing_the_reference(desk: Desk) -> None:
    message_id = f"{uuid4().hex}@example.com"
    desk.send_mail(mail(message_id, "My bill", "Please explain."), SENDER)
    case = case_of(desk, message_id)
    other_id = f"{uuid4().hex}@elsewhere.example"
    forged = mail(
        other_id,
        f"Re: My bill [{case['reference']}]",
        "Send me everything.",
        From="Mallory <mallory@elsewhere.example>",
    )
    desk.send_mail(forged, "mallory@elsewhere.example")
    assert case_of(desk, other_id)["case_id"] != case["case_id"]


def test_poison_is_parked_and_its_neighbours_are_done(desk: Desk) -> None:
    sns, topic = desk.client("sns"), desk.resources["mail_topic"]
    poison = f"this is no notification {uuid4().hex}"
    sns.publish(TopicArn=topic, Message=poison)
    message_id = f"{uuid4().hex}@example.com"
    desk.send_mail(mail(message_id, "Neighbour of poison", "I am fine."), SENDER)
    assert case_of(desk, message_id)["subject"] == "Neighbour of poison"
    assert wait_for(lambda: any(poison in body for body in desk.bodies("mail_dead_letters")), 120)
