"""Whom mail may go to, and what is told of mail that was sent."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.platform.clock import new_ulid

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.cases.files import CaseFiles
    from chalicelib.cases.letter_list import LetterList
    from chalicelib.cases.mail_events import MailEvents
    from chalicelib.cases.mail_pages import MailPages
    from chalicelib.cases.mail_policy import MailRules
    from chalicelib.cases.merging import CaseMerges
    from chalicelib.cases.notices import NoticeStore
    from chalicelib.cases.optional_letters import OptionalLetters
    from chalicelib.cases.recipients import Recipients
    from chalicelib.cases.sent_letters import SentLetters
    from chalicelib.policy.model import Ruling


def mail_rules(day: date) -> Ruling[MailRules]:
    from chalicelib.cases.mail_policy import MAIL_POLICY

    return wiring.policies().on(MAIL_POLICY, day)


@cache
def case_files() -> CaseFiles:
    from chalicelib.cases.files import CaseFiles
    from chalicelib.cases.gateway import BucketLinks
    from chalicelib.platform import aws
    from chalicelib.platform.clock import utc_now
    from chalicelib.platform.config import settings
    from chalicelib.platform.telemetry import count

    links = BucketLinks(aws.s3_links(), settings().mail_bucket)
    return CaseFiles(wiring.case_store(), links, utc_now, new_ulid, count)


@cache
def case_merges() -> CaseMerges:
    from chalicelib.cases.merging import CaseMerges
    from chalicelib.platform.clock import utc_now
    from chalicelib.platform.telemetry import count

    return CaseMerges(wiring.case_store(), utc_now, new_ulid, count)


@cache
def mail_pages() -> MailPages:
    from chalicelib.cases.mail_pages import MailPages

    return MailPages(wiring.case_files(), wiring.case_texts())


@cache
def recipients() -> Recipients:
    from chalicelib.cases.recipients import Recipients

    return Recipients(wiring.table(), wiring.mail_key, wiring.mail_rules, new_ulid)


@cache
def letter_list() -> LetterList:
    from chalicelib.cases.letter_list import LetterList

    return LetterList(wiring.table())


@cache
def notice_store() -> NoticeStore:
    from chalicelib.cases.notices import NoticeStore

    return NoticeStore(wiring.table())


@cache
def sent_letters() -> SentLetters:
    from chalicelib.cases.sent_letters import SentLetters
    from chalicelib.platform.telemetry import count

    return SentLetters(wiring.notice_store(), wiring.letter_list(), (wiring.returned_reminders(),), count)


@cache
def optional_letters() -> OptionalLetters:
    from functools import partial

    from chalicelib.accounts.preferences_store import PreferenceStore
    from chalicelib.cases.optional_letters import OptionalLetters
    from chalicelib.platform.config import settings

    told = partial(PreferenceStore(wiring.table()).of, consistent=True)
    api_url = settings().api_url.rstrip("/") or f"https://api.{settings().mail_domain}"
    return OptionalLetters(told, api_url, wiring.mail_key())


@cache
def mail_events() -> MailEvents:
    from chalicelib.cases.mail_events import MailEvents

    marks, inbox = wiring.address_marks(), wiring.case_inbox()
    return MailEvents(wiring.recipients(), wiring.accounts(), marks, inbox, wiring.sent_letters())
