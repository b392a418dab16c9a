"""Calendar invitations are told in plain words."""

from __future__ import annotations

import pytest

from chalicelib.intake.mail.invites import spoken
from tests.intake.fakes import Door
from tests.intake.mails import multipart

INVITE = """BEGIN:VCALENDAR\r
METHOD:REQUEST\r
BEGIN:VTIMEZONE\r
DTSTART:19700101T000000\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
DTSTART;TZID=Europe/London:20261201T140000\r
DTEND;TZID=Europe/London:20261201T143000\r
SUMMARY:Call about my bill\\, at last, and about the router that was charged tw\r
 ice\r
ORGANIZER;CN="Ada Lovelace":mailto:ada@example.com\r
LOCATION:Phone\r
END:VEVENT\r
END:VCALENDAR\r
"""
TOLD = (
    "[Invitation: Call about my bill, at last, and about the router that was charged twice,"
    " 2026-12-01 14:00 Europe/London to 2026-12-01 14:30 Europe/London, Phone, from Ada Lovelace]"
)


def test_an_invitation_is_told_after_the_customers_words(door: Door) -> None:
    part = f"Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n{INVITE}"
    door.deliver(multipart("Content-Type: text/plain\r\n\r\nPlease join", part, kind="alternative"))
    (mail,) = door.cases.received
    assert mail.text == f"Please join\n\n{TOLD}"
    assert [file.content_type for file in mail.attachments] == ["text/calendar"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("METHOD:CANCEL\nBEGIN:VEVENT\nSUMMARY:Visit\nDTSTART;VALUE=DATE:20261201\nEND:VEVENT",
         "[Cancelled: Visit, 2026-12-01]"),
        ("BEGIN:VEVENT\nDTSTART:20261201T080000Z\nORGANIZER:MAILTO:ada@example.com\nEND:VEVENT",
         "[Invitation: no title, 2026-12-01 08:00 UTC, from ada@example.com]"),
        ("BEGIN:VEVENT\nDTSTART:tomorrow\nSUMMARY:A\nEND:VEVENT", "[Invitation: A]"),
        ("BEGIN:VEVENT\nSUMMARY:never ended", ""),
        ("no calendar at all", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_odd_invitations(lines: str, told: str) -> None:
    assert spoken(lines.encode()) == told


@pytest.mark.parametrize(
    "piece", [b"BEGIN:VEVENT\n", b"A;" * 50 + b"\n", b'A;x="', b"\n ", b";", b"BEGIN:VEVENT\nEND:VEVENT\n"]
)
def test_long_invitations_are_read_in_no_time(piece: bytes) -> None:
    assert len(spoken(piece * (1_500_000 // len(piece)))) < 10_000


@pytest.mark.parametrize("before", [184, 187, 190])
def test_a_card_number_where_a_title_is_cut_is_not_half_told(door: Door, before: int) -> None:
    titled = INVITE.replace("Call about", "x" * before + "4242424242424242")
    part = f"Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n{titled}"
    door.deliver(multipart("Content-Type: text/plain\r\n\r\nPlease join", part, kind="alternative"))
    (mail,) = door.cases.received
    assert "42424242" not in mail.text
    assert ", 2026-12-01 14:00 Europe/London" in mail.text
