"""Letters that nobody has to get: the link under them, who may make one, what it takes back, and what leaves after."""

from __future__ import annotations

import email
import re
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts.heads import Heads
from chalicelib.accounts.letters import Letter, Purpose
from chalicelib.accounts.preferences import CustomerPreferences
from chalicelib.accounts.preferences_model import Channel, Consent, Preferences, Source, consent_for
from chalicelib.accounts.preferences_store import PreferenceStore
from chalicelib.accounts.store import AccountStore
from chalicelib.cases.messages import Delivery
from chalicelib.cases.unsubscribing import HOLDS, Refusal, read_token, refusal_of, token_of
from chalicelib.platform.dynamo import Table
from chalicelib.wiring import customer_preferences, mail_key
from tests.accounts.test_routes import ADA
from tests.cases.builders import ADVISOR, MAIL_KEY, NOON, Desk
from tests.cases.newsmakers import an_account
from tests.harness import HttpDesk
from tests.tables import Between

TODAY = NOON.date()
LONG = "acc_01JD3Z8Q4N5T6V7W8X9Y0ZABCD"
BUTTON = "List-Unsubscribe=One-Click"


def a_letter(account_id: str, purpose: Purpose = Purpose.EDUCATION, **given: object) -> Letter:
    base = {"name": "education/reading_a_bill", "object_id": "guide_1", "account_id": account_id, "at": NOON}
    return Letter.model_validate(base | {"purpose": purpose} | given)


def deliver(desk: Desk, letter: Letter) -> tuple[Delivery | None, EmailMessage | None]:
    """What became of the letter, and the mail that left."""
    desk.letters.send(letter)
    (item,) = [item for item in desk.items("A#") if item.get("delivery") == "queued"]
    outcome = desk.notice_outbox.deliver(item)
    mails = [email.message_from_bytes(raw, policy=policy.default) for _, raw in desk.post.sent]
    return outcome, mails[-1] if mails else None


def token_in(mail: EmailMessage) -> str:
    return urlsplit(str(mail["List-Unsubscribe"]).strip("<>")).path.rpartition("/")[2]


@pytest.mark.parametrize("purpose", [Purpose.EDUCATION, Purpose.MARKETING])
@pytest.mark.parametrize("language", ["en-GB", "de-DE", "cy-GB"])
def test_the_link_is_in_the_headers_the_text_and_the_page(case_desk: Desk, purpose: Purpose, language: str) -> None:
    account = an_account(case_desk, "ada@example.com", language=language)
    _allow(case_desk, account, purpose)
    outcome, mail = deliver(case_desk, a_letter(account, purpose))
    assert (outcome, mail is not None) == (Delivery.SENT, True)
    assert mail
    assert mail["List-Unsubscribe-Post"] == BUTTON
    link = str(mail["List-Unsubscribe"]).strip("<>")
    assert link.startswith("https://api.desk.example/v1/unsubscriptions/")
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain
    assert html
    assert plain.get_content().splitlines()[-1] == link
    assert f'<a href="{link}">{link}</a>' in html.get_content()
    assert read_token(token_in(mail), MAIL_KEY, TODAY) == Refusal(
        account_id=account, purpose=purpose, language=language[:2], until_on=TODAY + HOLDS
    )


def _allow(desk: Desk, account_id: str, purpose: Purpose) -> None:
    said = Consent(purpose=purpose, channel=Channel.MAIL, is_allowed=True, source=Source.CUSTOMER, at=NOON)
    none = Preferences(account_id=account_id)
    desk.table.transact(PreferenceStore(desk.table).writes(none, none.model_copy(update={"consents": (said,)}), ()))


def test_who_reads_a_letter_here_cannot_unsubscribe_in_the_customers_name(case_desk: Desk) -> None:
    deliver(case_desk, a_letter(an_account(case_desk, "ada@example.com")))
    (kept,) = [item for item in case_desk.items("A#") if item["kind"] == "message"]
    assert "unsubscriptions" not in str(kept)
    assert kept["text"].splitlines()[-1] == "[link]"


@pytest.mark.parametrize("purpose", [Purpose.SERVICE, Purpose.SECURITY])
def test_what_a_customer_has_to_get_bears_no_link(case_desk: Desk, purpose: Purpose) -> None:
    outcome, mail = deliver(case_desk, a_letter(an_account(case_desk, "ada@example.com"), purpose))
    assert outcome is Delivery.SENT
    assert mail
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (None, None)
    assert "unsubscriptions" not in mail.as_string()


def test_the_header_is_one_line_that_every_program_reads(case_desk: Desk) -> None:
    deliver(case_desk, a_letter(an_account(case_desk, "ada@example.com")))
    ((_, raw),) = case_desk.post.sent
    assert re.search(rb"\r\nList-Unsubscribe: <https://[A-Za-z0-9./_-]+>\r\n", raw)
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


def test_a_letter_that_was_written_before_the_customer_said_no_stays_here(case_desk: Desk) -> None:
    account = an_account(case_desk, "ada@example.com")
    outcome, mail = deliver(case_desk, a_letter(account, Purpose.MARKETING))
    assert (outcome, mail) == (Delivery.HELD, None)
    (listed,) = [item for item in case_desk.items("A#") if item["kind"] == "letter"]
    assert listed["state"] == "held"


