"""How what was done is written down twice: for the customer in the access log, for the desk in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from chalicelib.audit.model import entry
from chalicelib.audit.store import audit_put
from chalicelib.identity.access_log import Accessed, AccessEntry, Doer, access_put
from chalicelib.platform.clock import NewId
from chalicelib.platform.dynamo import Write


def access_entry(
    new_id: NewId, account_id: str, what: Accessed, doer: Doer, at: datetime, detail: Mapping[str, object]
) -> AccessEntry:
    """A line of the access log; what is None in `detail` is left out."""
    said = {name: value for name, value in detail.items() if value is not None}
    return AccessEntry(
        entry_id=new_id("acl"), account_id=account_id, at=at, what=what, by=doer.who, actor=doer.actor.subject,
        actor_name=doer.actor.name, detail=said,
    )  # fmt: skip


def recorded(
    new_id: NewId, account_id: str, what: Accessed, doer: Doer, at: datetime, detail: Mapping[str, object]
) -> list[Write]:
    """The writes of both, to stand in the transaction of the change."""
    line = access_entry(new_id, account_id, what, doer, at, detail)
    audited = entry(new_id("aud"), f"A#{account_id}", f"identity.{what.value}", doer.actor, at, {}, line.detail)
    return [access_put(line), audit_put(audited)]
