"""How often an address was acknowledged in a day, when last, and what about.

| item                         | pk                     | sk      | round trips, units |
| acknowledgements of one day  | `ACK#<hash of address>`| `<day>` | 1, 1 write         |

Two machines that answer each other, whatever they write into their headers, stop by these rules after one exchange:
they answer at once, and they say the same again and again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.intake.model import keyed_hash
from chalicelib.platform.clock import Clock, format_instant
from chalicelib.platform.dynamo import Attr, ConditionFailed, Table, Update

AN_HOUR: Final = 5
"""Acknowledgements to one address in an hour: enough for a person, too few for a loop of two machines."""
APART: Final = timedelta(minutes=5)
"""Between two acknowledgements to one address: a machine answers ours sooner, and hears nothing."""
_KEEP: Final = timedelta(days=2)
_SUBJECT_KEPT: Final = 12
_MOST_SUBJECT: Final = 500
_REPLY: Final = re.compile(
    r"^[\s\d]*(?:(?:re|fwd?|aw|wg|sv|vs|odp|antw|ynt|tr|rv|ateb)\s?(?:\[\d{1,3}\])?\s?:|\[[^\]]*\])", re.IGNORECASE
)
_TAG: Final = re.compile(r"\[[^\]\[]*\]|\([^)(]*\)")
_CHANGING: Final = re.compile(r"\w*\d\w*|[\W_]+")


@dataclass(frozen=True)
class Acknowledgements:
    table: Table
    clock: Clock
    key: bytes

    def allow(self, address: str, case_id: str, subject: str) -> bool:
        """Whether this case may be acknowledged to the address: at most AN_HOUR, APART from the one before, and once a
        day for one subject. A repeat for the same case hears what the first one heard."""
        now, kept = self.clock(), gist(subject)
        if subject.strip() and not kept:
            return False  # nothing but a reply mark and a reference: somebody answers what we wrote
        hour, about = f"h{now:%H}", f"s_{keyed_hash(self.key, kept)[:_SUBJECT_KEPT]}"
        first = Attr(case_id).not_exists() & Attr(about).not_exists()
        few = Attr(hour).not_exists() | Attr(hour).lt(AN_HOUR)
        apart = Attr("last").not_exists() | Attr("last").lte(format_instant(now - APART))
        update = Update(
            f"ACK#{keyed_hash(self.key, address)}", f"{now:%Y-%m-%d}", add={hour: 1}, condition=first & few & apart,
            set={
                case_id: True, about: True, "last": format_instant(now), "kind": "acknowledgements",
                "expires_at": int((now + _KEEP).timestamp()),
            },
        )  # fmt: skip
        try:
            self.table.write(update)
        except ConditionFailed as standing:
            return case_id in (standing.item or {})
        return True


def gist(subject: str) -> str:
    """What stays the same of a subject when machines answer each other: no marks of replies, tags or numbers. Linear
    time for subjects of any length."""
    bare = subject[:_MOST_SUBJECT]
    while (shorter := _REPLY.sub("", bare)) != bare:
        bare = shorter
    return _CHANGING.sub(" ", _TAG.sub(" ", bare)).strip().casefold()
