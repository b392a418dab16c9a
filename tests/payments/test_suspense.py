"""Money of nobody known: held once, matched once, sent back; two ledgers that verify, books that sum to nothing."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts.finding import account_number
from chalicelib.accounts.heads import AccountMerged
from chalicelib.accounts.store import head_key
from chalicelib.audit.model import Actor
from chalicelib.billing.ledger import verify
from chalicelib.billing.movements import Book
from chalicelib.payments.model import PaymentStatus
from chalicelib.payments.news import Fact, Topic
from chalicelib.payments.refund import RefundOrder, RefundStatus
from chalicelib.payments.suspense_matches import MatchOrder
from chalicelib.payments.suspense_model import SuspensePayment
from chalicelib.platform.dynamo import Put, Update
from chalicelib.platform.errors import Conflict, NotFound, Unprocessable
from tests.billing.builders import open_account
from tests.harness import Meter
from tests.payments.books import balance_minor, of_account
from tests.payments.conftest import Take
from tests.payments.fakes import a_dispute, a_refund, an_event, an_intent, as_event
from tests.payments.money_desk import MoneyDesk
from tests.tables import Between, Crash, Fragile

HELD = "acc_suspense_gbp"
NUMBER = account_number(123456789)
FINANCE = Actor("sub-finance", "finance.one", "req-7")


@pytest.fixture(autouse=True)
def neighbours(account: str) -> None:
    """The account has a number and a mail address; another account owes nothing, a third pays in euro."""
    table = wiring.table()
    shown = {"account_id": "acc_1", "account_number": NUMBER, "display_name": "Ada", "status": "active"}
    table.write(Put({"pk": f"N#{NUMBER}", "sk": "#", **shown}))
    table.write(Put({"pk": "E#ada@example.com", "sk": "A#acc_1", **shown}))
    open_account(table, "acc_2")
    open_account(table, "acc_eur", "EUR")


@pytest.fixture
def held(money: MoneyDesk) -> SuspensePayment:
    """33.00 with the account's number on it, its last digit wrong."""
    money.events.apply(came())
    return money.suspense.store.existing("pay_pi_foreign")


def came(event_id: str = "evt_1") -> str:
    wrong = str((int(NUMBER[-1]) + 1) % 10)
    hint = f"Broadband {NUMBER[:-1]}{wrong}"
    return an_event(event_id=event_id, amount=3300, amount_received=3300, description=hint)


def match(money: MoneyDesk, account_id: str = "acc_1", *invoices: str, key: str = "one") -> SuspensePayment:
    return money.matches.match(MatchOrder("pay_pi_foreign", account_id, invoices), key, FINANCE)


def books() -> dict[Book, int]:
    """The books over all ledgers, each of which has proven itself; books at zero are left out."""
    sums = Counter[Book]()
    for account_id in (HELD, "acc_1", "acc_2"):
        entries = list(wiring.billing_store().ledger(account_id))
        assert verify(entries) is None
        for posting in (posting for entry in entries for posting in entry.postings):
            sums[posting.book] += posting.amount_minor
    assert sum(sums.values()) == 0
    return {book: minor for book, minor in sums.items() if minor}


BILLED = {Book.REVENUE: -5500, Book.TAX: -1100}


def test_money_of_nobody_is_held_once_and_told_once(money: MoneyDesk, held: SuspensePayment) -> None:
    for event_id in ("evt_1", "evt_2"):
        money.events.apply(came(event_id))
    assert balance_minor(HELD) == -3300
    assert books() == {**BILLED, Book.RECEIVABLE: 6600, Book.CASH: 3300, Book.SUSPENSE: -3300}
    assert held.status is PaymentStatus.SUCCEEDED
    ((waiting,), _) = money.suspense.waiting("GBP", 25, None)
    assert waiting == held
    (news,) = money.listener.told.values()
    assert (news.topic, news.object_id, news.account_id) == (Topic.PAYMENT_UNMATCHED, "pay_pi_foreign", None)
    assert news.fact(Fact.PROPOSAL) == "acc_1 (medium confidence)"


def test_the_proposal_stands_with_the_payment(held: SuspensePayment) -> None:
    best = held.proposal.best
    assert best is not None
    assert (best.account_id, best.invoice_ids) == ("acc_1", ("inv_9",))
    assert held.hints[0].startswith("Broadband")


@pytest.mark.parametrize(
    "clue", [{"receipt_email": "Ada@example.com"}, {"description": "NWT-001002327"}, {"metadata": {"account": "acc_1"}}]
)
def test_accounts_are_found_in_the_books(money: MoneyDesk, clue: dict[str, Any]) -> None:
    money.events.apply(an_event(**clue))
    assert money.suspense.store.existing("pay_pi_foreign").proposal.account_id == "acc_1"


