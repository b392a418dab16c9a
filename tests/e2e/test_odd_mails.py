"""Every third mail of our own corpus through the door of the running desk: what a person wrote becomes a case, whatever
its bytes are, and the notification of none ends among the dead letters."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from chalicelib.intake.parse import parse_mail
from infra.local.demo.desk import Desk, wait_for
from tests.harness import ROOT

MAILS = ROOT / "tests" / "intake" / "own_mails"
LONGEST_LINE = 998
"""Bytes that SMTP carries on a line (RFC 5321, 4.5.3.1.6); longer ones the door refuses to take."""


def is_carried(mail: bytes) -> bool:
    return max(map(len, mail.splitlines())) <= LONGEST_LINE


def test_every_odd_mail_is_a_case_or_is_counted(desk: Desk) -> None:
    sent = [mail for mail in map(Path.read_bytes, sorted(MAILS.rglob("*.eml"))[::3]) if is_carried(mail)]
    for mail in sent:
        desk.send_mail(mail, f"{uuid4().hex}@example.org")
    assert wait_for(lambda: desk.is_drained("mail_queue"))
    assert [letter for letter in desk.bodies("mail_dead_letters") if "objectKey" in letter] == []
    written = [parsed for parsed in map(parse_mail, sent) if not parsed.is_auto and parsed.message_id]
    lost = [mail.subject for mail in written if not desk.mark_of_mail(mail.message_id or "")]
    assert len(written) > 130
    assert lost == []