@given(st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]{1,130}", fullmatch=True))
def test_nobody_makes_a_link(token: str) -> None:
    assert read_token(token, MAIL_KEY, TODAY) is None


@given(st.integers(0, 400), st.sampled_from("ABab01-_="))
def test_a_changed_link_leads_nowhere(at: int, letter: str) -> None:
    token = token_of(refusal_of(LONG, Purpose.EDUCATION, "en", NOON), MAIL_KEY)
    place = at % len(token)
    changed = token[:place] + letter + token[place + 1 :]
    found = read_token(changed, MAIL_KEY, TODAY)
    assert found is None or changed.rstrip("=") == token or found == read_token(token, MAIL_KEY, TODAY)


def test_a_link_fits_a_path_and_holds_for_a_year_with_our_key_alone() -> None:
    refusal = refusal_of(LONG, Purpose.EDUCATION, "en", datetime(2028, 2, 29, 23, 30, tzinfo=UTC))
    token = token_of(refusal, MAIL_KEY)
    assert len(token) <= 128
    assert read_token(token, MAIL_KEY, date(2029, 3, 1)) == refusal
    assert read_token(token, MAIL_KEY, date(2029, 3, 2)) is None
    assert read_token(token, b"another key", date(2028, 3, 1)) is None


@pytest.fixture
def account(desk: HttpDesk) -> str:
    return str(desk.call("POST", "/v1/accounts", ADA).json["account_id"])


def link(account_id: str, at: datetime | None = None, purpose: Purpose = Purpose.EDUCATION) -> str:
    refusal = refusal_of(account_id, purpose, "de", at or datetime.now(UTC))
    return f"/v1/unsubscriptions/{token_of(refusal, mail_key())}"


def allows(account_id: str) -> bool:
    return consent_for(customer_preferences().of(account_id), Purpose.EDUCATION, Channel.MAIL)


def test_looking_at_the_page_changes_nothing_and_it_needs_nothing_from_elsewhere(desk: HttpDesk, account: str) -> None:
    page = desk.call("GET", link(account), role=None)
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Diese Briefe abbestellen" in page.text
    assert not re.search(r"https?://|<script|<style|src=", page.text)
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert account not in page.text
    assert allows(account)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (BUTTON, "application/x-www-form-urlencoded"), (None, "text/plain"),
        ('--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
         "multipart/form-data; boundary=x"),
    ],
)  # fmt: skip
def test_one_click_takes_back_that_one_consent_once(desk: HttpDesk, account: str, body: str | None, kind: str) -> None:
    answers = [desk.call("POST", link(account), body, role=None, headers={"content-type": kind}) for _ in range(3)]
    assert [(answer.status, "Erledigt" in answer.text) for answer in answers] == [(200, True)] * 3
    told = customer_preferences().of(account)
    assert [(c.purpose, c.channel, c.is_allowed, c.source) for c in told.consents] == [
        (Purpose.EDUCATION, Channel.MAIL, False, "customer")
    ]
    (event,), _ = customer_preferences().history(account, 10, None)
    assert (event.is_allowed, event.actor_name) == (False, "customer by mail link")
    trail = desk.call("GET", f"/v1/accounts/{account}/audit", role="supervisor").json["items"]
    assert [e["actor_name"] for e in trail if e["action"] == "preferences.changed"] == ["customer by mail link"]
    assert consent_for(told, Purpose.SERVICE, Channel.MAIL)


def test_other_consents_stay_as_they_are(desk: HttpDesk, account: str) -> None:
    desk.call("POST", link(account, purpose=Purpose.MARKETING), role=None)
    desk.call("POST", link(account), role=None)
    told = customer_preferences().of(account)
    assert {c.purpose for c in told.consents} == {Purpose.EDUCATION, Purpose.MARKETING}
    assert told.version == 2


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_other_link_leads_nowhere_and_does_not_say_why(desk: HttpDesk, account: str, method: str) -> None:
    good = link(account)
    late = link(account, datetime.now(UTC) - timedelta(days=400))
    bad = [good[:-1], good + "A", "/v1/unsubscriptions/x", late, "/v1/unsubscriptions/%00"]
    answers = [desk.call(method, url, role=None) for url in bad]
    assert {answer.status for answer in answers} == {404}
    assert len({answer.json.get("detail") for answer in answers[:-1]}) == 1
    assert allows(account)


def test_the_link_of_an_account_that_is_gone_leads_nowhere(desk: HttpDesk) -> None:
    assert desk.call("POST", link("acc_gone"), role=None).status == 404


def test_who_changes_other_preferences_at_the_same_time_loses_nothing(case_desk: Desk) -> None:
    account = an_account(case_desk, "ada@example.com")

    def preferences(table: Table) -> CustomerPreferences:
        heads = Heads(AccountStore(table), case_desk.clock)
        return CustomerPreferences(PreferenceStore(table), heads, case_desk.new_id, lambda _: None)

    plain = preferences(case_desk.table)
    rival = Between(case_desk.table, 3, lambda: plain.withdraw(account, Purpose.SERVICE, Channel.SMS, ADVISOR))
    assert preferences(rival).withdraw(account, Purpose.EDUCATION, Channel.MAIL, ADVISOR)
    assert {each.purpose for each in plain.of(account).consents} == {Purpose.SERVICE, Purpose.EDUCATION}
