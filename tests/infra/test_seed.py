"""The demo company loads through the real services, twice with one effect, and owes what its file says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.cases.gateway import BucketTexts
from chalicelib.platform import aws
from infra.local import seed
from infra.local.seed import COMPANY, Loading, load, period_end
from tests.harness import ENVIRONMENT, HttpDesk
from tests.infra.stripe.desk import API_KEY, start
from tests.infra.stripe.desk import Desk as LocalDesk

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def company() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(COMPANY.read_text())
    return loaded


def items() -> dict[tuple[str, str], Any]:
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=ENVIRONMENT["TABLE_NAME"])
    return {(item["pk"]["S"], item["sk"]["S"]): item for page in pages for item in page["Items"]}


@pytest.mark.slow
def test_every_account_owes_what_its_file_says_and_a_second_load_changes_nothing(
    desk: HttpDesk, company: dict[str, Any]
) -> None:
    texts = BucketTexts(aws.s3(), ENVIRONMENT["MAIL_BUCKET"])
    loading = Loading(wiring.table(), texts, NOW, company["payment_terms_days"])
    for row in company["accounts"]:
        loading.account(row)
    for row in company["accounts"]:
        balance = desk.call("GET", f"/v1/accounts/{row['account_id']}/balance").json["balance"]
        assert balance["amount_minor"] == row["balance_minor"], row["name"]
        proof = desk.call("GET", f"/v1/accounts/{row['account_id']}/ledger-check", role="finance").json
        assert (proof["consistent"], proof["entries"] > 0) == (True, True), row["name"]
        cases = desk.call("GET", f"/v1/cases?account_id={row['account_id']}").json["items"]
        assert len(cases) == len(row["open_cases"])
    before = items()
    for row in company["accounts"]:
        loading.account(row)
    assert items() == before


def test_what_a_tool_is_told_of_the_loaded_company(
    desk: HttpDesk, company: dict[str, Any], stripe_desk: LocalDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = {**company, "accounts": company["accounts"][:1]}
    (tmp_path / "company.json").write_text(json.dumps(small))
    monkeypatch.setattr(seed, "COMPANY", tmp_path / "company.json")
    names = {"table": ENVIRONMENT["TABLE_NAME"], "mail_bucket": ENVIRONMENT["MAIL_BUCKET"]}
    handle: dict[str, Any] = {"region": "eu-west-2", "aws_endpoint": None, "credentials": {}, "resources": names}
    handle["stripe"] = {"api_key": API_KEY, "api_base": stripe_desk.server.url}

    told = load(handle)

    assert told["account_id"] == company["demo_account_id"]
    sandbox = told["sandbox"]["account_id"]
    plans = desk.call("GET", f"/v1/accounts/{sandbox}/subscriptions").json["items"]
    assert [plan["anchor_day"] for plan in plans] == [31, 31]
    clock = stripe_desk.v1.test_helpers.test_clocks.retrieve(told["sandbox"]["test_clock"])
    assert clock.status == "ready"
    before = items()
    assert load(handle) == told
    assert items() == before


@pytest.fixture
def stripe_desk(tmp_path: Path) -> Iterator[LocalDesk]:
    stripe_desk = start(tmp_path / "stripe.sqlite")
    yield stripe_desk
    stripe_desk.server.stop()


@given(today=st.dates(date(2024, 1, 1), date(2030, 1, 1)), anchor=st.integers(1, 31), offset=st.integers(-14, -1))
def test_periods_end_on_their_anchor_one_after_the_other(today: date, anchor: int, offset: int) -> None:
    end, following = period_end(today, anchor, offset), period_end(today, anchor, offset + 1)
    assert end < following
    assert (following.year * 12 + following.month) - (end.year * 12 + end.month) == 1
    assert end.day == anchor or (end.day < anchor and (end.replace(day=28).month != end.month or end.day >= 28))
    assert period_end(today, anchor, -1) <= today < period_end(today, anchor, 0)
