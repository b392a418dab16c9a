"""Use cases of what is sold: read it, and set it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.audit.model import Actor, entry
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import NotFound, PreconditionFailed, PreconditionRequired, Unprocessable
from chalicelib.subscriptions.offer import CODE, Offer, OfferTerms
from chalicelib.subscriptions.offer_store import OfferStore
from chalicelib.subscriptions.terms import Terms


@dataclass(frozen=True)
class Offers:
    store: OfferStore
    clock: Clock
    new_id: NewId

    def get(self, code: str) -> Offer:
        """The offer as it stands. Raises NotFound."""
        offer = self.store.get(code)
        if offer is None:
            raise NotFound
        return offer

    def page(self, limit: int, start: Item | None) -> tuple[list[Offer], Item | None]:
        """Offers in order of their codes."""
        return self.store.page(limit, start)

    def set(self, code: str, terms: OfferTerms, seen: int | None, actor: Actor) -> Offer:
        """Keep a new offer, or the next version of the one of which version `seen` was read.

        Raises PreconditionRequired without it, PreconditionFailed when it is not the present one, Unprocessable for a
        code that none can be.
        """
        if not re.fullmatch(CODE, code):
            raise Unprocessable("A code has 2 to 64 capital letters, digits and dashes.")
        standing = self.store.get(code)
        if standing and seen is None:
            raise PreconditionRequired("This offer stands already. Send If-Match with the ETag of what you read.")
        if seen is not None and (standing is None or standing.version != seen):
            raise PreconditionFailed("The offer has changed since you read it.")
        version = standing.version + 1 if standing else 1
        return self._keep(
            standing, Offer(**terms.model_dump(include=set(OfferTerms.model_fields)), code=code, version=version), actor
        )

    def load(self, offers: Iterable[Offer], actor: Actor) -> int:
        """Make the price list say what these say; those that say so already stay. How many were kept."""
        kept = 0
        for offer in offers:
            standing = self.store.get(offer.code)
            wanted = offer.model_copy(update={"version": standing.version if standing else 1})
            if wanted != standing:
                self._keep(
                    standing, wanted.model_copy(update={"version": standing.version + 1 if standing else 1}), actor
                )
                kept += 1
        return kept

    def agree(self, terms: Terms) -> None:
        """Keep what was agreed when a subscription was sold elsewhere; the same again changes nothing."""
        self.store.agree(terms)

    def _keep(self, standing: Offer | None, offer: Offer, actor: Actor) -> Offer:
        before = standing.model_dump(mode="json") if standing else {}
        action = "offer.changed" if standing else "offer.created"
        after = offer.model_dump(mode="json")
        self.store.keep(
            offer, entry(self.new_id("aud"), f"OFFER#{offer.code}", action, actor, self.clock(), before, after)
        )
        return offer
