"""Mails with one card number planted in each, in every disguise that people and mail programs give it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.intake.disguised_files import IN_FILES
from tests.intake.disguises import IN_WORDS
from tests.platform.planted import card

DISGUISES = IN_WORDS | IN_FILES


@dataclass(frozen=True)
class Plant:
    """A mail that holds a card number; `note` is what the notification of it says besides."""

    disguise: str
    number: str
    mail: bytes
    note: dict[str, Any] = field(default_factory=dict)


def plants(random: Random, count: int) -> Iterator[Plant]:
    """Mails by turns in every disguise, each with a number and a Message-ID of its own."""
    names = list(DISGUISES)
    for n in range(count):
        name, number = names[n % len(names)], card(random)
        mail = DISGUISES[name](random, number)
        if b"Message-ID: <one@mail.example>" in mail:
            mail = mail.replace(b"<one@mail.example>", f"<m{n}.{random.randrange(16**6):06x}@mail.example>".encode(), 1)
        if name != "absence":  # that one is of a customer whom we know, and is listed with the account
            mail = mail.replace(b"Ada Lovelace <ada@example.com>", f"Ada Lovelace <ada{n}@example.com>".encode(), 1)
        yield Plant(name, number, mail, {"verdicts": {"spam": "FAIL"}} if name == "quarantined" else {})
