"""Keys and transactions of what is sold, and of what was agreed when it was.

| item            | pk             | sk                  | round trips, units                      |
| offer           | `OFFERS`       | `<code>`            | get 1, 0.5 read; page 1                 |
| its versions    | `OFFER#<code>` | `V#<no, 6 digits>`  | with the offer                          |
| contract terms  | `A#<account>`  | `CT#<subscription>` | those of a plan's parts 1; put 1 write  |

Keep an offer: 1 round trip, 6 write units (offer, version, audit entry). Versions are never changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from chalicelib.audit.model import AuditEntry
from chalicelib.audit.store import audit_put
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Contended, Delete, Key, Put, Table
from chalicelib.platform.errors import PreconditionFailed
from chalicelib.subscriptions.offer import Offer
from chalicelib.subscriptions.terms import Terms

_ALL: Final = "OFFERS"


@dataclass(frozen=True)
class OfferStore:
    table: Table

    def get(self, code: str) -> Offer | None:
        """The offer as it stands."""
        item = self.table.get(_ALL, code)
        return _offer(item) if item else None

    def get_many(self, codes: Iterable[str]) -> dict[str, Offer]:
        """Those of these offers that there are, by code. One round trip."""
        found = self.table.get_many((_ALL, code) for code in codes)
        return {code: _offer(item) for (_, code), item in found.items()}

    def page(self, limit: int, start: Item | None) -> tuple[list[Offer], Item | None]:
        """Offers in order of their codes. One round trip."""
        page = self.table.query(Key("pk").eq(_ALL), limit=limit, start=start)
        return [_offer(item) for item in page.items], page.next_key

    def keep(self, offer: Offer, audited: AuditEntry) -> None:
        """Keep the next version of an offer, or its first. Raises PreconditionFailed when another one came first."""
        body: Item = {"kind": "offer", "version": offer.version, "offer": offer.model_dump(mode="json")}
        before = ABSENT if offer.version == 1 else Attr("version").eq(offer.version - 1)
        version = {**body, "pk": f"OFFER#{offer.code}", "sk": f"V#{offer.version:06d}"}
        try:
            self.table.transact([Put({**body, "pk": _ALL, "sk": offer.code}, before), Put(version), audit_put(audited)])
        except (ConditionFailed, Contended):
            raise PreconditionFailed("The offer was changed by somebody else; read it again.") from None

    def terms(self, account_id: str, subscription_ids: Iterable[str]) -> dict[str, Terms]:
        """What was agreed for these subscriptions, by id. One round trip."""
        found = self.table.get_many((f"A#{account_id}", f"CT#{each}") for each in subscription_ids)
        agreed = map(Terms.model_validate, found.values())
        return {terms.subscription_id: terms for terms in agreed}

    def agree(self, terms: Terms) -> None:
        """Keep what was agreed in place of what stood."""
        self.table.write(terms_put(terms))


def terms_put(terms: Terms) -> Put:
    """The write of terms, for a transaction."""
    pk, sk = _terms_key(terms)
    return Put({**terms.model_dump(mode="json"), "pk": pk, "sk": sk, "kind": "terms"})


def terms_back(before: Terms | None, after: Terms) -> Put | Delete:
    """The write that makes terms what they were before they became others."""
    return terms_put(before) if before else Delete(*_terms_key(after))


def _terms_key(terms: Terms) -> tuple[str, str]:
    return f"A#{terms.account_id}", f"CT#{terms.subscription_id}"


def _offer(item: Item) -> Offer:
    return Offer.model_validate(item["offer"])
