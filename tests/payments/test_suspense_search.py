"""Whose money it may be: what the texts of a payment name, slips of the pen, and what each sign is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.accounts.finding import account_number, is_account_number
from chalicelib.billing.receivables import OpenInvoice, Receivables
from chalicelib.payments.suspense_clues import Named, named, slips
from chalicelib.payments.suspense_model import Confidence, Proposal, kept_hints
from chalicelib.payments.suspense_proposal import Sign
from chalicelib.payments.suspense_search import SuspenseSearch

NUMBER = account_number(123456789)
SLIPPED = f"{(int(NUMBER[0]) + 1) % 10}{NUMBER[1:]}"
serials = st.integers(0, 10**9 - 1)


@dataclass
class Known:
    """The accounts of a small desk; it counts what is read."""

    numbers: dict[str, str] = field(default_factory=dict)
    mails: dict[str, list[str]] = field(default_factory=dict)
    bills: dict[str, tuple[str, str]] = field(default_factory=dict)
    owes: dict[str, Receivables] = field(default_factory=dict)
    reads: int = 0

    def by_number(self, account_number: str) -> str | None:
        self.reads += 1
        return self.numbers.get(account_number)

    def by_mail(self, mail: str) -> Sequence[str]:
        self.reads += 1
        return self.mails.get(mail, [])

    def of_bill(self, id_or_number: str) -> tuple[str, str] | None:
        self.reads += 1
        return self.bills.get(id_or_number)

    def owed(self, account_id: str) -> Receivables | None:
        self.reads += 1
        return self.owes.get(account_id)


def owing(account_id: str, *dues: int, currency: str = "GBP") -> Receivables:
    """An account with one open bill for each sum, `inv_1` the oldest."""
    bills = [
        OpenInvoice(invoice_id=f"inv_{i}", period="2026-10", due_on=date(2026, 11, i), due_minor=due)
        for i, due in enumerate(dues, 1)
    ]
    return Receivables(
        account_id=account_id, currency=currency, balance_minor=sum(dues), open_invoices=tuple(bills), seq=len(bills)
    )


def desk_of(*accounts: Receivables, number: str = NUMBER) -> Known:
    """The first account has this number."""
    return Known(numbers={number: accounts[0].account_id}, owes={each.account_id: each for each in accounts})


def found(known: Known, *hints: str, mail: str | None = None, amount: int = 500) -> Proposal:
    return SuspenseSearch(known).proposal(hints, mail, amount, "GBP")


@given(serials, st.integers(0, 9), st.integers(1, 9))
def test_every_single_wrong_digit_still_proposes_the_account(serial: int, place: int, shift: int) -> None:
    number = account_number(serial)
    wrong = str((int(number[place]) + shift) % 10)
    proposal = found(
        desk_of(owing("acc_1"), number=number), f"Ref: {number[:place]}{wrong}{number[place + 1 :]} thanks"
    )
    assert proposal.account_id == "acc_1"
    assert proposal.candidates[0].reasons == (Sign.SLIP,)


@given(serials, st.integers(0, 8))
def test_every_swap_of_neighbours_still_proposes_the_account(serial: int, place: int) -> None:
    number = account_number(serial)
    swapped = f"{number[:place]}{number[place + 1]}{number[place]}{number[place + 2 :]}"
    assume(swapped != number)
    assert found(desk_of(owing("acc_1"), number=number), swapped).account_id == "acc_1"


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_what_may_have_been_meant_are_account_numbers_and_few(written: str) -> None:
    meant = slips(written)
    assert written not in meant
    assert all(map(is_account_number, meant))
    assert len(meant) <= 19


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        f"A/C{NUMBER}",
        f"{NUMBER[:4]} {NUMBER[4:7]} {NUMBER[7:]}",
        f"acct: {NUMBER[:5]}-{NUMBER[5:]}.",
        f"x\n{NUMBER}\ny",
    ],
)
def test_a_number_is_read_however_it_is_written(text: str) -> None:
    assert named([text]).account_numbers == (NUMBER,)


@pytest.mark.parametrize(
    "text", [f"C{NUMBER}", f"c{NUMBER}", f"{NUMBER}1", f"inv_{NUMBER}", f"{NUMBER[:9]}", "[card ending 4242]"]
)
def test_what_is_no_account_number_is_not_read_as_one(text: str) -> None:
    assert named([text]).account_numbers == ()


def test_ids_and_bill_numbers_are_read() -> None:
    hints = ["pays nwt-001002327, NWT-001002328", "acc_1 inv_1 inv_in_2", "direct-debit"]
    assert named(hints) == Named(("acc_1",), (), ("inv_1", "inv_in_2"), ("NWT-001002327", "NWT-001002328"))


def test_an_exact_number_with_an_exact_amount_is_sure_and_names_the_bill() -> None:
    proposal = found(desk_of(owing("acc_1", 300, 500)), NUMBER)
    (best,) = proposal.candidates
    assert proposal.best == best
    assert (best.invoice_ids, best.confidence) == (("inv_2",), Confidence.HIGH)
    assert best.reasons == (Sign.ACCOUNT, Sign.AMOUNT)


@pytest.mark.parametrize(
    ("hint", "mail", "due", "confidence"),
    [
        (NUMBER, None, 300, Confidence.MEDIUM),
        (NUMBER, "ada@example.com", 300, Confidence.HIGH),
        ("", "Ada@Example.COM", 300, Confidence.MEDIUM),
        ("", "ada@example.com", 500, Confidence.HIGH),
        (SLIPPED, None, 300, Confidence.LOW),
        (SLIPPED, None, 500, Confidence.MEDIUM),
        (SLIPPED, "ada@example.com", 500, Confidence.HIGH),
        ("NWT-7", None, 300, Confidence.MEDIUM),
        ("inv_1", None, 500, Confidence.HIGH),
        ("acc_1", None, 300, Confidence.MEDIUM),
        ("nothing", "not a mail", 500, None),
    ],
)
def test_how_sure_each_sign_is(hint: str, mail: str | None, due: int, confidence: Confidence | None) -> None:
    known = desk_of(owing("acc_1", due))
    known.mails["ada@example.com"] = ["acc_1"]
    known.bills = {"inv_1": ("acc_1", "inv_1"), "NWT-7": ("acc_1", "inv_1")}
    best = found(known, hint, mail=mail).best
    assert (best.confidence if best else None) == confidence


def test_a_named_bill_is_paid_first_and_a_closed_one_is_not_named() -> None:
    known = desk_of(owing("acc_1", 500, 500))
    known.bills = {"inv_2": ("acc_1", "inv_2"), "inv_0": ("acc_1", "inv_0")}
    (best,) = found(known, "inv_2 inv_0").candidates
    assert best.invoice_ids == ("inv_2",)


def test_of_several_equally_good_none_is_proposed_and_five_are_listed() -> None:
    accounts = [owing(f"acc_{i}") for i in range(6)]
    known = desk_of(*accounts)
    known.mails["home@example.com"] = [each.account_id for each in accounts]
    proposal = found(known, mail="home@example.com")
    assert (proposal.account_id, proposal.best) == (None, None)
    assert [each.account_id for each in proposal.candidates] == [f"acc_{i}" for i in range(5)]


def test_the_amount_decides_between_two_of_one_household() -> None:
    known = desk_of(owing("acc_1", 300), owing("acc_2", 500))
    known.mails["home@example.com"] = ["acc_1", "acc_2"]
    proposal = found(known, mail="home@example.com")
    assert proposal.account_id == "acc_2"
    assert [each.account_id for each in proposal.candidates] == ["acc_2", "acc_1"]


def test_an_account_of_another_currency_or_of_nobody_is_no_candidate() -> None:
    known = desk_of(owing("acc_1", 500, currency="EUR"))
    known.mails["ada@example.com"] = ["acc_gone"]
    assert found(known, NUMBER, mail="ada@example.com") == Proposal()


@given(st.lists(st.text("0123456789 -abcCN_", max_size=140), max_size=10))
def test_reads_are_bounded_whatever_the_texts_say(hints: list[str]) -> None:
    known = Known()
    found(known, *hints, mail="ada@example.com")
    assert known.reads <= 3 + 3 + 3 + 1 + 3 * 19 + 12


def test_hints_are_cut_and_card_numbers_hidden_before() -> None:
    hints = kept_hints(("x" * 130 + " 4242424242424242", "same", "same", *map(str, range(20))))
    assert len(hints) == 9
    assert max(map(len, hints)) == 140
    assert "4242424242" not in "".join(hints)
