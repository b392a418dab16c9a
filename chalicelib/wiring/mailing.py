"""Whom mail may go to, and what is told of mail that was sent."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.platform.clock import new_ulid

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.cases.letter_list import LetterList
    from chalicelib.cases.mail_events import MailEvents
    from chalicelib.cases.mail_policy import MailRules
    from chalicelib.cases.recipients import Recipients
    from chalicelib.policy.model import Ruling


def mail_rules(day: date) -> Ruling[MailRules]:
    from chalicelib.cases.mail_policy import MAIL_POLICY

    return wiring.policies().on(MAIL_POLICY, day)


@cache
def recipients() -> Recipients:
    from chalicelib.cases.recipients import Recipients

    return Recipients(wiring.table(), wiring.mail_key, wiring.mail_rules, new_ulid)


@cache
def letter_list() -> LetterList:
    from chalicelib.cases.letter_list import LetterList

    return LetterList(wiring.table())


@cache
def mail_events() -> MailEvents:
    from chalicelib.cases.mail_events import MailEvents

    return MailEvents(wiring.recipients(), wiring.accounts(), wiring.address_marks(), wiring.case_inbox())
