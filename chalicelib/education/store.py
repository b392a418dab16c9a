"""Keys and queries of guides.

| item              | pk                     | sk                        | round trips, units                        |
| footprint         | `A#<account>`          | `L$GUIDES`                | read with the summary; change 1, 1 write  |
| decision          | `A#<account>`          | `GUIDE#<instant>#<guide>` | page 1; kept 1, 4 write (6 when counted)  |
| row of the count  | `GUIDED#<slug>#<day>`  | `<account>#<guide>`       | a day 1, 0.5 read for 20; expires         |

The account's summary (`L$`) holds its head, holds and preferences beside the footprint: one query says all that a
decision needs. Who decided from an older footprint gets Moved and decides again, so that no limit is passed by two at
the same time. Contacts are read where the desk's index has them, see `contacts/store.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from chalicelib.accounts.model import AccountStatus
from chalicelib.accounts.preferences_model import Preferences
from chalicelib.accounts.store import SUMMARY, summary_key
from chalicelib.audit.model import AuditEntry
from chalicelib.audit.store import audit_put
from chalicelib.education.effect import Contact, Counted
from chalicelib.education.model import Footprint, GuideRecord, Outcome, Standing
from chalicelib.platform.clock import format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Contended, Key, Put, Table, Write

FOOTPRINT: Final = "GUIDES"
_COUNTED: Final = frozenset({Outcome.SENT, Outcome.HELD_OUT})
_KEPT: Final = timedelta(days=800)
_MOST: Final = 100
"""Items of a summary, and contacts of one account: more than there are."""


class Moved(Exception):
    """The footprint was changed meanwhile."""


class Decided(Exception):
    """This occasion was decided before; `record` says how."""

    def __init__(self, record: GuideRecord) -> None:
        super().__init__(record.guide_id)
        self.record = record


@dataclass(frozen=True)
class GuideStore:
    table: Table

    def standing(self, account_id: str) -> Standing | None:
        """What is known of an account, as it is; None when there is none. One round trip."""
        key = Key("pk").eq(f"A#{account_id}") & Key("sk").begins_with(SUMMARY)
        items = self.table.query(key, limit=_MOST, consistent=True).items
        summary = {str(item["sk"]).removeprefix(SUMMARY): item for item in items}
        head = summary.get("HEAD")
        if head is None:
            return None
        return Standing(
            account_id=account_id,
            currency=head["currency"],
            language=head.get("language", "en-GB"),
            is_active=head.get("status", AccountStatus.ACTIVE.value) == AccountStatus.ACTIVE.value,
            has_mail=bool(head.get("emails")),
            preferences=Preferences.model_validate(summary.get("PREFS", {"account_id": account_id})),
            holds=summary.get("HOLDS", {}).get("holds", ()),
            footprint=Footprint.model_validate(summary.get(FOOTPRINT, {})),
        )

    def note(self, account_id: str, after: Footprint) -> None:
        """Remember something that makes no occasion yet. One round trip. Raises Moved."""
        try:
            self.table.write(_footprint_put(account_id, after))
        except ConditionFailed:
            raise Moved(account_id) from None

    def keep(self, record: GuideRecord, after: Footprint, *, counts: bool, audit: AuditEntry | None = None) -> None:
        """A decision with what is remembered after it, in one transaction. `counts`: its effect is to be counted.

        Raises Decided for an occasion that was decided before, Moved."""
        writes: list[Write] = [Put(_record_item(record), ABSENT), _footprint_put(record.account_id, after)]
        if counts and record.outcome in _COUNTED:
            writes.append(Put(_counted_item(record)))
        try:
            self.table.transact([*writes, *([audit_put(audit)] if audit else [])])
        except ConditionFailed as failed:
            if failed.index == 0 and failed.item:
                raise Decided(GuideRecord.model_validate(failed.item)) from None
            raise Moved(record.account_id) from None
        except Contended:
            raise Moved(record.account_id) from None

    def of_account(self, account_id: str, limit: int, start: Item | None) -> tuple[list[GuideRecord], Item | None]:
        """Decisions about guides of an account, newest first. One round trip."""
        key = Key("pk").eq(f"A#{account_id}") & Key("sk").begins_with("GUIDE#")
        page = self.table.query(key, limit=limit, start=start, forward=False)
        return [GuideRecord.model_validate(item) for item in page.items], page.next_key

    def counted(self, slug: str, first: date, last: date) -> Iterator[Counted]:
        """Who got a guide, or was held out, on these days. One round trip for each day and megabyte."""
        for n in range((last - first).days + 1):
            start: Item | None = None
            key = Key("pk").eq(f"GUIDED#{slug}#{first + timedelta(days=n)}")
            while True:
                page = self.table.query(key, limit=1000, start=start)
                yield from map(Counted.model_validate, page.items)
                if (start := page.next_key) is None:
                    break

    def contacts(self, account_id: str, after: datetime, until: datetime) -> list[Contact]:
        """When the customer came to us in this time, by case or by call, oldest first. Three round trips."""
        found: list[Contact] = []
        for prefix in ("D", "I", "O"):
            first, last = f"{prefix}#{format_instant(after)}", f"{prefix}#{format_instant(until)}~"
            key = Key("gs1pk").eq(f"A#{account_id}") & Key("gs1sk").between(first, last)
            items = self.table.query(key, index="gs1", limit=_MOST).items
            found += [contact for item in items if (contact := _contact(item))]
        return sorted(found, key=lambda contact: contact.at)


def _contact(item: Item) -> Contact | None:
    """What the customer began. Cases that the desk opened itself and calls that it made tell nothing."""
    if item.get("kind") == "case" and item.get("channel") != "desk" and not item.get("test"):
        return Contact(id=item["case_id"], kind="case", at=item["created_at"])
    if item.get("kind") == "contact" and item.get("direction") == "in":
        return Contact(id=item["contact_id"], kind="contact", at=item["initiated_at"])
    return None


def _footprint_put(account_id: str, after: Footprint) -> Put:
    pk, sk = summary_key(account_id, FOOTPRINT)
    unchanged = Attr("version").eq(after.version) if after.version else ABSENT
    plain: dict[str, Any] = {**after.model_dump(mode="json"), "version": after.version + 1}
    return Put({**plain, "pk": pk, "sk": sk, "kind": "guides"}, unchanged)


def _record_item(record: GuideRecord) -> Item:
    sk = f"GUIDE#{format_instant(record.at)}#{record.guide_id}"
    key = {"pk": f"A#{record.account_id}", "sk": sk, "kind": "guide"}
    return {**record.model_dump(mode="json", exclude_none=True), **key}


def _counted_item(record: GuideRecord) -> Item:
    names: Sequence[str] = ("account_id", "guide_id", "guide_version", "at", "outcome")
    plain = record.model_dump(mode="json", include=set(names))
    key = {"pk": f"GUIDED#{record.slug}#{record.at.date()}", "sk": f"{record.account_id}#{record.guide_id}"}
    return {**plain, **key, "kind": "guided", "expires_at": int((record.at + _KEPT).timestamp())}
