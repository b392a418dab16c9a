"""What clients put over the mail that is answered, each in its own way and language; the customer's words alone stay.

histories.jsonl: by client, what followed the customer's words, its own words being `Old words`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chalicelib.intake.parse import parse_mail
from tests.intake.mails import raw

OWN = "Please explain the charge."
HISTORIES = [json.loads(line) for line in Path(__file__).with_name("histories.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", HISTORIES, ids=lambda row: str(row["client"]))
def test_history_below_the_words_goes(row: dict[str, str]) -> None:
    kind = "text/html; charset=utf-8" if row.get("kind") == "html" else "text/plain; charset=utf-8"
    content = row["history"].replace("{own}", OWN) if row.get("kind") else f"{OWN}\n\n{row['history']}\n"
    assert parse_mail(raw(content, content_type=kind)).text == OWN


@pytest.mark.parametrize(
    "said",
    [
        "I paid on 3 May 2026 at 10:00.\nYour colleague wrote:\nall is well.",
        "My details:\nName: Ada\nDate: 3 May 2026\nAmount: 12.50",
        "These are the dates:\n3 May 2026\n4 May 2026",
        "On 3 May 2026 I wrote to billing@firm.example and nobody answered me.",
        "No: I did not order it.\nTo: me it looks wrong.",
        "Quoting your terms:\nthe fee is due in June.",
        "## My questions ##\n- one\n- two",
        "Da: ich habe bezahlt.\nEm: nichts.",
        "20.11.2026 10:00, the line was dead:\nnothing worked.",
        "My details:\nName: Ada <ada@example.com>\nSince: 3 May 2026",
        "Your bill of 3 May 2026 says\n| phone | 12.50 |\n| data | 3.00 |",
        "| I wrote this between bars |\n: and this : so",
    ],
)
def test_words_that_look_like_history_stay(said: str) -> None:
    assert parse_mail(raw(said)).text == said


def test_answers_between_quotations_stay() -> None:
    headline = "On Fri, 20 Nov 2026 Desk <d@firm.example> wrote:"
    said = f"Hello\n\n{headline}\n> Which bill?\nThe last one.\n> Which line?\nBoth.\n"
    assert parse_mail(raw(said)).text == "Hello\n\nThe last one.\nBoth."