def test_what_comes_by_no_name_is_held_without_a_proposal(money: MoneyDesk) -> None:
    money.events.apply(an_event(description="acc_suspense_gbp acc_gone NWT-7 inv_gone"))
    assert money.suspense.store.existing("pay_pi_foreign").proposal.candidates == ()
    assert next(iter(money.listener.told.values())).facts == {}


def test_a_match_moves_the_money_and_pays_the_oldest_bill(money: MoneyDesk, held: SuspensePayment) -> None:
    mine = match(money)
    assert [(part.invoice_id, part.amount_minor) for part in mine.allocations] == [("inv_9", 3300)]
    assert (balance_minor(HELD), balance_minor()) == (0, 3300)
    assert books() == {**BILLED, Book.RECEIVABLE: 3300, Book.CASH: 3300}
    payment = money.payments.get("pay_pi_foreign")
    assert (payment.account_id, payment.version) == ("acc_1", held.version + 1)
    assert money.payments.of_account("acc_1", 25, None) == ([payment], None)
    assert money.suspense.waiting("GBP", 25, None) == ([], None)
    (audit,) = of_account("U#")
    assert (audit["action"], audit["actor"], audit["request_id"]) == ("payment.matched", "sub-finance", "req-7")
    assert audit["before"]["proposed"] == "acc_1"


def test_the_customer_gets_a_receipt_and_finance_hears_that_it_is_done(money: MoneyDesk, held: SuspensePayment) -> None:
    match(money)
    _, receipt, done = money.listener.told.values()
    assert (receipt.topic, receipt.account_id, receipt.balance_minor) == (Topic.PAYMENT_SUCCEEDED, "acc_1", 3300)
    assert receipt.at == held.settled_at
    assert [(part.invoice_id, part.left_minor) for part in receipt.parts] == [("inv_9", 0)]
    assert (done.topic, done.object_id) == (Topic.PAYMENT_MATCHED, held.payment_id)


def test_a_matched_payment_keeps_nothing_of_its_search(money: MoneyDesk, held: SuspensePayment) -> None:
    mine = match(money)
    assert mine == money.suspense.store.existing(held.payment_id)
    assert (mine.hints, mine.payer_mail, mine.proposal.candidates) == ((), None, ())
    assert mine.match is not None
    assert mine.match.by_name == "finance.one"


def test_chosen_bills_are_paid_first(money: MoneyDesk, held: SuspensePayment) -> None:
    assert [part.invoice_id for part in match(money, "acc_1", "inv_10").allocations] == ["inv_10"]


def test_what_pays_no_bill_is_credit(money: MoneyDesk, held: SuspensePayment) -> None:
    assert match(money, "acc_2").credit_minor == 3300
    assert balance_minor("acc_2") == -3300


def test_money_becomes_no_credit_of_a_merged_account(money: MoneyDesk, held: SuspensePayment) -> None:
    open_account(money.table, "acc_3", status="merged", merged_into="acc_1")
    with pytest.raises(AccountMerged):
        match(money, "acc_3")
    money.table.write(Update(*head_key("acc_1"), set={"status": "merged", "merged_into": "acc_3"}))
    assert match(money).account_id == "acc_1"


def test_a_second_match_is_refused_and_a_repeat_is_not_one(money: MoneyDesk, held: SuspensePayment) -> None:
    first = match(money)
    assert match(money) == first
    for account_id, key in (("acc_2", "one"), ("acc_1", "two"), ("acc_2", "two")):
        with pytest.raises(Conflict, match="matched before"):
            match(money, account_id, key=key)
    assert (balance_minor(HELD), balance_minor()) == (0, 3300)


@pytest.mark.parametrize(
    ("account_id", "invoices", "pointer"),
    [
        ("acc_gone", (), "/account_id"),
        (HELD, (), "/account_id"),
        ("acc_eur", (), "/account_id"),
        ("acc_1", ("inv_9", "inv_none"), "/invoice_ids/1"),
        ("acc_2", ("inv_9",), "/invoice_ids/0"),
    ],
)
def test_money_goes_nowhere_it_cannot(
    money: MoneyDesk, held: SuspensePayment, account_id: str, invoices: tuple[str, ...], pointer: str
) -> None:
    with pytest.raises(Unprocessable) as wrong:
        match(money, account_id, *invoices)
    assert [error.pointer for error in wrong.value.errors] == [pointer]
    assert balance_minor(HELD) == -3300


def test_a_payment_that_never_was_in_suspense_cannot_be_matched(money: MoneyDesk, take: Take) -> None:
    payment = take(500)
    for payment_id in (payment.payment_id, "pay_none"):
        with pytest.raises(NotFound):
            money.matches.match(MatchOrder(payment_id, "acc_2"), "one", FINANCE)


