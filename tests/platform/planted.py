"""Card numbers in every disguise that customers and mail programs give them, and the numbers that must stay."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from chalicelib.accounts.finding import account_number
from chalicelib.platform.card_runs import luhn
from chalicelib.platform.check_digit import check_digit

ISSUERS = (
    ("4", 16), ("4", 16), ("4", 19), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16), ("34", 15), ("37", 15),
    ("36", 14), ("3528", 16), ("6011", 16), ("65", 16), ("62", 16), ("62", 17), ("62", 18), ("62", 19),
    ("5018", 16), ("6304", 17), ("6759", 16), ("6759", 18), ("6759", 19), ("2200", 16),
)  # fmt: skip
GLUES = (
    "", " ", "  ", "-", " - ", ".", "/", "\u00a0", "\u2009", "–", "—", "\u200b", "\u200c\u200d", "\u00ad", "\ufeff",
    "_", "·", " | ", "\t", "\n", "\r\n", "\n\n", "\n> ", " \n>> ", "*", "\u2060\u2060",
    " \u2022 ", "\u30fb", "\U000e0101", "\uff0f", "\u2800",
)  # fmt: skip
TAGS = ("</b><b>", "<br>", "<wbr>", "&nbsp;", "</td>\n<td>", '<span style="font-size: 12px">', "&#8203;", "&#x200B;")
SCRIPTS = ("０", "٠", "०", "𝟎")
"""Digit zero, full width, Arabic, Devanagari and mathematical."""


def card(random: Random) -> str:
    """A number as an issuer would draw it."""
    start, length = random.choice(ISSUERS)
    body = start + "".join(random.choice("0123456789") for _ in range(length - len(start) - 1))
    return next(body + digit for digit in "0123456789" if luhn(body + digit))


def disguised(random: Random, digits: str, glues: tuple[str, ...] = GLUES) -> str:
    """The number in groups as people write them, with one glue between, in one of the scripts."""
    size = random.choice([1, 2, 4, 4, 4, 6, 8])
    groups = [digits[at : at + size] for at in range(0, len(digits), size)]
    if random.random() < 0.15:
        cut = random.randrange(3, len(digits) - 3)
        groups = [digits[:cut], digits[cut:]]
    written = random.choice(glues).join(groups)
    if random.random() < 0.2:
        zero = ord(random.choice(SCRIPTS))
        written = written.translate({ord("0") + n: chr(zero + n) for n in range(10)}) if "&" not in written else written
    return written


def plain_digits(text: str) -> str:
    """All digits of a text in one row, whatever stands between them: a number that is in here was not hidden."""
    return "".join(str(int(char)) for char in text if char.isdecimal())


def ours(random: Random) -> Iterator[str]:
    """Numbers of the desk's own and of the customer's life, without end."""
    while True:
        number = account_number(random.randrange(10**9))
        yield f"account {number}"
        yield f"Konto {number[:4]} {number[4:7]} {number[7:]}"
        six = f"{random.randrange(10**6):06}"
        yield f"invoice NWT-{six}{check_digit(six)}"
        yield f"invoice INV-2026-10-{six}"
        yield f"case C{six}123{check_digit(six + '123')}"
        yield f"call me on +44 7700 900{random.randrange(1000):03}"
        yield f"Tel. +49 1512 {random.randrange(10**7):07}"
        yield f"bill of 30/11/2026 over £{random.randrange(10**4)}.{random.randrange(10**2):02}"
        yield f"Order {random.randrange(10**11, 10**12)}"
        yield iban(random)


def iban(random: Random) -> str:
    """A bank account number with right check digits, in groups of four."""
    country, bank, length = random.choice([("DE", "", 22), ("GB", "NWBK", 22), ("FR", "", 27), ("NL", "INGB", 18)])
    account = bank + "".join(random.choice("0123456789") for _ in range(length - 4 - len(bank)))
    numeric = "".join(str(int(char, 36)) for char in f"{account}{country}00")
    whole = f"{country}{98 - int(numeric) % 97:02}{account}"
    return " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))
