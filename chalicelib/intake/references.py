"""The numbers that a mail names: accounts, invoices, payments and cases, however they are grouped.

A number with a check digit that does not hold is none: a slip is not mended, for it might become somebody else's
number. Nothing here says whose a number is, and no case goes to an account because of one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from chalicelib.cases.reading import Place, Reference, ReferenceKind
from chalicelib.platform.check_digit import check_digit

MOST: Final = 12
"""How many different ones are kept of a mail."""
MAX_READ: Final = 50_000
"""Characters of a text that are looked through."""
_TRIED: Final = 500
"""Places of a text that are looked at more closely."""
_JOIN: Final = r"(?:[ \t.\-\u2010-\u2015\u00a0\u202f]|\r?\n[ \t>]{0,4})"
"""What may stand between two digits of one number: a blank, a dash, a line break with the signs of a quotation."""
_DASH: Final = r"[-\u2010-\u2015]"
_GROUPED: Final = re.compile(_JOIN)
_NEIGHBOUR_BEFORE: Final = re.compile(rf"(?:[0-9]{{3}}|\+[0-9]{{1,3}}|\+[0-9]{{1,3}}\)){_JOIN}?\Z")
_NEIGHBOUR_BEHIND: Final = re.compile(rf"{_JOIN}[0-9]{{3}}")
_LOOK: Final = 12
_UNDERSCORE: Final = re.compile(r"(?<!pay)_", re.IGNORECASE)
"""What stands for a blank in names of files."""


@dataclass(frozen=True)
class _Shape:
    """How a number is written. `pattern` looks ahead, so that what begins within another is found too; its groups are
    the whole and the parts that `value` makes the number of, None when it cannot be one."""

    kind: ReferenceKind
    pattern: re.Pattern[str]
    value: Callable[[Sequence[str]], str | None]
    alone: bool = False
    """Grouped digits are a piece of something longer when more digits stand beside them."""


def _checked(prefix: str, number: str) -> str | None:
    digits = _GROUPED.sub("", number)
    return f"{prefix}{digits}" if check_digit(digits[:-1]) == digits[-1] else None


def _digits(count: int) -> str:
    return rf"([0-9](?:{_JOIN}?[0-9]){{{count - 1}}})(?![0-9A-Za-z])"


_STARTS: Final = r"(?<![0-9A-Za-z_/])"
_SHAPES: Final = (
    _Shape(
        ReferenceKind.PAYMENT,
        re.compile(rf"{_STARTS}(?=pay_([A-Z2-7]{{26}})(?![0-9A-Z_]))", re.IGNORECASE),
        lambda parts: f"pay_{parts[0].upper()}",
    ),
    _Shape(
        ReferenceKind.CASE,
        re.compile(rf"{_STARTS}(?=C{_JOIN}?{_digits(10)})", re.IGNORECASE),
        lambda parts: _checked("C", parts[0]),
    ),
    _Shape(
        ReferenceKind.INVOICE,
        re.compile(rf"{_STARTS}(?=([A-Z]{{3}}(?={_JOIN}?[0-9])|[A-Za-z]{{3}}(?=-)){_JOIN}?{_digits(9)})"),
        lambda parts: _checked(f"{parts[0].upper()}-", parts[1]),
    ),
    _Shape(
        ReferenceKind.INVOICE,
        re.compile(rf"{_STARTS}(?=([0-9A-Z]{{3,12}}){_DASH}([0-9]{{4,7}})(?!{_DASH}|[0-9A-Z_]))", re.IGNORECASE),
        lambda parts: f"{parts[0].upper()}-{parts[1]}" if re.search("[A-Za-z]", parts[0]) else None,
    ),
    _Shape(
        ReferenceKind.ACCOUNT,
        re.compile(rf"(?<![0-9A-Za-z_])(?={_digits(10)})"),
        lambda parts: _checked("", parts[0]),
        alone=True,
    ),
)  # fmt: skip
"""Invoice numbers are the company's own with a check digit, or Stripe's: a prefix and a count of four digits or
more."""


def find_references(subject: str, text: str, body_text: str, names: Sequence[str]) -> tuple[Reference, ...]:
    """Every number that a mail names, in the order in which a reader meets them, each once with its places.

    `text` are the customer's own words, `body_text` all words of the mail, `names` those of its attachments. Never
    raises; time grows with the length of the texts alone."""
    places: dict[tuple[ReferenceKind, str], list[Place]] = {}
    files = "\f".join(_UNDERSCORE.sub(" ", name) for name in names)
    texts = {Place.SUBJECT: subject, Place.TEXT: text, Place.QUOTED: body_text, Place.ATTACHMENT: files}
    for place, within in texts.items():
        for named in _found(within[:MAX_READ]):
            known = places.setdefault(named, [])
            # All words hold the customer's own, too.
            if place not in known and not (place is Place.QUOTED and Place.TEXT in known):
                known.append(place)
    first = islice(places.items(), MOST)
    return tuple(Reference(kind=kind, value=value, places=tuple(where)) for (kind, value), where in first)


def _found(text: str) -> Iterator[tuple[ReferenceKind, str]]:
    """The numbers in a text, in its order; what is a piece of one is not another."""
    taken: list[tuple[int, int, ReferenceKind, str]] = []
    for shape in _SHAPES:
        for match in islice(shape.pattern.finditer(text), _TRIED):
            first, behind = match.start(), max(match.end(group) for group in range(1, len(match.groups()) + 1))
            value = shape.value(match.groups())
            beside = any(first < end and start < behind for start, end, _, _ in taken)
            if value and not beside and not (shape.alone and _is_piece(text, first, behind)):
                taken.append((first, behind, shape.kind, value))
    for _, _, kind, value in sorted(taken):
        yield kind, value


def _is_piece(text: str, first: int, behind: int) -> bool:
    """Whether digits belong to something longer: a bank account, a card, a phone number with its country."""
    before = _NEIGHBOUR_BEFORE.search(text[max(0, first - _LOOK) : first])
    if before and before[0].lstrip().startswith("+"):
        return True
    grouped = _GROUPED.search(text, first, behind)
    return grouped is not None and bool(before or _NEIGHBOUR_BEHIND.match(text, behind))
