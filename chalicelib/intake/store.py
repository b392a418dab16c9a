"""How often an address was acknowledged in an hour.

| item          | pk                     | sk       | round trips, units |
| an hour's sum | `ACK#<hash of address>`| `<hour>` | 1, 1 write         |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chalicelib.intake.model import keyed_hash
from chalicelib.platform.clock import Clock, format_instant
from chalicelib.platform.dynamo import Attr, ConditionFailed, Table, Update

AN_HOUR: Final = 5
"""Acknowledgements to one address in an hour: enough for a person, too few for a loop of two machines."""
_KEEP_SECONDS: Final = 7_200


@dataclass(frozen=True)
class Acknowledgements:
    table: Table
    clock: Clock
    key: bytes

    def allow(self, address: str, case_id: str) -> bool:
        """Whether this case may be acknowledged to the address; a repeat for the same case hears what the first one
        heard."""
        now = self.clock()
        first = Attr(case_id).not_exists() & (Attr("allowed").not_exists() | Attr("allowed").lt(AN_HOUR))
        update = Update(
            f"ACK#{keyed_hash(self.key, address)}", format_instant(now)[:13], add={"allowed": 1}, condition=first,
            set={case_id: True, "kind": "acknowledgements", "expires_at": int(now.timestamp()) + _KEEP_SECONDS},
        )  # fmt: skip
        try:
            self.table.write(update)
        except ConditionFailed as standing:
            return case_id in (standing.item or {})
        return True
