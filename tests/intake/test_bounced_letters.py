"""A letter that comes back as a mail: it belongs to no case, and is looked for among the letters."""

from __future__ import annotations

import pytest

from tests.intake.fakes import Door

_REPORT = (
    "From: mailer-daemon@mx.example\r\nTo: billing@desk.example\r\nSubject: Undelivered mail\r\n"
    "Message-ID: <report@mx.example>\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
    "--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
    "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
    "Final-Recipient: rfc822; ada@example.com\r\nAction: {action}\r\nStatus: {status}\r\n"
    "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ses-1@eu-west-2.amazonses.com>\r\n--b--\r\n"
)


@pytest.mark.parametrize(
    ("action", "status", "told"),
    [("failed", "5.1.1", [("ses-1@eu-west-2.amazonses.com", False)]), ("delayed", "4.4.1", [])],
)
def test_what_came_back_is_looked_for_among_the_letters_and_proves_nothing(
    action: str, status: str, told: list[tuple[str, bool]]
) -> None:
    door = Door()
    door.deliver(_REPORT.format(action=action, status=status).encode(), source="<>")
    assert door.letters.came_back == told
    assert door.cases.received == []
