"""The demo company's price list and contracts: what a desk has to be able to show, on any day of loading, once."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.audit.model import Actor
from chalicelib.subscriptions.offer import OfferKind
from chalicelib.subscriptions.offer_store import OfferStore
from chalicelib.subscriptions.terms import Terms
from infra.local.seed import COMPANY
from infra.local.seed_offers import load_offers
from tests.memory_table import MemoryTable

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def table() -> MemoryTable:
    table = MemoryTable()
    load_offers(table, accounts(), NOW, Actor("demo", "demo company"))
    return table


def accounts() -> list[dict[str, Any]]:
    company = json.loads(COMPANY.read_text("utf-8"))
    return [*company["accounts"], company["sandbox"]]


def contracts(table: MemoryTable) -> list[Terms]:
    plans = [(row["account_id"], plan["subscription_id"]) for row in accounts() for plan in row["subscriptions"]]
    return [OfferStore(table).terms(account_id, [plan])[plan] for account_id, plan in plans]


def test_there_is_something_of_every_kind_to_show(table: MemoryTable) -> None:
    sold, _ = OfferStore(table).page(100, None)

    assert {offer.kind for offer in sold} == set(OfferKind)
    assert {offer.service for offer in sold} == {"broadband", "mobile", "tv"}
    assert {offer.currency for offer in sold} == {"GBP", "EUR"}
    mobile = [offer for offer in sold if offer.service == "mobile" and offer.kind is OfferKind.PLAN]
    for offer in mobile:
        assert {"data_mb", "voice_s", "texts", "roaming_data_mb"} <= {each.measure for each in offer.allowances}
        assert {"roaming_voice_s", "premium_voice_s"} <= {each.measure for each in offer.out_of_bundle}
    assert any(offer.price_rises for offer in sold)
    assert not all(offer.is_sold for offer in sold)
    codes = {offer.code for offer in sold}
    assert all(code in codes for offer in sold for code in offer.fits)


def test_contracts_run_end_soon_and_are_over(table: MemoryTable) -> None:
    soon, today = timedelta(days=30), NOW.date()
    ends = [terms.minimum_ends_on for terms in contracts(table) if terms.minimum_ends_on]

    assert any(today < end <= today + soon for end in ends)
    assert any(end > today + soon for end in ends)
    assert any(end < today for end in ends)
    assert any(terms.exit_fee_minor(today) for terms in contracts(table))


def test_loading_again_changes_nothing(table: MemoryTable) -> None:
    before = deepcopy(table.items)

    load_offers(table, accounts(), NOW + timedelta(days=1), Actor("demo", "demo company"))

    assert table.items == before
