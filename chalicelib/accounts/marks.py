"""Notes what was learnt of an address: that its owner proved it, or that mail to it came back. The version of the
profile stays, so that whoever is about to change it need not read it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.accounts.contact import ContactDetail, details_of
from chalicelib.accounts.heads import AccountMerged, Change, Heads
from chalicelib.accounts.model import Account
from chalicelib.audit.model import Actor, entry
from chalicelib.platform.clock import NewId
from chalicelib.platform.errors import NotFound

_MAIL_SYSTEM: Final = Actor("mail", "mail system")


@dataclass(frozen=True)
class AddressMarks:
    heads: Heads
    new_id: NewId

    def verified(self, account_id: str, address: str, how: str, actor: Actor) -> bool:
        """Note that the customer proved to hold this address; `how` is a word such as `one_time_code`. What came back
        from it once is forgotten. One read, one transaction. False when it is none of the account's.

        Raises NotFound, AccountMerged, Unavailable.
        """
        now = self.heads.clock()
        proven = {"verified_at": now, "verified_by": actor.name, "verified_how": how, "bounced_at": None}
        return self._marked(account_id, address, "contact.verified", actor, lambda detail: _with(detail, proven))

    def came_back(self, account_id: str, addresses: Iterable[str], at: datetime) -> None:
        """Mail to these addresses came back; those that are none of the account's, or of an account that goes on
        elsewhere, are left alone. Raises Unavailable."""
        for address in addresses:
            with suppress(AccountMerged, NotFound):
                self.bounced(account_id, address.lower(), at, _MAIL_SYSTEM)

    def bounced(self, account_id: str, address: str, at: datetime, actor: Actor) -> bool:
        """Note that mail to this address came back at `at`, the first time of it; what is told again or late, after the
        customer proved to hold the address, changes nothing. One read, one transaction. False when it is none of the
        account's. Raises NotFound, AccountMerged, Unavailable."""

        def mark(detail: ContactDetail) -> ContactDetail:
            is_past = detail.verified_at is not None and at <= detail.verified_at
            return detail if detail.bounced_at or is_past else _with(detail, {"bounced_at": at})

        return self._marked(account_id, address, "contact.bounced", actor, mark)

    def _marked(
        self, account_id: str, address: str, action: str, actor: Actor, mark: Callable[[ContactDetail], ContactDetail]
    ) -> bool:
        def decide(old: Account) -> Change | None:
            if address not in old.addresses:
                return None
            details = details_of(old.emails, old.phones, old.contact_details, old.created_at)
            before, after = details[address], mark(details[address])
            if before == after:
                return None
            new = old.model_copy(update={"contact_details": {**details, address: after}})
            told = [{"address": address, **each.model_dump(mode="json")} for each in (before, after)]
            noted = entry(self.new_id("aud"), f"A#{account_id}", action, actor, self.heads.clock(), *told)
            return Change(new, noted)

        account, _ = self.heads.change(account_id, decide)
        return address in account.addresses


def _with(detail: ContactDetail, changes: dict[str, object]) -> ContactDetail:
    return detail.model_copy(update=changes)
