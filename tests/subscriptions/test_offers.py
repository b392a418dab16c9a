"""What is sold: set once, changed by who read it, loaded twice without an effect; and what it says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from chalicelib.audit.model import Actor
from chalicelib.audit.store import AuditStore
from chalicelib.platform.dynamo import Key
from chalicelib.platform.errors import NotFound, PreconditionFailed, PreconditionRequired
from chalicelib.subscriptions.offer import OfferKind, PriceRise
from chalicelib.subscriptions.offer_store import OfferStore
from chalicelib.subscriptions.offers import Offers
from tests.fakes import CountingIds, FixedClock
from tests.memory_table import MemoryTable
from tests.subscriptions.shelf import an_offer

ADMIN = Actor("sub-admin", "admin.one", "req-1")


@pytest.fixture
def table() -> MemoryTable:
    return MemoryTable()


@pytest.fixture
def offers(table: MemoryTable) -> Offers:
    return Offers(OfferStore(table), FixedClock(), CountingIds())


def test_an_offer_is_set_and_changed_by_who_read_it(offers: Offers, table: MemoryTable) -> None:
    first = offers.set("FIBRE-100", an_offer("X-1", 2750), None, ADMIN)
    assert (first.code, first.version, offers.get("FIBRE-100")) == ("FIBRE-100", 1, first)
    with pytest.raises(PreconditionRequired):
        offers.set("FIBRE-100", an_offer("X-1", 2900), None, ADMIN)
    with pytest.raises(PreconditionFailed):
        offers.set("FIBRE-100", an_offer("X-1", 2900), 2, ADMIN)
    second = offers.set("FIBRE-100", an_offer("X-1", 2900), 1, ADMIN)
    assert (second.version, offers.get("FIBRE-100").monthly_minor) == (2, 2900)

    kept = table.query(Key("pk").eq("OFFER#FIBRE-100") & Key("sk").begins_with("V#")).items
    assert [item["offer"]["monthly_minor"] for item in kept] == [2750, 2900]
    entries, _ = AuditStore(table).page("OFFER#FIBRE-100", 10, None)
    assert {entry.action for entry in entries} == {"offer.created", "offer.changed"}


def test_rivals_do_not_overwrite_each_other(offers: Offers, table: MemoryTable) -> None:
    offers.set("FIBRE-100", an_offer("X-1", 2750), None, ADMIN)

    def rival(name: str) -> None:
        if name == "before transact" and offers.get("FIBRE-100").version == 1:
            offers.set("FIBRE-100", an_offer("X-1", 2800), 1, ADMIN)

    slow = Offers(OfferStore(table.seen(rival)), FixedClock(), CountingIds())
    with pytest.raises(PreconditionFailed):
        slow.set("FIBRE-100", an_offer("X-1", 2900), 1, ADMIN)
    assert offers.get("FIBRE-100").monthly_minor == 2800


def test_a_price_list_is_loaded_once(offers: Offers) -> None:
    listed = [an_offer("FIBRE-100", 2750), an_offer("FIBRE-500", 3500)]
    assert offers.load(listed, ADMIN) == 2
    assert offers.load(listed, ADMIN) == 0
    assert offers.load([an_offer("FIBRE-500", 3600)], ADMIN) == 1
    assert [offer.version for offer in offers.page(10, None)[0]] == [1, 2]


def test_what_is_not_sold_is_not_found(offers: Offers) -> None:
    with pytest.raises(NotFound):
        offers.get("NONE")
    with pytest.raises(PreconditionFailed):
        offers.set("NONE", an_offer("X-1", 1), 1, ADMIN)


@pytest.mark.parametrize(
    "wrong",
    [
        {"price_rises": [{"from_on": "2027-04-01", "by_minor": 1}, {"from_on": "2027-04-01", "by_minor": 2}]},
        {"exit_fee": {"per_month_minor": 100}},
        {"fits": ["FIBRE-100"]},
        {"kind": "addon", "contract_months": 12},
        {"code": "lower case"},
        {"monthly_minor": -1},
    ],
)
def test_offers_that_contradict_themselves_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        an_offer(**{"code": "X-1", "monthly_minor": 100, **wrong})


def test_add_ons_go_with_some_plans_or_all_of_their_service() -> None:
    fibre, mobile = an_offer("FIBRE-100", 1), an_offer("MOB-1", 1, service="mobile")
    free = an_offer("ROUTER", 1, kind=OfferKind.ADDON)
    bound = an_offer("SECURITY", 1, kind=OfferKind.ADDON, fits=("MOB-1",))
    assert [free.goes_with(fibre), free.goes_with(mobile)] == [True, False]
    assert [bound.goes_with(fibre), bound.goes_with(mobile)] == [False, True]


def test_a_consumer_pays_the_price_with_tax() -> None:
    assert an_offer("X-1", 2999).with_tax_minor == 3599


def test_rises_are_told_in_pounds_and_pence() -> None:
    rises = (PriceRise(from_on=date(2027, 4, 1), by_minor=150), PriceRise(from_on=date(2028, 4, 1), by_minor=200))
    assert an_offer("X-1", 2750, contract_months=24, price_rises=rises).price_rises == rises
