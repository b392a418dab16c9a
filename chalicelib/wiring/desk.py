"""Cases and mail: what customers ask, what is answered, and what news of money does."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chalicelib import wiring
from chalicelib.platform import aws
from chalicelib.platform.clock import new_ulid, utc_now
from chalicelib.platform.config import settings

if TYPE_CHECKING:
    from chalicelib.accounts.letters import Letter
    from chalicelib.cases.inbox import Inbox
    from chalicelib.cases.incidents import Incidents
    from chalicelib.cases.letter_words import LetterWords
    from chalicelib.cases.mailbox import Mailbox
    from chalicelib.cases.messages import MailSender, Texts
    from chalicelib.cases.notice_outbox import NoticeOutbox
    from chalicelib.cases.notice_words import NoticeWords
    from chalicelib.cases.outbox import Outbox
    from chalicelib.cases.post import DeskPost
    from chalicelib.cases.service import Cases
    from chalicelib.cases.store import CaseStore
    from chalicelib.cases.texting import Texting
    from chalicelib.cases.whose import Whose
    from chalicelib.cases.work import Work
    from chalicelib.education.post import HeardPost
    from chalicelib.intake.service import Intake
    from chalicelib.payments.news import Newsroom, Newsrooms
    from chalicelib.policy.model import Ruling


@cache
def case_store() -> CaseStore:
    from chalicelib.cases.store import CaseStore

    return CaseStore(wiring.table(), settings().queue_shards)


@cache
def case_mailbox() -> Mailbox:
    from chalicelib.cases.mailbox import Mailbox

    return Mailbox(wiring.case_store())


@cache
def case_texts() -> Texts:
    from chalicelib.cases.gateway import BucketTexts

    return BucketTexts(aws.s3(), settings().mail_bucket)


@cache
def cases() -> Cases:
    from chalicelib.cases.service import Cases

    return Cases(wiring.case_store(), wiring.accounts(), wiring.case_texts(), utc_now, new_ulid)


@cache
def case_work() -> Work:
    from chalicelib.cases.work import Work

    return Work(wiring.case_store(), wiring.case_texts(), utc_now, new_ulid)


@cache
def case_inbox() -> Inbox:
    from chalicelib.cases.inbox import Inbox
    from chalicelib.cases.routing import MAIL_ROUTING, RoutingRules

    def routing(day: date) -> Ruling[RoutingRules]:
        return wiring.policies().on(MAIL_ROUTING, day)

    return Inbox(
        wiring.case_store(), wiring.case_mailbox(), wiring.case_texts(), new_ulid, wiring.address_marks(), routing
    )  # fmt: skip


@cache
def whose() -> Whose:
    from chalicelib.cases.whose import Whose

    return Whose(wiring.case_store())


@cache
def mail_sender() -> MailSender:
    from chalicelib.cases.gateway import SesSender

    return SesSender(aws.ses(), settings().mail_from, settings().mail_configuration_set)


@cache
def notice_words() -> NoticeWords:
    from chalicelib.cases.notice_words import NoticeWords

    def number_of(invoice_id: str) -> str | None:
        bill = wiring.billing_store().invoice(invoice_id)
        return bill.number if bill else None

    return NoticeWords(number_of, ZoneInfo(settings().time_zone))


@cache
def letter_words() -> LetterWords:
    from chalicelib.cases.letter_words import LetterWords

    return LetterWords(ZoneInfo(settings().time_zone), wiring.letter_secrets)


def letter_secrets(letter: Letter) -> dict[str, str]:
    """The words of a secret letter, made anew from what it is about."""
    from chalicelib.identity.verification import CODE_LETTER, code_of

    if letter.name == CODE_LETTER:
        return {"code": code_of(wiring.mail_key(), letter.object_id)}
    raise ValueError(f"nobody knows the secret words of {letter.name}")


@cache
def post() -> HeardPost:
    """Where every domain sends its letters; those who write guides, and the workspace, hear of
    them."""
    from chalicelib.education.post import HeardPost
    from chalicelib.workspace.told import ToldStore

    return HeardPost(wiring.desk_post(), (wiring.guide_occasions().queued, ToldStore(wiring.table()).queued))


@cache
def desk_post() -> DeskPost:
    from chalicelib.cases.notices import NoticeStore
    from chalicelib.cases.post import DeskPost
    from chalicelib.platform.telemetry import count

    return DeskPost(NoticeStore(wiring.table()), utc_now, count)


@cache
def case_outbox() -> Outbox:
    from chalicelib.cases.outbox import Outbox

    known = settings()
    return Outbox(
        wiring.case_store(), wiring.case_mailbox(), wiring.accounts(), wiring.case_texts(), wiring.mail_sender(),
        wiring.notice_words(), utc_now, new_ulid,
        sender_address=known.mail_from, mail_domain=known.mail_domain, mail_key=wiring.mail_key(),
        interlock=wiring.collection_gate(), recipients=wiring.recipients(),
    )  # fmt: skip


@cache
def notice_outbox() -> NoticeOutbox:
    from chalicelib.cases.notice_outbox import NoticeOutbox
    from chalicelib.cases.notices import NoticeStore

    known = settings()
    mailbox = known.mail_from.partition("@")[0]
    return NoticeOutbox(
        NoticeStore(wiring.table()), wiring.accounts(), wiring.notice_words(), wiring.letter_words(),
        wiring.mail_sender(), utc_now, sender_address=known.mail_from, reply_to=f"{mailbox}@{known.mail_domain}",
        texting=wiring.texting(), interlock=wiring.collection_gate(), recipients=wiring.recipients(),
        listed=wiring.letter_list(), optional=wiring.optional_letters(),
        sent=wiring.sent_letters(),
    )  # fmt: skip


@cache
def texting() -> Texting:
    from chalicelib.cases.gateway import SnsTexts
    from chalicelib.cases.texting import Texting, TextLimit

    return Texting(SnsTexts(aws.sns()), TextLimit(wiring.table(), wiring.mail_key))


@cache
def newsroom() -> Newsrooms:
    from chalicelib.payments.news import Newsrooms

    return Newsrooms((wiring.incidents(), *wiring.news_listeners()))


def news_listeners() -> tuple[Newsroom, ...]:
    """Who hears of money beside the cases, in this order."""
    return (wiring.plan_follower(), wiring.guide_occasions())


@cache
def incidents() -> Incidents:
    from chalicelib.cases.incidents import Incidents
    from chalicelib.cases.notices import NoticeStore
    from chalicelib.platform.telemetry import count

    return Incidents(wiring.case_store(), NoticeStore(wiring.table()), wiring.accounts(), utc_now, new_ulid, count)


@cache
def intake() -> Intake:
    from email.utils import parseaddr

    from chalicelib.intake.gateway import AccountCustomers, S3MailBucket
    from chalicelib.intake.service import Intake
    from chalicelib.intake.store import Acknowledgements

    known, key = settings(), wiring.mail_key()
    own_address = parseaddr(known.mail_from)[1].lower()
    return Intake(
        S3MailBucket(aws.s3(), known.mail_bucket), wiring.case_inbox(), AccountCustomers(wiring.accounts()),
        Acknowledgements(wiring.table(), utc_now, key), known.mail_domain, own_address, key, wiring.sent_letters(),
        wiring.mail_rules,
    )  # fmt: skip
