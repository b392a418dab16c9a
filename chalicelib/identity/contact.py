"""A change of mail or phone, as identity sees it: each old address hears of it, and money begins to wait.

Everything stands in the transaction of the change itself, so that no crash can lose the warning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

from chalicelib.accounts.contact import ContactChange
from chalicelib.accounts.letters import Letter, LetterChannel, Purpose
from chalicelib.identity.access_log import Accessed, Doer, access_put
from chalicelib.identity.policy import IdentityRules
from chalicelib.identity.record import access_entry
from chalicelib.identity.store import contact_update
from chalicelib.identity.verification import masked
from chalicelib.platform.clock import NewId, format_instant
from chalicelib.platform.dynamo import Write
from chalicelib.policy.model import RulesOn

CHANGED_LETTER: Final = "identity/contact_changed"


class Outgoing(Protocol):
    """Whoever can queue a letter in a transaction of ours."""

    def queued(self, letter: Letter) -> Write:
        """The write that queues the letter; fails when it was queued before."""
        ...


@dataclass(frozen=True)
class ContactWatch:
    """Implements ContactChanges of accounts. `count` adds one to a metric."""

    post: Outgoing
    rules: RulesOn[IdentityRules]
    new_id: NewId
    count: Callable[[str], None]

    def writes(self, change: ContactChange) -> Sequence[Write]:
        """Two writes, and one more for the old mails and one for the phones that are gone."""
        detail = {"gone": [masked(each) for each in change.gone], "come": [masked(each) for each in change.come]}
        line = access_entry(
            self.new_id, change.account_id, Accessed.CONTACT_CHANGED, Doer(change.actor), change.at, detail
        )
        letters = [self.post.queued(letter) for letter in self._letters(change)]
        return [contact_update(change.account_id, change.come, change.at), access_put(line), *letters]

    def changed(self, change: ContactChange) -> None:  # noqa: ARG002 - the signature of ContactChanges
        """Nothing is left to do: the letters were queued with the change."""
        self.count("ContactsChanged")

    def _letters(self, change: ContactChange) -> list[Letter]:
        """To every mail that was there, and by text message to the phones that are gone."""
        mails = tuple(address for address in change.before if "@" in address)
        phones = tuple(address for address in change.gone if "@" not in address)
        sides = ((LetterChannel.MAIL, mails), (LetterChannel.SMS, phones))
        return [self._letter(change, channel, told) for channel, told in sides if told]

    def _letter(self, change: ContactChange, channel: LetterChannel, told: tuple[str, ...]) -> Letter:
        hours = self.rules(change.at).rules.cooling_hours
        until = format_instant(change.at + timedelta(hours=hours))
        return Letter(
            name=CHANGED_LETTER, object_id=change.change_id, account_id=change.account_id, at=change.at,
            purpose=Purpose.SECURITY, channel=channel, to=told[0], also=told[1:], facts={"cooling_until_at": until},
        )  # fmt: skip
