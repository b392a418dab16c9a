"""How much of what machines write is found, and how little of what people write is taken for it."""

from __future__ import annotations

import json
from pathlib import Path

from chalicelib.intake.parse import parse_mail
from tests.intake.machine_figures import machines
from tests.intake.machines import LIKE_A_MACHINE, absent, returned
from tests.intake.mails import raw

LABELLED = Path(__file__).with_name("labelled.jsonl")
FOUND, FALSE = 0.98, 0.005


def test_nearly_all_automatic_mail_is_found() -> None:
    mails = absent()
    missed = [mail for mail in mails if not parse_mail(mail).is_auto]
    assert len(mails) == 60
    assert len(missed) <= len(mails) * (1 - FOUND), missed


def test_nearly_all_bounces_are_found_with_whom_they_did_not_reach() -> None:
    mails = returned()
    missed = [
        (mail, read.bounced_recipients)
        for mail, to in mails
        if not (read := parse_mail(mail)).is_bounce or read.bounced_recipients != (to,)
    ]
    assert len(mails) == 40
    assert len(missed) <= len(mails) * (1 - FOUND), missed


def test_hardly_anything_that_people_write_is_taken_for_a_machines() -> None:
    lines = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    mails = [raw(line["text"], subject=line["subject"]) for line in lines]
    mails += [raw("Please call me.", subject=subject) for subject in LIKE_A_MACHINE]
    wrong = [mail for mail in mails if (read := parse_mail(mail)).is_auto or read.is_bounce]
    assert len(mails) >= 200
    assert len(wrong) <= len(mails) * FALSE, wrong


def test_of_mail_written_blind_as_much_is_found() -> None:
    """410 mails by who never saw the rules; one half of them was looked at afterwards."""
    shares = {kind: machines(kind) for kind in ("automatic", "bounce", "human")}
    assert shares["automatic"].right >= FOUND * shares["automatic"].count
    assert shares["bounce"].right >= FOUND * shares["bounce"].count
    assert shares["human"].right >= (1 - FALSE) * shares["human"].count
