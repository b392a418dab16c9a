"""Files of messages through HTTP: short links, shown only when content proves them, held when no scan does."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from chalicelib.cases.messages import Forwarding
from chalicelib.cases.store import entry_item
from chalicelib.intake.mail.sniffing import sniffed
from chalicelib.platform.dynamo import Put
from chalicelib.wiring import case_files, case_inbox
from tests.harness import ENVIRONMENT, HttpDesk
from tests.intake.mails import multipart
from tests.intake.test_jobs import ADA, deliver, put

PNG = "\x89PNG\r\n\x1a\n".encode("latin-1")
PAGE = "<script>alert(1)</script>"


@pytest.fixture
def account_id(desk: HttpDesk) -> str:
    return str(desk.call("POST", "/v1/accounts", ADA, role="admin").json["account_id"])


def mailed(desk: HttpDesk, **verdicts: str) -> tuple[str, dict[str, Any]]:
    """The address of the files of a mail with an image, a page that calls itself one, and a PDF; and its line."""
    part = 'Content-Type: image/png; name="{}"\r\n\r\n{}'
    pdf = 'Content-Type: application/octet-stream; name="bill ä.pdf"\r\n\r\n%PDF-1.7'
    words = "Content-Type: text/plain\r\n\r\nSee these"
    content = multipart(words, part.format("a.png", "@PNG@"), part.format("b.png", PAGE), pdf)
    assert deliver(put(content.replace(b"@PNG@", PNG), verdicts=verdicts)) == []
    case_id = case_inbox().case_of_message_id("one@mail.example")
    [line] = desk.call("GET", f"/v1/cases/{case_id}/timeline").json["items"][:1]
    return f"/v1/cases/{case_id}/messages/{line['entry_id']}/attachments", line


def test_a_link_shows_what_content_proves_and_saves_the_rest(desk: HttpDesk, account_id: str) -> None:
    url, line = mailed(desk)
    assert [(file["number"], file["content_type"], file["held"]) for file in line["attachments"]] == [
        (1, "image/png", False), (2, "application/octet-stream", False), (3, "application/pdf", False),
    ]  # fmt: skip
    opened = [desk.call("GET", f"{url}/{n}", role="customer", account_id=account_id).json for n in (1, 2, 3)]
    assert [(file["content_type"], file["disposition"]) for file in opened] == [
        ("image/png", "inline"), ("application/octet-stream", "attachment"), ("application/pdf", "inline"),
    ]  # fmt: skip
    asked = parse_qs(urlsplit(opened[2]["url"]).query)
    assert asked["X-Amz-Expires"] == ["120"]
    assert asked["response-content-disposition"] == ["inline; filename*=UTF-8''bill%20%C3%A4.pdf"]
    assert asked["response-content-type"] == ["application/pdf"]
    key = urlsplit(opened[0]["url"]).path.split("/attachments/")[1]
    stored = boto3.client("s3").get_object(Bucket=ENVIRONMENT["MAIL_BUCKET"], Key=f"attachments/{key}")
    assert stored["Body"].read().startswith(PNG[:4])


def test_each_opening_is_in_the_audit_of_the_case(desk: HttpDesk, account_id: str) -> None:
    url, _ = mailed(desk)
    assert desk.call("GET", f"{url}/1").status == 200
    trail = desk.call("GET", f"{url.split('/messages/')[0]}/audit", role="supervisor").json["items"]
    assert [(entry["action"], entry["after"]["file"][-7:]) for entry in trail] == [("attachment.opened", "1/a.png")]


def test_nobody_opens_files_of_others_or_files_that_are_not_there(desk: HttpDesk, account_id: str) -> None:
    url, _ = mailed(desk)
    assert desk.call("GET", f"{url}/1", role="customer", account_id="acc_other").status == 404
    case = url.split("/messages/", maxsplit=1)[0]
    for wrong in (f"{url}/0", f"{url}/4", f"{url}/x", f"{url}/²", f"{case}/messages/msg_none/attachments/1"):
        assert desk.call("GET", wrong).status == 404, wrong


@pytest.mark.parametrize("status", ["GRAY", "PROCESSING_FAILED", "DISABLED"])
def test_what_no_scan_proves_is_held_until_a_supervisor_releases_it(
    desk: HttpDesk, account_id: str, status: str
) -> None:
    url, line = mailed(desk, virus=status)
    assert [file["held"] for file in line["attachments"]] == [True, True, True]
    assert desk.call("GET", f"{url}/1").status == 409
    assert desk.call("POST", f"{url}/1/releases", role="advisor").status == 403
    for _ in range(2):
        released = desk.call("POST", f"{url}/1/releases", role="supervisor")
        assert (released.status, released.json["held"]) == (200, False), released.text
    assert desk.call("GET", f"{url}/1").status == 200
    assert desk.call("GET", f"{url}/2").status == 409
    trail = desk.call("GET", f"{url.split('/messages/')[0]}/audit", role="supervisor").json["items"]
    assert [entry["action"] for entry in trail] == ["attachment.opened", "attachment.released"]


@pytest.mark.parametrize(
    ("content", "declared", "kind"),
    [
        (PNG, "text/html", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/png", "image/jpeg"),
        (b"RIFF1234WEBP", "image/webp", "image/webp"),
        (b"1234567 WEBP", "image/webp", "application/octet-stream"),
        (b"<svg onload=x>", "image/svg+xml", "application/octet-stream"),
        (PAGE.encode(), "application/pdf", "application/octet-stream"),
        (b"MZ\x90", "application/pdf", "application/vnd.microsoft.portable-executable"),
        (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"PK\x03\x04", "image/png", "application/zip"),
        (b"name;amount", "text/csv", "text/csv"),
        (b"", "application/pdf", "application/octet-stream"),
    ],
)  # fmt: skip
def test_content_says_what_a_file_is(content: bytes, declared: str, kind: str) -> None:
    assert sniffed(content, declared) == kind


def test_customers_see_no_files_of_what_a_colleague_passed_on(desk: HttpDesk, account_id: str) -> None:
    url, line = mailed(desk)
    case_id = url.split("/")[3]
    sk, message = case_files().find(case_id, line["entry_id"])
    passed_on = message.model_copy(update={"forwarded": Forwarding(by="bob@firm.example", dated="", said="ours")})
    case_files().store.table.write(Put(entry_item(passed_on, sk)))
    timeline = f"/v1/cases/{case_id}/timeline"
    seen = [desk.call("GET", timeline, role=role, account_id=account_id if role == "customer" else None).json["items"]
            for role in ("advisor", "customer")]  # fmt: skip
    assert [len(lines[0]["attachments"]) for lines in seen] == [3, 0]
    assert desk.call("GET", f"{url}/1").status == 200
    assert desk.call("GET", f"{url}/1", role="customer", account_id=account_id).status == 404