@pytest.mark.parametrize("calls", range(1, 6))
def test_of_two_who_match_at_once_one_wins(money: MoneyDesk, held: SuspensePayment, calls: int) -> None:
    rival = money.on(Between(wiring.table(), calls, lambda: match(money, "acc_2", key="rival")))
    with contextlib.suppress(Conflict):
        match(rival)
    assert sorted((balance_minor(HELD), balance_minor() - 6600, _balance("acc_2"))) == [-3300, 0, 0]
    assert balance_minor(HELD) == 0
    assert books() == {**BILLED, Book.RECEIVABLE: 3300, Book.CASH: 3300}


def _balance(account_id: str) -> int:
    return wiring.invoices().receivables(account_id).balance_minor


@pytest.mark.parametrize("calls", range(1, 6))
def test_what_moves_either_ledger_between_is_counted(
    money: MoneyDesk, held: SuspensePayment, take: Take, calls: int
) -> None:
    other = take(1000)

    def rival() -> None:
        money.events.apply(an_event(other, event_id="evt_2"))
        money.events.apply(an_event(event_id="evt_3", id="pi_other"))

    match(money.on(Between(wiring.table(), calls, rival)))
    assert (balance_minor(HELD), balance_minor()) == (-500, 2300)
    assert books()[Book.CASH] == 4800


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("calls", range(1, 6))
def test_a_match_that_breaks_off_is_finished_by_its_repeat(
    money: MoneyDesk, held: SuspensePayment, calls: int, after: bool
) -> None:
    with contextlib.suppress(Crash):
        match(money.on(Fragile(wiring.table(), calls, after=after)))
    match(money)
    assert (balance_minor(HELD), balance_minor()) == (0, 3300)
    assert money.listener.topics == ["payment_unmatched", "payment_succeeded", "payment_matched"]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("calls", range(1, 12))
def test_money_that_comes_while_the_process_ends_is_held_once(money: MoneyDesk, calls: int, after: bool) -> None:
    with contextlib.suppress(Crash):
        money.on(Fragile(wiring.table(), calls, after=after)).events.apply(came())
    money.events.apply(came())
    assert balance_minor(HELD) == -3300
    assert money.listener.topics == ["payment_unmatched"]


def test_news_of_the_intent_after_the_match_changes_nothing(money: MoneyDesk, held: SuspensePayment) -> None:
    match(money)
    money.events.apply(came("evt_2"))
    assert (balance_minor(HELD), balance_minor()) == (0, 3300)
    assert money.listener.topics == ["payment_unmatched", "payment_succeeded", "payment_matched"]


def test_money_of_nobody_is_sent_back(money: MoneyDesk, held: SuspensePayment) -> None:
    refund = money.refunds.request(RefundOrder(held.payment_id), "back", FINANCE)
    assert refund.status is RefundStatus.SUCCEEDED
    assert balance_minor(HELD) == 0
    assert books() == {**BILLED, Book.RECEIVABLE: 6600}
    assert money.suspense.waiting("GBP", 25, None) == ([], None)
    told = list(money.listener.told.values())[-1]
    assert (told.topic, told.account_id) == (Topic.REFUND_SUCCEEDED, None)


def test_what_has_gone_back_cannot_be_matched_until_it_is_here_again(money: MoneyDesk, held: SuspensePayment) -> None:
    refund = money.refunds.request(RefundOrder(held.payment_id, 300), "back", FINANCE)
    with pytest.raises(Conflict, match="gone back"):
        match(money)
    ours = {"refund_id": refund.refund_id}
    about = a_refund(f"re_{refund.refund_id}", "pi_foreign", 300, "failed", metadata=ours)
    money.events.apply(as_event("refund.failed", about, "evt_2"))
    match(money)
    assert (balance_minor(HELD), balance_minor()) == (0, 3300)
    assert books()[Book.CASH] == 3300


def test_a_refund_after_the_match_is_the_accounts(money: MoneyDesk, held: SuspensePayment) -> None:
    match(money)
    refund = money.refunds.request(RefundOrder(held.payment_id, 300), "back", FINANCE)
    assert refund.account_id == "acc_1"
    assert (balance_minor(HELD), balance_minor()) == (0, 3600)


def test_a_dispute_of_nobodys_money_that_is_lost_takes_it_out_of_suspense(
    money: MoneyDesk, held: SuspensePayment
) -> None:
    for number, status in enumerate(("needs_response", "lost")):
        about = a_dispute("dp_1", "pi_foreign", 3300, status)
        money.events.apply(as_event("charge.dispute.closed", about, f"evt_d{number}", an_intent()["created"] + number))
    assert balance_minor(HELD) == 0
    assert books() == {**BILLED, Book.RECEIVABLE: 6600}
    assert {news.account_id for news in money.listener.told.values()} == {None}


def test_costs(money: MoneyDesk, held: SuspensePayment, meter: Meter) -> None:
    match(money)
    # pointer, old row and new row, audit entry, one entry in each ledger; two units each in one transaction
    assert meter.calls == ["GetItem", "GetItem", "Query", "Query", "TransactWriteItems"]
    assert meter.write_units == 12
