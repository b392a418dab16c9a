"""Letters of other domains: sent once, in the customer's language, where they are to go, and no secret is kept."""

from __future__ import annotations

import email
from datetime import UTC, datetime
from email import policy
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined
from pydantic import ValidationError

from chalicelib.accounts.letters import Letter, LetterChannel
from chalicelib.cases import letter_words
from chalicelib.cases.letters import templates
from chalicelib.cases.messages import Delivery
from chalicelib.platform.codec import Item
from tests.cases.builders import NOON, Desk
from tests.cases.newsmakers import an_account

WORDS = {
    "letters/test/hello.en.txt.j2": "You owe {{ due }}\n\nBy {{ due_on }}, since {{ seen_at }}.\n"
    "{% for row in rows %}{{ row.part }} on {{ row.part_on }}\n{% endfor %}",
    "letters/test/hello.de.txt.j2": "Offen sind {{ due }}\n\nBis {{ due_on }}, seit {{ seen_at }}.",
    "letters/test/secret.en.txt.j2": "Your code\n\nIt is {{ code }}.",
}


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Templates of these tests beside the true layout."""
    layout = Path(str(templates().get_template("letter.html.j2").filename)).read_text()
    loader = DictLoader({**WORDS, "letter.html.j2": layout})
    made = Environment(loader=loader, undefined=StrictUndefined, autoescape=False)
    monkeypatch.setattr(letter_words, "templates", lambda: made)


def a_letter(account_id: str, **given: object) -> Letter:
    base = {
        "name": "test/hello", "object_id": "thing_1", "account_id": account_id, "at": NOON, "currency": "GBP",
        "facts": {"due_minor": 1250, "due_on": "2026-12-01", "seen_at": "2026-07-01T08:00:00Z"},
        "rows": [{"part_minor": 625, "part_on": "2026-11-01"}, {"part_minor": 625, "part_on": "2026-12-01"}],
    }  # fmt: skip
    return Letter.model_validate(base | given)


def queued(desk: Desk) -> list[Item]:
    return [item for item in desk.items("A#") if item["kind"] == "message"]


def sent(desk: Desk) -> list[tuple[str, str, str]]:
    """Address, subject and text of what has left."""
    found = []
    for to, raw in desk.post.sent:
        mail = email.message_from_bytes(raw, policy=policy.default)
        plain = mail.get_body(("plain",))
        assert plain is not None
        found.append((to, str(mail["Subject"]), plain.get_content()))
    return found


def test_a_letter_speaks_amounts_days_and_times_and_leaves_once(case_desk: Desk) -> None:
    account = an_account(case_desk, "ada@example.com")
    assert case_desk.letters.send(a_letter(account)) is True
    assert case_desk.letters.send(a_letter(account, at=datetime(2026, 11, 3, tzinfo=UTC))) is False
    (item,) = queued(case_desk)
    assert case_desk.notice_outbox.deliver(item) is Delivery.SENT
    assert case_desk.notice_outbox.deliver(item) is None
    ((to, subject, text),) = sent(case_desk)
    assert (to, subject) == ("ada@example.com", "You owe £12.50")
    assert "By 1 December 2026, since 1 July 2026, 09:00." in text
    assert "£6.25 on 1 November 2026" in text
    assert queued(case_desk)[0]["text"].split() == text.split()
    assert case_desk.counted == {"LettersQueued": 1, "LettersRepeated": 1}


def test_a_letter_goes_where_it_says_and_each_place_gets_its_own(case_desk: Desk) -> None:
    account = an_account(case_desk, "new@example.com")
    assert case_desk.letters.send(a_letter(account, to="old@example.com"))
    assert case_desk.letters.send(a_letter(account))
    assert case_desk.letters.send(a_letter(account, occasion="again"))
    for item in queued(case_desk):
        case_desk.notice_outbox.deliver(item)
    assert sorted(to for to, _, _ in sent(case_desk)) == ["new@example.com", "new@example.com", "old@example.com"]


def test_a_secret_letter_is_kept_without_its_secret(case_desk: Desk) -> None:
    account = an_account(case_desk, "ada@example.com")
    case_desk.letters.send(a_letter(account, name="test/secret", secret=True))
    (item,) = queued(case_desk)
    assert case_desk.notice_outbox.deliver(item) is Delivery.SENT
    assert "It is code of thing_1." in sent(case_desk)[0][2]
    assert "code of" not in repr(queued(case_desk))


@pytest.mark.parametrize(
    "wrong",
    [{"currency": None}, {"channel": LetterChannel.SMS}, {"name": "../news/pay_link"}, {"name": "test"}],
)
def test_a_letter_that_cannot_be_written_is_none(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        a_letter("acc_1", **wrong)
