"""For transactions of other domains that are right only while the ledger stands where it was read."""

from __future__ import annotations

from chalicelib.platform.dynamo import ABSENT, Check


def unmoved(account_id: str, seq: int) -> Check:
    """Holds while the account's newest ledger entry is this one; costs two write units in its transaction."""
    return Check(f"A#{account_id}", f"L#{seq + 1:010d}", ABSENT)
