"""Keys and writes of identity.

| item                     | pk            | sk                | round trips, units                             |
| state of identification  | `A#<account>` | `L$VERIFIED`      | get 1, 1 read (consistent)                     |
| verification             | `A#<account>` | `IDV#<id>`        | start 1, 8 write; answer 1, 8 write; a day     |
| security answers         | `A#<account>` | `IDA#`            | get 1, 0.5 read; set 1, 8 write                |

The state is changed in the version that was read, save by a change of contact, which stands in the transaction of the
account's change and adds to it blindly: `new_<digest>` is when an address came in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.accounts.store import summary_key
from chalicelib.identity.answers import KeptAnswers
from chalicelib.identity.model import IdentityState
from chalicelib.identity.proofs import address_digest
from chalicelib.identity.verification import Verification, VerificationState
from chalicelib.platform.clock import format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Contended, Put, Table, Update, Write

_FRESH: Final = "new_"
_KEPT_SECONDS: Final = 24 * 3600
"""How long a verification can be read after it has expired."""


class StateMoved(Exception):
    """Another change came first: read again and decide anew."""


@dataclass(frozen=True)
class IdentityStore:
    table: Table

    def state(self, account_id: str) -> IdentityState:
        """The state as it stands; an empty one for an account that was never verified. One consistent read."""
        item = self.table.get(*_state_key(account_id), consistent=True) or {}
        fresh = {name.removeprefix(_FRESH): at for name, at in item.items() if name.startswith(_FRESH)}
        return IdentityState.model_validate({**item, "account_id": account_id, "fresh": fresh})

    def move(self, old: IdentityState, new: IdentityState, *writes: Write) -> None:
        """The state from one version to the next, with what belongs to it, in one transaction. Raises StateMoved."""
        plain: Item = new.model_dump(mode="json", exclude={"fresh"})
        seen = Attr("version").eq(old.version) if old.version else Attr("version").not_exists()
        gone = [f"{_FRESH}{digest}" for digest in old.fresh if digest not in new.fresh]
        update = Update(*_state_key(new.account_id), set={**plain, "kind": "identity"}, remove=gone, condition=seen)
        try:
            self.table.transact([update, *writes])
        except (ConditionFailed, Contended):
            raise StateMoved from None

    def verification(self, account_id: str, verification_id: str) -> Verification | None:
        item = self.table.get(*_verification_key(account_id, verification_id), consistent=True)
        return Verification.model_validate(item) if item else None

    def answers(self, account_id: str) -> KeptAnswers | None:
        item = self.table.get(*_answers_key(account_id), consistent=True)
        return KeptAnswers.model_validate(item) if item else None


def verification_put(verification: Verification) -> Put:
    """The first write of a verification."""
    key = _keyed(_verification_key(verification.account_id, verification.verification_id), "verification")
    expires = int(verification.ends_at.timestamp()) + _KEPT_SECONDS
    return Put({**verification.model_dump(mode="json"), **key, "expires_at": expires}, ABSENT)


def passed_update(verification: Verification) -> Update:
    """Holds when nobody passed it before."""
    key = _verification_key(verification.account_id, verification.verification_id)
    is_open = Attr("state").eq(VerificationState.OPEN.value)
    return Update(*key, set={"state": VerificationState.PASSED.value}, condition=is_open)


def answers_put(answers: KeptAnswers) -> Put:
    """In place of those that were there."""
    return Put({**answers.model_dump(mode="json"), **_keyed(_answers_key(answers.account_id), "security_answers")})


def asked_update(account_id: str, asked: Sequence[str], set_at: datetime) -> Update:
    """Which questions come next; fails when the answers were set anew meanwhile."""
    same = Attr("set_at").eq(format_instant(set_at))
    return Update(*_answers_key(account_id), set={"asked": list(asked)}, condition=same)


def contact_update(account_id: str, added: Sequence[str], at: datetime) -> Update:
    """A change of contact begins to cool; `added` are the addresses that came in."""
    now = format_instant(at)
    fresh: Mapping[str, str] = {f"{_FRESH}{address_digest(address)}": now for address in added}
    changed: Item = {"account_id": account_id, "kind": "identity", "contact_changed_at": now, **fresh}
    return Update(*_state_key(account_id), set=changed, add={"version": 1})


def _state_key(account_id: str) -> tuple[str, str]:
    return summary_key(account_id, "VERIFIED")


def _verification_key(account_id: str, verification_id: str) -> tuple[str, str]:
    return f"A#{account_id}", f"IDV#{verification_id}"


def _answers_key(account_id: str) -> tuple[str, str]:
    return f"A#{account_id}", "IDA#"


def _keyed(key: tuple[str, str], kind: str) -> Item:
    return {"pk": key[0], "sk": key[1], "kind": kind}
