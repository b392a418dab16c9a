"""Numbers of the desk and of the customer's life that look like a card number and are none: all of them stay."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from chalicelib.accounts.finding import account_number
from chalicelib.cases.model import reference_of
from chalicelib.platform.card_runs import luhn
from chalicelib.platform.check_digit import check_digit
from tests.platform.planted import iban

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALPHANUMERIC = string.ascii_letters + string.digits


def _digits(random: Random, count: int) -> str:
    return "".join(random.choice(string.digits) for _ in range(count))


def _id(random: Random, prefix: str, size: int, alphabet: str = _ALPHANUMERIC) -> str:
    return f"{prefix}_" + "".join(random.choice(alphabet) for _ in range(size))


def _fours(random: Random) -> str:
    return " ".join(_digits(random, 4) for _ in range(3))


def _at(random: Random) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=random.randrange(31_000_000))


def _six(random: Random) -> str:
    six = _digits(random, 6)
    return f"{six}{check_digit(six)}"


def _spaced(number: str) -> str:
    return f"{number[:4]} {number[4:7]} {number[7:]}"


def _checked(digits: str) -> str:
    return next(digits + digit for digit in string.digits if luhn(digits + digit))


def _in_fours(digits: str) -> str:
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


KINDS: dict[str, Callable[[Random], str]] = {
    "account": lambda r: account_number(r.randrange(10**9)),
    "account in groups": lambda r: _spaced(account_number(r.randrange(10**9))),
    "invoice": lambda r: f"NWT-{_six(r)}",
    "invoice of Stripe": lambda r: f"{_digits(r, 8)}-{r.randrange(10**4):04}",
    "invoice by month": lambda r: f"INV-2026-{r.randrange(1, 13):02}-{_digits(r, 6)}",
    "case": lambda r: reference_of(_id(r, "case", 26, _CROCKFORD)),
    "payment": lambda r: _id(r, "pay", 26, _CROCKFORD),
    "payment intent": lambda r: _id(r, "pi", 24),
    "charge": lambda r: _id(r, "ch", 24),
    "customer at Stripe": lambda r: _id(r, "cus", 14),
    "IBAN": iban,
    "IBAN in one": lambda r: iban(r).replace(" ", ""),
    "sort code and account": lambda r: f"{_digits(r, 2)}-{_digits(r, 2)}-{_digits(r, 2)} {_digits(r, 8)}",
    "phone": lambda r: f"+44 7700 900{_digits(r, 3)}",
    "phone abroad": lambda r: f"+49 151 {_digits(r, 8)}",
    "phone without plus": lambda r: f"0049 30 {_digits(r, 7)}",
    "order": lambda r: f"Order {_digits(r, 12)}",
    "parcel of Royal Mail": lambda r: f"RM{_digits(r, 9)}GB",
    "parcel of UPS": lambda r: f"1Z{_digits(r, 16)}",
    "parcel of DHL": lambda r: f"JJD00{_digits(r, 15)}",
    "parcel of USPS": lambda r: f"9400 1{_digits(r, 3)} {_fours(r)} {_digits(r, 2)}",
    "electricity meter": lambda r: f"1{_digits(r, 1)} {_digits(r, 4)} {_digits(r, 4)} {_digits(r, 3)}",
    "EAN": lambda r: f"978{_digits(r, 10)}",
    "SIM": lambda r: f"8944{_digits(r, 15)}",
    "SIM in groups": lambda r: _in_fours(_checked(f"8944{_digits(r, 14)}")),
    "SIM in groups with a digit more": lambda r: _in_fours(_checked(f"8949{_digits(r, 14)}") + _digits(r, 1)),
    "SIM card of twenty": lambda r: _in_fours(_checked(f"8944{_digits(r, 15)}")),
    "IMEI": lambda r: f"35{_digits(r, 13)}",
    "IMEI in groups": lambda r: re.sub(r"(..)(.{6})(.{6})(.)", r"\1-\2-\3-\4", _checked(f"35{_digits(r, 12)}")),
    "IMEISV": lambda r: f"IMEI/SV 35{_digits(r, 14)}",
    "IMEISV in groups": lambda r: f"35-{_digits(r, 6)}-{_digits(r, 6)}-{_digits(r, 2)}",
    "IMEI list": lambda r: "\n".join(f"{n}. {_checked('35' + _digits(r, 12))}" for n in range(1, 4)),
    "accounts by line": lambda r: "\n".join(_spaced(account_number(r.randrange(10**9))) for _ in range(3)),
    "times": lambda r: " ".join(f"{r.randrange(10, 24)}:{_digits(r, 2)}" for _ in range(6)),
    "days": lambda r: " ".join(f"{_at(r):%Y-%m-%d}" for _ in range(4)),
    "German mobile without plus": lambda r: f"4915{_digits(r, 9)}",
    "VAT id": lambda r: f"GB{_digits(r, 9)}",
    "creditor id": lambda r: f"DE{_digits(r, 2)}ZZZ{_digits(r, 11)}",
    "instant": lambda r: f"{_at(r):%Y-%m-%dT%H:%M:%S.000Z}",
    "instant in words": lambda r: f"{_at(r):%d/%m/%Y %H:%M:%S}",
    "epoch": lambda r: f"{int(_at(r).timestamp() * 1000)}",
    "stamp": lambda r: f"{_at(r):%Y%m%d%H%M%S}",
    "UUID": lambda r: str(UUID(int=r.getrandbits(128), version=4)),
    "amounts": lambda r: "\n".join(f"{r.randrange(100)}.{r.randrange(100):02}" for _ in range(8)),
    "amounts in a row": lambda r: " ".join(f"£{r.randrange(1000)}.{r.randrange(100):02}" for _ in range(6)),
    "readings": lambda r: "; ".join(f"{_at(r):%d.%m.}: {r.randrange(10_000)}" for _ in range(5)),
    "postcode and phone": lambda r: f"LS{r.randrange(1, 20)} 4AP, 020 7946 0{_digits(r, 3)}",
}  # fmt: skip


def lookalikes(random: Random) -> Iterator[tuple[str, str]]:
    """Kind and number, by turns and without end."""
    while True:
        for kind, make in KINDS.items():
            yield kind, make(random)
