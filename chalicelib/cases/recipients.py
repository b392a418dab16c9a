"""Whom mail may go to: addresses that mail must not go to any more, and how often one address is written to.

| item                         | pk              | sk      | units                           |
| a stopped address            | `STOP#<digest>` | `#`     | 1; 1 read a mail                |
| mails to one address         | `SENT#<digest>` | `<day>` | 1 a mail; for a week            |

A stop holds for the address, whichever account has it: what a mail system or a reader said is true of the address."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.audit.model import Actor, entry
from chalicelib.audit.store import audit_put
from chalicelib.cases.mail_policy import MailRules
from chalicelib.platform.clock import Instant, NewId, format_instant
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Put, Table, Update
from chalicelib.platform.errors import NotFound
from chalicelib.platform.fields import Record, canonical_email
from chalicelib.policy.model import RulesOn

_KEPT: Final = timedelta(days=7)


class StopReason(StrEnum):
    """Why mail to an address was stopped: it cannot arrive, or its reader called it spam."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"


class Stop(Record):
    """An address that gets nothing but security letters, until somebody lifts it. `said` is what the mail system said,
    `event_id` names the mail service's event."""

    address: str
    reason: StopReason
    at: Instant
    said: str = ""
    event_id: str
    lifted_at: Instant | None = None
    lifted_by: str | None = None
    lifted_because: str | None = None

    @property
    def holds(self) -> bool:
        return self.lifted_at is None


@dataclass(frozen=True)
class Recipients:
    """`key` keeps addresses from being read out of the keys of the table."""

    table: Table
    key: Callable[[], bytes]
    rules: RulesOn[MailRules]
    new_id: NewId

    def refuses(self, address: str, message_id: str, now: datetime, *, is_security: bool = False) -> str | None:
        """Why this mail must not go to the address, a word; None when it may, which counts it. A security letter always
        may. The repeat of a message hears what it heard first. One read, one write. Raises Unavailable."""
        if is_security:
            return None
        stop = self.stop_of(address)
        if stop and stop.holds:
            return f"stopped_{stop.reason}"
        return None if self._counted(address, message_id, now) else "too_many_mails"

    def stop_of(self, address: str) -> Stop | None:
        """The newest stop of the address, also one that was lifted."""
        item = self.table.get(self._pk("STOP", address), "#", consistent=True)
        return Stop.model_validate(item) if item else None

    def is_stopped(self, address: str) -> bool:
        """Whether nothing but security letters goes to the address. One read."""
        stop = self.stop_of(address)
        return stop is not None and stop.holds

    def stops_of(self, addresses: Sequence[str]) -> list[Stop]:
        """The newest stop of each, in their order. One round trip."""
        keys = [(self._pk("STOP", address), "#") for address in addresses]
        found = self.table.get_many(keys) if keys else {}
        return [Stop.model_validate(found[key]) for key in keys if key in found]

    def stop(self, stop: Stop) -> bool:
        """Send nothing more to the address. False when it is stopped already, or was allowed again after `stop.at`. One
        write."""
        anew = Attr("lifted_at").lt(format_instant(stop.at))
        item = stop.model_dump(mode="json", exclude_none=True)
        key = {"pk": self._pk("STOP", stop.address), "sk": "#", "kind": "mail_stop"}
        try:
            self.table.write(Put({**item, **key}, ABSENT | anew))
        except ConditionFailed:
            return False
        return True

    def lift(self, account_id: str, address: str, because: str, actor: Actor, now: datetime) -> Stop:
        """Let mail go to the address again. One read; one transaction with the account's audit entry. Raises NotFound
        when it is not stopped."""
        old = self.stop_of(address)
        if old is None or not old.holds:
            raise NotFound("Mail to this address is not stopped.")
        new = old.model_copy(update={"lifted_at": now, "lifted_by": actor.name, "lifted_because": because})
        told = [each.model_dump(mode="json") for each in (old, new)]
        lifted = {name: told[1][name] for name in ("lifted_at", "lifted_by", "lifted_because")}
        standing = Attr("event_id").eq(old.event_id) & Attr("lifted_at").not_exists()
        noted = entry(self.new_id("aud"), f"A#{account_id}", "mail.stop_lifted", actor, now, *told)
        update = Update(self._pk("STOP", address), "#", set=lifted, condition=standing)
        try:
            self.table.transact([update, audit_put(noted)])
        except ConditionFailed:
            raise NotFound("Mail to this address is not stopped.") from None
        return new

    def _counted(self, address: str, message_id: str, now: datetime) -> bool:
        rules, hour = self.rules(now.date()).rules, f"h{now:%H}"
        few = (Attr("sent").not_exists() | Attr("sent").lt(rules.most_a_day)) & (
            Attr(hour).not_exists() | Attr(hour).lt(rules.most_an_hour)
        )
        update = Update(
            self._pk("SENT", address), f"{now:%Y-%m-%d}", add={"sent": 1, hour: 1},
            set={message_id: True, "kind": "mails_sent", "expires_at": int((now + _KEPT).timestamp())},
            condition=Attr(message_id).not_exists() & few,
        )  # fmt: skip
        try:
            self.table.write(update)
        except ConditionFailed as standing:
            return message_id in (standing.item or {})
        return True

    def _pk(self, kind: str, address: str) -> str:
        digest = hmac.new(self.key(), f"mail\0{plain(address)}".encode(), hashlib.sha256).hexdigest()[:32]
        return f"{kind}#{digest}"


def plain(address: str) -> str:
    """The address as accounts hold it; one that is none in small letters."""
    try:
        return canonical_email(address)
    except ValueError:
        return address.strip().lower()
