"""Text messages and letters to several addresses: once each, within the limit of a number, and failures said."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.accounts.letters import Letter, LetterChannel, Purpose
from chalicelib.cases.messages import Delivery
from chalicelib.cases.texting import MOST_A_DAY, MOST_WARNINGS
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import Unavailable
from tests.cases.builders import NOON, Desk
from tests.cases.newsmakers import an_account

ADA, BOB = "+447700900123", "+447700900456"


def a_code(account_id: str, object_id: str = "ver_1", **given: Any) -> Letter:
    base = {
        "name": "identity/code", "object_id": object_id, "account_id": account_id, "at": NOON, "to": ADA,
        "purpose": Purpose.SECURITY, "channel": LetterChannel.SMS, "facts": {"minutes": 10}, "secret": True,
    }  # fmt: skip
    return Letter.model_validate(base | given)


def deliver(desk: Desk, letter: Letter) -> tuple[Delivery | None, Item]:
    """What became of the letter, and its item afterwards."""
    desk.letters.send(letter)
    (item,) = [item for item in desk.items("A#") if item.get("delivery") == "queued"]
    outcome = desk.notice_outbox.deliver(item)
    (after,) = [found for found in desk.items(item["pk"]) if found["sk"] == item["sk"]]
    return outcome, after


def test_a_code_goes_by_text_message_and_is_kept_nowhere(case_desk: Desk) -> None:
    outcome, item = deliver(case_desk, a_code(an_account(case_desk)))
    ((number, text),) = case_desk.phones.sent
    assert (outcome, number) == (Delivery.SENT, ADA)
    assert text.startswith("code of ver_1 is your Billing Service Desk code.")
    assert "code of" not in str(case_desk.items())
    assert item["delivery"] == "sent"


def test_a_text_message_speaks_the_customers_language(case_desk: Desk) -> None:
    deliver(case_desk, a_code(an_account(case_desk, language="cy-GB")))
    assert "yw eich cod" in case_desk.phones.sent[0][1]


def test_a_number_gets_no_more_than_its_share_of_a_day_whatever_the_account(case_desk: Desk) -> None:
    accounts = [an_account(case_desk), an_account(case_desk)]
    outcomes = [deliver(case_desk, a_code(accounts[n % 2], f"ver_{n}"))[0] for n in range(MOST_A_DAY + 1)]
    assert outcomes == [Delivery.SENT] * MOST_A_DAY + [Delivery.FAILED]
    assert len(case_desk.phones.sent) == MOST_A_DAY
    case_desk.clock.tick(24 * 3600)
    assert deliver(case_desk, a_code(accounts[0], "ver_tomorrow"))[0] is Delivery.SENT
    assert ADA not in str(case_desk.items("SMS#"))


def test_codes_do_not_use_up_what_a_warning_needs(case_desk: Desk) -> None:
    account = an_account(case_desk)
    assert [deliver(case_desk, a_code(account, f"ver_{n}"))[0] for n in range(MOST_A_DAY + 1)][-1] is Delivery.FAILED
    facts = {"cooling_until_at": "2026-11-05T09:00:00Z"}
    warning: dict[str, Any] = {"name": "identity/contact_changed", "secret": False, "facts": facts}
    outcomes = [deliver(case_desk, a_code(account, f"chg_{n}", **warning))[0] for n in range(MOST_WARNINGS + 1)]
    assert outcomes == [Delivery.SENT] * MOST_WARNINGS + [Delivery.FAILED]


def test_what_the_service_did_not_take_is_not_counted(case_desk: Desk) -> None:
    case_desk.phones.answer = Unavailable("away")
    case_desk.letters.send(a_code(an_account(case_desk)))
    (item,) = [item for item in case_desk.items("A#") if item.get("delivery") == "queued"]
    for _ in range(MOST_A_DAY):
        with pytest.raises(Unavailable):
            case_desk.notice_outbox.deliver(item)
    case_desk.phones.answer = None
    assert case_desk.notice_outbox.deliver(item) is Delivery.SENT


def test_a_dead_number_is_said(case_desk: Desk) -> None:
    case_desk.phones.dead.add(ADA)
    outcome, item = deliver(case_desk, a_code(an_account(case_desk)))
    assert (outcome, item["failure"]) == (Delivery.FAILED, "bad_address")


def test_a_letter_to_several_addresses_is_sent_when_it_reached_one(case_desk: Desk) -> None:
    account = an_account(case_desk, "new@example.com")
    facts = {"cooling_until_at": "2026-11-05T09:00:00Z"}
    case_desk.phones.dead.add(ADA)
    change: dict[str, Any] = {"name": "identity/contact_changed", "secret": False, "facts": facts}
    assert deliver(case_desk, a_code(account, **change, also=(BOB,)))[0] is Delivery.SENT
    assert [number for number, _ in case_desk.phones.sent] == [BOB]
    mail = {**change, "channel": LetterChannel.MAIL, "to": "old@example.com", "also": ("older@example.com",)}
    assert deliver(case_desk, a_code(account, **mail))[0] is Delivery.SENT
    assert [to for to, _ in case_desk.post.sent] == ["old@example.com", "older@example.com"]


def test_a_letter_can_stand_in_the_transaction_of_what_it_is_about(case_desk: Desk) -> None:
    letter = a_code(an_account(case_desk))
    case_desk.table.transact([case_desk.letters.queued(letter)])
    assert case_desk.letters.send(letter) is False
