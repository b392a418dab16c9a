"""Which numbers a mail names, however they are written, and what is none."""

from __future__ import annotations

import pytest

from chalicelib.accounts.finding import account_number
from chalicelib.cases.model import reference_of
from chalicelib.cases.reading import Place, Reference, ReferenceKind
from chalicelib.intake.references import MOST, find_references

ACCOUNT = account_number(482_019_337)
CASE = reference_of("case_01M6GG8HXXY3CSJ72Y8ZGD4THN")
PAYMENT = "pay_ABCDEFGHIJKLMNOPQRSTUVWXYZ"
A, B, C = ACCOUNT[:4], ACCOUNT[4:7], ACCOUNT[7:]
SPACED = f"{A} {B} {C}"


def found(text: str) -> list[tuple[str, str]]:
    return [(each.kind.value, each.value) for each in find_references("", text, text, ())]


@pytest.mark.parametrize(
    "text",
    [
        f"My account is {ACCOUNT}.", SPACED, f"{A}-{B}-{C}", f"{A}.{B}.{C}", f"{A}\u00a0{B}\u2013{C}",
        f"{A}\r\n{B} {C}",
        f"> number {A}\n> {B}{C}", f"(A/C {ACCOUNT})", f"no{'.'}{ACCOUNT},", f"on 3 {SPACED}", f"{SPACED} 12 Nov",
        " ".join(ACCOUNT),
    ],
)  # fmt: skip
def test_an_account_number_is_found_however_it_is_grouped(text: str) -> None:
    assert found(text) == [("account", ACCOUNT)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        (f"[{CASE}] Re: My bill", "case", CASE), (CASE.lower(), "case", CASE),
        (f"C {CASE[1:5]} {CASE[5:]}", "case", CASE),
        ("bill NWT-001002327", "invoice", "NWT-001002327"), ("NWT 001 002 327", "invoice", "NWT-001002327"),
        ("nwt-001002327", "invoice", "NWT-001002327"), ("NWT-001\n002327", "invoice", "NWT-001002327"),
        ("NWT001002327", "invoice", "NWT-001002327"), ("A1B2C3D4-0007", "invoice", "A1B2C3D4-0007"),
        ("abc\u20130001", "invoice", "ABC-0001"), (PAYMENT.lower(), "payment", PAYMENT),
    ],
)  # fmt: skip
def test_cases_invoices_and_payments_are_found(text: str, kind: str, value: str) -> None:
    assert found(text) == [(kind, value)]


@pytest.mark.parametrize("place", range(10))
def test_a_slip_of_one_digit_is_not_mended(place: int) -> None:
    wrong = ACCOUNT[:place] + str((int(ACCOUNT[place]) + 1) % 10) + ACCOUNT[place + 1 :]
    assert found(f"account {wrong}") == []
    assert found(f"case C{wrong}") == []


@pytest.mark.parametrize(
    "text",
    [
        f"+44 {ACCOUNT}", f"+44{ACCOUNT}", f"(+49) {ACCOUNT}", f"0{ACCOUNT}", f"x{ACCOUNT}", f"{ACCOUNT}a",
        f"GB29 NWBK 6016 {SPACED}", f"{A} {B}{C}1 1234", f"4111 {SPACED} 123", "NWT-001002328", "2026-1234",
        "12-3456-7890",
        "20:15 on 03.04.2026", f"{PAYMENT}X", "pay_short",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_number_of_ours_is_none(text: str) -> None:
    assert found(text) == []


def test_a_number_is_named_once_with_every_place_where_it_stands() -> None:
    mail = f"I pay for {ACCOUNT}."
    assert find_references(f"Re: {CASE}", mail, f"{mail}\n> NWT-001002327", [f"bill_{ACCOUNT}.pdf", "1.pdf"]) == (
        Reference(kind=ReferenceKind.CASE, value=CASE, places=(Place.SUBJECT,)),
        Reference(kind=ReferenceKind.ACCOUNT, value=ACCOUNT, places=(Place.TEXT, Place.ATTACHMENT)),
        Reference(kind=ReferenceKind.INVOICE, value="NWT-001002327", places=(Place.QUOTED,)),
    )


def test_no_more_are_kept_than_a_person_can_look_at() -> None:
    many = ", ".join(account_number(n) for n in range(100))
    assert len(find_references("", many, many, ())) == MOST


@pytest.mark.parametrize("piece", ["1 ", "1", "C 1", "AB-", "-1", "\n>1", f"{ACCOUNT} ", "NWT-001002327 ", "A0-"])
def test_nothing_takes_long(piece: str) -> None:
    long = piece * (1_500_000 // len(piece))
    assert len(find_references(long, long, long, [long])) <= MOST
