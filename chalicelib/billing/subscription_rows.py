"""Rows of subscriptions: one among its account's, and a pointer by which its id alone finds it.

| item         | pk                | sk                 | round trips, units      |
| subscription | `A#<account>`     | `S#<subscription>` | by id 2, 1 read; keep 2 |
| its pointer  | `S#<subscription>`| `#`                | written once            |
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from chalicelib.billing.model import Subscription
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Put, Table


def keep(table: Table, subscription: Subscription) -> bool:
    """Keep it in place of the one of the same id, unless that was read later. The pointer comes first: one that leads
    nowhere finds nothing."""
    key = {"pk": f"A#{subscription.account_id}", "sk": f"S#{subscription.subscription_id}", "kind": "subscription"}
    pointer = {"pk": f"S#{subscription.subscription_id}", "sk": "#", "kind": "pointer"}
    newer = ABSENT | Attr("as_of").not_exists() | Attr("as_of").lte(subscription.as_of)
    with suppress(ConditionFailed):
        table.write(Put({**pointer, "account_id": subscription.account_id}, ABSENT))
    try:
        table.write(Put({**subscription.model_dump(mode="json"), **key}, newer))
    except ConditionFailed:
        return False
    return True


def find(table: Table, subscription_id: str) -> Subscription | None:
    """The subscription of this id."""
    pointer = table.get(f"S#{subscription_id}", "#")
    item = table.get(f"A#{pointer['account_id']}", f"S#{subscription_id}") if pointer else None
    return Subscription.model_validate(item) if item else None


def accounts(table: Table, subscription_ids: Iterable[str]) -> dict[str, str]:
    """The accounts of those subscriptions that there are, by their ids. One round trip for each hundred."""
    found = table.get_many((f"S#{subscription_id}", "#") for subscription_id in subscription_ids)
    return {pk.removeprefix("S#"): item["account_id"] for (pk, _), item in found.items()}
