"""What the texts of a payment may name: accounts and bills by id or number, slips of the pen included. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.accounts.finding import is_account_number

MOST_NAMES: Final = 3
"""How many of each kind are looked up."""
_IDS: Final = re.compile(r"\b(?:acc|inv)_[0-9A-Za-z_]{1,64}")
_ACCOUNT_NUMBERS: Final = re.compile(r"(?<![0-9_])(?<!(?<![/\w])C)[0-9](?:[ .-]?[0-9]){9}(?![0-9A-Z_])", re.IGNORECASE)
"""Ten digits, in groups perhaps; a `C` alone before them makes them the reference of a case, `A/C` does not."""
_BILL_NUMBERS: Final = re.compile(r"(?<![0-9A-Z_-])[0-9A-Z]+(?:-[0-9A-Z]+)+(?![0-9A-Z_-])", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """What the texts name, each once, in the order in which it stands there, at most MOST_NAMES of each."""

    account_ids: tuple[str, ...]
    account_numbers: tuple[str, ...]
    invoice_ids: tuple[str, ...]
    invoice_numbers: tuple[str, ...]


def named(hints: Iterable[str]) -> Named:
    """What the texts name, whether it exists or not; an account number may fail its check digit."""
    text = "\n".join(hints)
    ids = _IDS.findall(text)
    numbers = (re.sub("[^0-9]", "", found) for found in _ACCOUNT_NUMBERS.findall(text))
    bills = (found.upper() for found in _BILL_NUMBERS.findall(text) if re.search("[0-9]", found))
    return Named(
        account_ids=_first(each for each in ids if each.startswith("acc_")),
        account_numbers=_first(numbers),
        invoice_ids=_first(each for each in ids if each.startswith("inv_")),
        invoice_numbers=_first(bills),
    )


def slips(number: str) -> list[str]:
    """The account numbers from which one wrong digit or one swap of neighbours makes `number`; at most 19."""
    return sorted({each for each in _misread(number) if each != number and is_account_number(each)})


def _misread(number: str) -> Iterator[str]:
    for place in range(len(number)):
        for digit in "0123456789":
            yield f"{number[:place]}{digit}{number[place + 1 :]}"
        yield f"{number[:place]}{number[place + 1 : place + 2]}{number[place]}{number[place + 2 :]}"


def _first(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:MOST_NAMES]
