"""What became of an event, looked up on the running desk and held against what the manifest expects."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from infra.local.demo.desk import Desk, wait_for
from infra.local.demo.recording import Played

Row = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """Whether the event was accounted for, what became of it in words, and where to look."""

    ok: bool
    what: str
    link: str = ""


NOTHING = Outcome(False, "nothing happened in time")


def of_mail(desk: Desk, played: Played) -> Outcome:
    expect = played.row["expect"]
    if expect == "parked":
        return _parked(desk, "mail_dead_letters", lambda body: _raw_of(desk, body).strip() == played.content.strip())
    if expect.startswith("ignored"):
        drained = wait_for(lambda: desk.is_drained("mail_queue"))
        return Outcome(
            bool(drained) and desk.mark_of_mail(played.message_id) is None,
            f"{expect.split(':')[1]} mail: no case, no answer",
        )
    mark = wait_for(lambda: desk.mark_of_mail(played.message_id))
    return _case(desk, played, *mark) if mark else NOTHING


def _case(desk: Desk, played: Played, case_id: str, entry_id: str) -> Outcome:
    link = f"/v1/cases/{case_id}"
    case = wait_for(lambda: _read(desk, link))
    if case is None:
        return NOTHING
    entries = desk.call("GET", f"{link}/timeline?limit=100", role="advisor").json["items"]
    wrong = [*_head_faults(desk, played, case), *_text_faults(played.row, entries, entry_id)]
    said = f"{'one more message in case' if played.row['expect'] == 'thread' else 'case'} {case['reference']}"
    return Outcome(not wrong, said + (f"; wrong: {', '.join(wrong)}" if wrong else ""), desk.link(link))


def _head_faults(desk: Desk, played: Played, case: Row) -> Iterator[str]:
    """What of a case is not as the manifest says; a message that continues one must stand where that one stands."""
    row, parent = played.row, played.parent
    if parent:
        mark = desk.mark_of_mail(parent.message_id)
        if mark is None or mark[0] != case["case_id"]:
            yield "the thread"
        return
    if case.get("account_id") != row.get("account_id"):
        yield "the account"
    if row.get("subject") not in {None, case["subject"]}:
        yield "the subject"


def _text_faults(row: Row, entries: list[Row], entry_id: str) -> Iterator[str]:
    own = [entry for entry in entries if entry["entry_id"] == entry_id]
    texts = "\n".join(str(entry.get("text") or "") for entry in entries)
    if len(own) != 1:
        yield "one message"
    if row.get("text_includes", "") not in texts:
        yield "the words"
    if "text_excludes" in row and any(row["text_excludes"] in str(entry["text"]) for entry in own):
        yield "the history cut"
    if not {part["name"] for entry in own for part in entry["attachments"]} >= set(row.get("attachments", [])):
        yield "attachments"
    if any(secret in texts for secret in row.get("must_not_store", [])):
        yield "a card number"


def _read(desk: Desk, link: str) -> Any:
    """The resource, or None while it is not there: the mark of a mail is written before the head of its case."""
    answer = desk.call("GET", link, role="advisor")
    return answer.json if answer.status == 200 else None


def of_contact(desk: Desk, played: Played) -> Outcome:
    expect, row = played.row["expect"], played.row
    if expect == "parked":
        encoded = base64.b64encode(played.content).decode()
        return _parked(
            desk, "contact_failures", lambda body: played.content.decode(errors="replace") in body or encoded in body
        )
    item = wait_for(lambda: _contact(desk, played))
    if item is None:
        return NOTHING
    account = item.get("account_id", {}).get("S")
    if expect == "interaction:no_account" or (account is None and row.get("account_id") is None):
        return Outcome(account is None, "interaction, joined to no account")
    entries = desk.call("GET", f"/v1/accounts/{account}/timeline?limit=100", role="advisor").json["items"]
    times = sum(entry.get("contact_id") == row["contact_id"] for entry in entries)
    said = {"nothing:older": "older record, nothing changed", "interaction:updated": "interaction updated"}
    return Outcome(
        account == row.get("account_id") and times == 1,
        said.get(expect, "one interaction on the timeline"),
        desk.link(f"/v1/accounts/{account}/timeline"),
    )


def _contact(desk: Desk, played: Played) -> dict[str, Any] | None:
    """The stored contact once it knows what this record says; an older record must not have taken its place."""
    item = desk.item(f"X#{played.row['contact_id']}")
    if item is None:
        return None
    stored, sent = item["updated_at"]["S"][:19], str(played.json["LastUpdateTimestamp"])[:19]
    older = played.row["expect"] == "nothing:older"
    return item if (stored > sent if older else stored >= sent) else None


def of_flow(played: Played, answer: Any) -> Outcome:
    flat = isinstance(answer, dict) and all(isinstance(value, str) for value in answer.values())
    known = flat and answer.get("known") == str(played.row["known"]).lower()
    return Outcome(
        bool(known), f"known: {answer.get('known')}, {len(answer)} values" if flat else f"not a flat map: {answer}"
    )


def of_stripe(desk: Desk, played: Played) -> Outcome:
    row = played.row
    if wait_for(lambda: desk.item(f"W#stripe#{row['event_id']}")) is None:
        return NOTHING
    kind, _, state = str(row["expect"]).partition(":")
    if kind == "payment":
        link = f"/v1/payments/{row['payment_id']}"
        seen = wait_for(
            lambda: desk.call("GET", link, role="advisor").json.get("status") in {state, "succeeded"} or None
        )
        return Outcome(bool(seen), f"payment {state}", desk.link(link))
    if kind == "suspense":
        return _suspense(desk, played)
    return Outcome(True, "older state, nothing changed" if kind == "nothing" else f"accepted and kept ({state})")


def _suspense(desk: Desk, played: Played) -> Outcome:
    """The money waits under the id of its payment, and the only case that speaks of it is one for finance."""
    payment_id, amount = f"pay_{played.json['data']['object']['id']}", played.row["amount_minor"]
    link = "/v1/suspense-payments?currency=GBP&limit=100"
    held = [
        item["amount"]["amount_minor"]
        for item in desk.call("GET", link, role="finance").json["items"]
        if item["payment_id"] == payment_id
    ]
    cases = wait_for(lambda: _about(desk, payment_id) or None) or []
    return Outcome(
        held == [amount] and len(cases) == 1, f"{amount / 100:.2f} in suspense, {len(cases)} case", desk.link(link)
    )


def _about(desk: Desk, object_id: str) -> list[Row]:
    """The cases of finance whose first note names an object."""
    cases = desk.call("GET", "/v1/cases?queue=finance&limit=100", role="supervisor").json["items"]
    lines = [
        desk.call("GET", f"/v1/cases/{case['case_id']}/timeline", role="supervisor").json["items"] for case in cases
    ]
    return [case for case, entries in zip(cases, lines, strict=True) if object_id in str(entries[0].get("text"))]


def _parked(desk: Desk, queue: str, mine: Callable[[str], bool]) -> Outcome:
    found = wait_for(lambda: any(mine(body) for body in desk.bodies(queue)), 90)
    return Outcome(bool(found), f"parked in {queue}" if found else "not parked in time")


def _raw_of(desk: Desk, body: str) -> bytes:
    """The mail that an SES notification inside an SNS envelope points to."""
    action = json.loads(json.loads(body)["Message"])["receipt"]["action"]
    stored: bytes = desk.client("s3").get_object(Bucket=action["bucketName"], Key=action["objectKey"])["Body"].read()
    return stored
