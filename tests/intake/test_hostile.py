"""Whatever the bytes of a mail are: nothing raises, and what comes out is fit to be stored, logged and sent."""

from __future__ import annotations

import pytest

from chalicelib.intake.mail.files import MAX_NAME
from chalicelib.intake.parse import ParsedMail, parse_mail
from tests.intake.hostile import bodies
from tests.intake.mutations import mutated

SMALL = bodies(20_000)


def assert_fit(mail: ParsedMail) -> None:
    """One line each, no control characters, valid Unicode, names that are safe."""
    lines = [mail.subject, mail.from_name, mail.from_addr or "", mail.reply_to or "", mail.message_id or "", *mail.to]
    assert not any(mark in line for line in [*lines, *mail.references] for mark in "\r\n\0")
    "".join([*lines, mail.text, mail.body_text]).encode()
    assert "\0" not in mail.body_text
    for file in mail.attachments:
        assert 0 < len(file.name.encode()) <= MAX_NAME
        assert not set(file.name) & set("/\\\r\n\0")
        assert file.size == len(file.content)


@pytest.mark.parametrize("seed", range(4))
def test_mutated_mails(seed: int) -> None:
    for mail in mutated(250, seed):
        assert_fit(parse_mail(mail))


@pytest.mark.parametrize("name", SMALL)
def test_hostile_bodies(name: str) -> None:
    assert_fit(parse_mail(SMALL[name]))
