"""HTTP of what is sold."""

from __future__ import annotations

from pydantic import Field

from chalicelib.audit.http import actor_of
from chalicelib.platform.errors import NotFound
from chalicelib.platform.fields import Input, Version, View
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.platform.money import Currency, Money
from chalicelib.policy.permissions import Permission
from chalicelib.subscriptions.offer import (
    Allowance,
    ExitFee,
    Offer,
    OfferKind,
    OfferTerms,
    OutOfBundle,
    PriceRise,
    Service,
)
from chalicelib.wiring import desk_api, offers

api = desk_api(__name__, "subscriptions")


class NewOffer(OfferTerms, Input):
    """An offer as it is to be; amounts are before tax."""


class WantedOffers(Paged):
    """Which offers are wanted."""

    service: Service | None = Field(default=None, description="Those for this alone, such as `broadband`.")
    kind: OfferKind | None = Field(default=None, description="Plans or add-ons alone.")


class OfferView(View):
    """Something that is sold. Amounts named `_minor` are before tax."""

    code: str = Field(description="What it is called in the price list.")
    name: str = Field(description="The offer as customers know it.")
    description: str = Field(description="What it is, in plain words.")
    service: str
    kind: OfferKind = Field(description="A plan is taken for itself, an add-on with a plan.")
    currency: Currency
    monthly: Money = Field(description="A month, before tax.")
    monthly_with_tax: Money = Field(description="A month, with tax: what a consumer pays.")
    tax_rate_bp: int
    contract_months: int = Field(description="Months of the minimum term; 0: none.")
    notice_days: int = Field(description="Days between giving notice and the end.")
    exit_fee: ExitFee | None = Field(description="What leaving early costs; null: nothing.")
    price_rises: list[PriceRise] = Field(description="Rises that come with the contract, told beforehand.")
    allowances: list[Allowance] = Field(description="What the price includes for each billing period.")
    out_of_bundle: list[OutOfBundle] = Field(description="What use beyond the allowances costs.")
    fits: list[str] = Field(description="Of an add-on: the plans it goes with; empty: all of its service.")
    is_sold: bool = Field(description="Whether new customers may take it.")
    version: Version


def _view(offer: Offer) -> OfferView:
    plain = offer.model_dump(include=set(OfferView.model_fields) - {"monthly"})
    monthly = Money(amount_minor=offer.monthly_minor, currency=offer.currency)
    with_tax = Money(amount_minor=offer.with_tax_minor, currency=offer.currency)
    return OfferView(**plain, monthly=monthly, monthly_with_tax=with_tax)


@api.operation(
    "GET", "/v1/offers", summary="What is sold", permission=Permission.OFFER_READ, query=WantedOffers,
    returns=OfferView,
)  # fmt: skip
def list_offers(request: Request[Empty, WantedOffers]) -> Items[OfferView]:
    """Plans and add-ons in order of their codes, those that are not sold any more among them."""
    query = request.query
    found, key = offers().page(query.limit, request.start)
    wanted = [offer for offer in found if query.service in (None, offer.service) and query.kind in (None, offer.kind)]
    return Items([_view(offer) for offer in wanted], key)


@api.operation(
    "GET", "/v1/offers/{code}", summary="Read an offer", permission=Permission.OFFER_READ, returns=OfferView,
    errors=(NotFound,), versioned=True,
)  # fmt: skip
def read_offer(request: Request[Empty, Empty]) -> Reply[OfferView]:
    """One offer as it stands."""
    offer = offers().get(request.path["code"])
    return Reply(_view(offer), version=offer.version)


@api.operation(
    "PUT", "/v1/offers/{code}", summary="Set an offer", permission=Permission.OFFER_WRITE, body=NewOffer,
    returns=OfferView, versioned=True,
)  # fmt: skip
def set_offer(request: Request[NewOffer, Empty]) -> Reply[OfferView]:
    """Makes a new offer, or with If-Match the next version of one. Earlier versions are kept, and so are contracts that
    were made by them. Stripe's price must have the code as its look-up key and the same amount."""
    seen = request.if_match if "if-match" in request.headers else None
    offer = offers().set(request.path["code"], request.body, seen, actor_of(request))
    return Reply(_view(offer), version=offer.version)
