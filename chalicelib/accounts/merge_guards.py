"""What accounts itself knows to stand against a merge: holds, needs, and what other domains say at a glance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from chalicelib.accounts.holds_store import HOLDS, HoldStore, holds_seen
from chalicelib.accounts.merge_model import Obstacle, Standing
from chalicelib.accounts.preferences_store import PREFERENCES, PreferenceStore, preferences_seen
from chalicelib.accounts.store import summary_key
from chalicelib.platform.dynamo import ABSENT, Check, Table


@dataclass(frozen=True)
class HoldGuard:
    """A hold protects the customer: it is placed on the account that goes on before this one ends."""

    holds: HoldStore
    today: Callable[[], date]

    def standing(self, account_id: str) -> Standing:
        day, known = self.today(), self.holds.of(account_id, consistent=True)
        said = "A hold stands: place it on the account that goes on, and release it here."
        standing = [hold for hold in known.holds if not hold.is_over(day)]
        found = tuple(Obstacle(kind=f"hold_{hold.kind}", detail=said) for hold in standing)
        return Standing(found, (Check(*summary_key(account_id, HOLDS), holds_seen(known)),))


@dataclass(frozen=True)
class PreferenceGuard:
    """What a customer needs, and what they declined, is seen on the account that goes on before this one ends."""

    preferences: PreferenceStore

    def standing(self, account_id: str) -> Standing:
        known = self.preferences.of(account_id, consistent=True)
        said = "The customer needs or declined something: say so on the account that goes on, and take it out here."
        declined = [consent for consent in known.consents if not consent.is_allowed]
        is_open = known.formats or known.support_needs or declined
        found = (Obstacle(kind="preferences", detail=said),) if is_open else ()
        return Standing(found, (Check(*summary_key(account_id, PREFERENCES), preferences_seen(known)),))


@dataclass(frozen=True)
class SummaryGuard:
    """Something of which an item of the account's summary tells for as long as it is under way."""

    table: Table
    name: str
    obstacle: Obstacle

    def standing(self, account_id: str) -> Standing:
        pk, sk = summary_key(account_id, self.name)
        if self.table.get(pk, sk, consistent=True):
            return Standing((self.obstacle,))
        return Standing(checks=(Check(pk, sk, ABSENT),))
