"""Links to pay by: one payment and one page however often they are asked for, and nothing booked before the event."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.payments.customers import Customers, HolderStore
from chalicelib.payments.hosted import PayLine, Returns
from chalicelib.payments.links import PayLink, PayLinks
from chalicelib.payments.model import PaymentOrder, PaymentStatus
from chalicelib.payments.news import Fact, Topic
from chalicelib.platform.errors import Conflict, Refused, Unavailable, Unprocessable
from chalicelib.platform.money import Money
from tests.billing.builders import an_invoice
from tests.fakes import FixedClock
from tests.payments.conftest import ADVISOR
from tests.payments.fakes import an_event
from tests.payments.money_desk import Listener, MoneyDesk
from tests.payments.wallet import FakeWallet

S = PaymentStatus


@pytest.fixture
def wallet(account: str, monkeypatch: pytest.MonkeyPatch) -> FakeWallet:
    fake = FakeWallet()
    monkeypatch.setattr(wiring, "stripe_gateway", lambda: fake)
    return fake


@pytest.fixture
def money(wallet: FakeWallet, clock: FixedClock, listener: Listener) -> MoneyDesk:
    return MoneyDesk(wiring.table(), wallet, clock, listener)


@pytest.fixture
def links(money: MoneyDesk, wallet: FakeWallet) -> PayLinks:
    customers = Customers(HolderStore(money.table), money.store, wallet)
    returns = Returns("https://desk.example/done", "https://desk.example/back")
    return PayLinks(
        money.payments, money.store, customers, wallet, money.listener, money.clock, lambda each: f"No. {each}",
        returns, {"case_1": "acc_1", "case_2": "acc_2"}.get,
    )  # fmt: skip


def order(amount_minor: int = 4000, *invoices: str) -> PaymentOrder:
    return PaymentOrder("acc_1", Money(amount_minor=amount_minor, currency="GBP"), invoices)


def opened(links: PayLinks, amount_minor: int = 4000, *invoices: str, key: str = "one", **how: bool) -> PayLink:
    return links.open(order(amount_minor, *invoices), key, ADVISOR, **how)


def test_a_link_is_a_payment_that_waits_for_the_customer(links: PayLinks, wallet: FakeWallet, money: MoneyDesk) -> None:
    link = opened(links)
    assert link.payment.status is S.REQUIRES_PAYMENT
    assert money.payments.get(link.payment.payment_id) == link.payment
    (page,) = wallet.pay_pages.values()
    assert page.lines == (PayLine("Bill No. inv_9", 3300), PayLine("Bill No. inv_10", 700))
    assert (page.customer_id, page.currency) == ("cus_acc_1", "GBP")
    assert (page.expires_at - link.payment.created_at).total_seconds() == 23 * 3600
    assert not wallet.intents


@pytest.mark.parametrize(
    ("amount_minor", "invoices", "lines"),
    [
        (3300, ("inv_10",), (PayLine("Bill No. inv_10", 3300),)),
        (
            7000,
            (),
            (
                PayLine("Bill No. inv_9", 3300),
                PayLine("Bill No. inv_10", 3300),
                PayLine("Credit for coming bills", 400),
            ),
        ),
    ],
)
def test_the_page_says_what_is_paid(
    links: PayLinks, wallet: FakeWallet, amount_minor: int, invoices: tuple[str, ...], lines: tuple[PayLine, ...]
) -> None:
    opened(links, amount_minor, *invoices)
    (page,) = wallet.pay_pages.values()
    assert page.lines == lines


def test_many_bills_are_one_line(links: PayLinks, wallet: FakeWallet) -> None:
    for n in range(11, 20):
        wiring.invoices().issue(an_invoice(f"inv_{n}"))
    opened(links, 11 * 3300)
    (page,) = wallet.pay_pages.values()
    assert page.lines == (PayLine("11 open bills", 11 * 3300),)


def test_a_repeat_is_the_same_link(links: PayLinks, wallet: FakeWallet, clock: FixedClock) -> None:
    first = opened(links)
    clock.tick(22 * 3600)
    assert opened(links) == first
    assert opened(links, key="two") != first
    assert len(wallet.pay_pages) == 2


def test_the_money_is_booked_by_the_event_alone(links: PayLinks, money: MoneyDesk) -> None:
    payment = opened(links).payment
    assert money.ledger.receivables("acc_1").balance_minor == 6600
    money.events.apply(an_event(payment))
    assert money.ledger.receivables("acc_1").balance_minor == 2600
    assert money.payments.get(payment.payment_id).status is S.SUCCEEDED


def test_a_used_link_is_not_given_again(links: PayLinks, money: MoneyDesk) -> None:
    payment = opened(links).payment
    money.events.apply(an_event(payment))
    with pytest.raises(Conflict, match="used"):
        opened(links)
    assert money.payments.get(payment.payment_id).status is S.SUCCEEDED


def test_after_a_decline_on_the_page_the_link_is_still_good(links: PayLinks, money: MoneyDesk) -> None:
    first = opened(links)
    money.events.apply(an_event(first.payment, "payment_intent.payment_failed"))
    assert opened(links).page == first.page


def test_an_expired_link_needs_a_new_key(links: PayLinks, clock: FixedClock) -> None:
    opened(links)
    clock.tick(24 * 3600)
    with pytest.raises(Conflict, match="expired"):
        opened(links)


def test_one_key_is_one_order_and_not_that_of_a_payment(links: PayLinks, money: MoneyDesk) -> None:
    link = opened(links)
    with pytest.raises(Conflict, match="another payment"):
        opened(links, 4001)
    taken = money.payments.take(order(), "one", ADVISOR)
    assert taken.payment.payment_id != link.payment.payment_id


def test_when_stripe_is_down_the_same_key_goes_on_later(links: PayLinks, wallet: FakeWallet) -> None:
    wallet.down = 1
    with pytest.raises(Unavailable):
        opened(links)
    assert opened(links).payment.status is S.REQUIRES_PAYMENT
    assert len(wallet.pay_pages) == 1


def test_what_stripe_refuses_ends_the_payment(links: PayLinks, money: MoneyDesk) -> None:
    with pytest.raises(Unprocessable):
        opened(links, 20)
    with pytest.raises(Refused):
        opened(links, 20)
    ((payment,), _) = money.payments.of_account("acc_1", 10, None)
    assert payment.status is S.FAILED


def test_a_repeat_that_stripe_refuses_leaves_the_payment_as_it_is(
    links: PayLinks, wallet: FakeWallet, money: MoneyDesk
) -> None:
    payment = opened(links).payment
    wallet.pay_pages[payment.payment_id] = replace(wallet.pay_pages[payment.payment_id], lines=())
    with pytest.raises(Refused):
        opened(links)
    assert money.payments.get(payment.payment_id).status is S.REQUIRES_PAYMENT


def test_a_mailed_link_is_told_once(links: PayLinks, listener: Listener) -> None:
    link = opened(links)
    assert listener.topics == []
    for _ in range(2):
        opened(links, by_mail=True)
    (news,) = listener.told.values()
    assert (news.topic, news.object_id, news.account_id) == (Topic.PAY_LINK, link.payment.payment_id, "acc_1")
    assert (news.amount_minor, news.currency, news.deadline) == (4000, "GBP", link.page.expires_at)
    assert news.fact(Fact.URL) == link.page.url


def test_a_link_of_a_case_and_its_payment_name_the_case(links: PayLinks, money: MoneyDesk, listener: Listener) -> None:
    link = links.open(replace(order(), case_id="case_1"), "one", ADVISOR, by_mail=True)
    money.events.apply(an_event(link.payment))
    told = {news.topic: news.fact(Fact.CASE_ID) for news in listener.told.values()}
    assert told == {Topic.PAY_LINK: "case_1", Topic.PAYMENT_SUCCEEDED: "case_1"}


@pytest.mark.parametrize("case_id", ["case_2", "case_none"])
def test_a_link_is_of_no_case_but_the_accounts_own(links: PayLinks, wallet: FakeWallet, case_id: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        links.open(replace(order(), case_id=case_id), "one", ADVISOR)
    assert [wrong.pointer for wrong in refused.value.errors] == ["/case_id"]
    assert not wallet.pay_pages
