"""Use cases of preferences: read them, set them, and what was ever said about consents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.accounts.heads import Change, Heads
from chalicelib.accounts.letters import Purpose
from chalicelib.accounts.model import Account
from chalicelib.accounts.preferences_model import (
    Channel,
    Consent,
    ConsentEvent,
    Format,
    PartOfDay,
    Preferences,
    QuietHours,
    Source,
    SupportNeed,
)
from chalicelib.accounts.preferences_store import PreferenceStore
from chalicelib.audit.model import Actor, entry
from chalicelib.platform.clock import NewId
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import NotFound, PreconditionFailed


@dataclass(frozen=True)
class Wishes:
    """What is to hold from now on; what is left out of it holds no more. Needs and consents bear the instant at which
    they were said. `source` is whose word it is that a consent is left out."""

    formats: tuple[Format, ...]
    support_needs: tuple[SupportNeed, ...]
    consents: tuple[Consent, ...]
    quiet_hours: QuietHours | None
    preferred_channel: Channel | None
    preferred_time: PartOfDay | None
    source: Source


@dataclass(frozen=True)
class CustomerPreferences:
    """`heads` writes what letters need to know into the account head; `count` adds one to a metric."""

    store: PreferenceStore
    heads: Heads
    new_id: NewId
    count: Callable[[str], None]

    def of(self, account_id: str) -> Preferences:
        """Two round trips for an account that was never told anything, else one. Raises NotFound."""
        found = self.store.of(account_id)
        if not found.version and self.heads.store.get(account_id) is None:
            raise NotFound("There is no account with this id.")
        return found

    def set(self, account_id: str, wishes: Wishes, version: int, actor: Actor) -> Preferences:
        """Set all of them in the version that the caller saw, 0 for the first time. Two reads, one transaction with
        the audit entry and the history of consents. Wishes that change nothing leave the version as it is.

        Raises NotFound, AccountMerged, PreconditionFailed, Unavailable.
        """
        result: list[Preferences] = []

        def decide(head: Account) -> Change | None:
            old, now = self.store.of(account_id, consistent=True), self.heads.clock()
            if old.version != version:
                raise PreconditionFailed(
                    "The preferences were changed meanwhile; read them again.", current_version=old.version
                )
            new = _settled(old, wishes)
            if new == old:
                result[:] = [old]
                return None
            new = new.model_copy(update={"version": old.version + 1, "updated_at": now})
            result[:] = [new]
            return self._change(head, old, new, wishes.source, actor)

        _, is_changed = self.heads.change(account_id, decide)
        if is_changed:
            self.count("PreferencesSet")
        return result[0]

    def withdraw(self, account_id: str, purpose: Purpose, channel: Channel, actor: Actor) -> bool:
        """The customer takes back one consent, in whatever version the preferences stand. False when that was said
        before. Two reads, one transaction with the audit entry and the history. Raises NotFound, AccountMerged,
        Unavailable."""

        def decide(head: Account) -> Change | None:
            old, now = self.store.of(account_id, consistent=True), self.heads.clock()
            before = old.consent(purpose, channel)
            if before and not before.is_allowed:
                return None
            said = Consent(purpose=purpose, channel=channel, is_allowed=False, source=Source.CUSTOMER, at=now)
            others = tuple(each for each in old.consents if each is not before)
            update = {"consents": (*others, said), "version": old.version + 1, "updated_at": now}
            return self._change(head, old, old.model_copy(update=update), Source.CUSTOMER, actor)

        _, is_changed = self.heads.change(account_id, decide)
        if is_changed:
            self.count("ConsentsWithdrawnByLink")
        return is_changed

    def history(self, account_id: str, limit: int, start: Item | None) -> tuple[list[ConsentEvent], Item | None]:
        """Every consent given, declined and taken back, newest first. One round trip."""
        return self.store.history(account_id, limit, start)

    def _change(self, head: Account, old: Preferences, new: Preferences, source: Source, actor: Actor) -> Change:
        now, events = new.updated_at, self._events(old, new, source, actor)
        assert now is not None
        noted = {"formats": new.formats, "consents_asked_at": head.consents_asked_at or (now if events else None)}
        told, key = (_audited(old), _audited(new)), f"A#{new.account_id}"
        done = entry(self.new_id("aud"), key, "preferences.changed", actor, now, *told)
        return Change(head.model_copy(update=noted), done, self.store.writes(old, new, events))

    def _events(self, old: Preferences, new: Preferences, source: Source, actor: Actor) -> list[ConsentEvent]:
        """One for each consent that says something else than before, or nothing any more."""
        assert new.updated_at is not None
        named = {(each.purpose, each.channel) for each in new.consents}
        told = [(each, True) for each in new.consents if each not in old.consents]
        dropped = [
            (each.model_copy(update={"source": source}), False)
            for each in old.consents
            if (each.purpose, each.channel) not in named
        ]
        return [
            ConsentEvent(
                event_id=self.new_id("con"), account_id=new.account_id, purpose=each.purpose, channel=each.channel,
                is_allowed=each.is_allowed if holds else None, source=each.source, at=new.updated_at,
                actor_name=actor.name,
            )
            for each, holds in (*told, *dropped)
        ]  # fmt: skip


def _settled(old: Preferences, wishes: Wishes) -> Preferences:
    """What holds after these wishes; needs and consents that stood before in the same words keep their instant."""
    needs = {_said(need): need for need in old.support_needs}
    consents = {_said(consent): consent for consent in old.consents}
    return old.model_copy(
        update={
            "formats": wishes.formats,
            "support_needs": tuple(needs.get(_said(need), need) for need in wishes.support_needs),
            "consents": tuple(consents.get(_said(consent), consent) for consent in wishes.consents),
            "quiet_hours": wishes.quiet_hours,
            "preferred_channel": wishes.preferred_channel,
            "preferred_time": wishes.preferred_time,
        }
    )


def _said(record: SupportNeed | Consent) -> str:
    return record.model_dump_json(exclude={"recorded_at", "at"})


def _audited(preferences: Preferences) -> dict[str, Any]:
    """Without the notes: who may read the audit trail need not know them."""
    told = preferences.model_dump(mode="json", exclude={"account_id", "updated_at", "version"})
    return {**told, "support_needs": [{**need, "note": "[kept]"} for need in told["support_needs"]]}
