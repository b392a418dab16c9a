"""The workspace over HTTP: one call, two reads, everything that a domain has to say of an account."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts.store import summary_key
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Delete, Put
from chalicelib.workspace.store import ROOM
from tests.billing.builders import a_line, an_invoice
from tests.contacts.conftest import NewAccount, ada, new_account  # noqa: F401 - fixtures
from tests.contacts.test_callers import open_case
from tests.harness import HttpAnswer, HttpDesk, Meter
from tests.workspace.desk import USAGE_ITEM, hold, holds, plan


def workspace(desk: HttpDesk, account: str, role: str = "advisor", **who: Any) -> HttpAnswer:
    return desk.call("GET", f"/v1/accounts/{account}/workspace", role=role, **who)


def say(account_id: str, name: str, item: Item) -> None:
    """What a domain says of the account."""
    pk, sk = summary_key(account_id, name)
    wiring.table().write(Put({**item, "account_id": account_id, "pk": pk, "sk": sk}))


def bill(account_id: str, n: int, net_minor: int, days_ago: int) -> None:
    line = a_line(net_minor=net_minor, tax_rate_bp=0)
    issued_on = wiring.today() - timedelta(days=days_ago)
    wiring.invoices().issue(an_invoice(f"inv_{n}", line, account_id=account_id, number=f"N-{n}", issued_on=issued_on))


@pytest.fixture
def busy(desk: HttpDesk, ada: str) -> str:  # noqa: F811
    """Everything at once: late, disputed in part, on a plan, billed more than before, with a case and alerts."""
    bill(ada, 1, 3000, 60)
    bill(ada, 2, 4000, 5)
    open_case(desk, ada)
    say(ada, "HOLDS", holds(hold("dispute", invoice_id="inv_2", amount_minor=1200, from_on="2000-01-01")))
    say(ada, "PLAN", plan(next_due_on="2999-01-01", covered=[{"invoice_id": "inv_1", "due_minor": 3000}]))
    say(ada, "USAGE", {name: USAGE_ITEM[name] for name in ("limits", "barred", "alerts")})
    say(ada, "PREFS", {"formats": ["large_print"], "version": 1, "support_needs": [
        {"kind": "hearing", "source": "customer", "since_on": "2000-01-01", "consent_to_record": True,
         "recorded_at": "2026-11-01T09:00:00.000Z"},
    ]})  # fmt: skip
    return ada


def test_one_call_tells_it_all(desk: HttpDesk, busy: str) -> None:
    answer = workspace(desk, busy)
    assert answer.status == 200, answer.text
    told = answer.json
    assert told["support"] == {
        "needs": ["hearing"], "formats": ["large_print"], "language": "en-GB", "preferred_channel": None,
        "preferred_time": None,
    }  # fmt: skip
    assert told["customer"]["display_name"] == "Ada Lovelace"
    assert [contact["is_verified"] for contact in told["customer"]["contacts"]] == [False, False]
    assert told["verified"]["level"] == "none"
    amounts = {name: told["money"][name]["amount_minor"] for name in ("balance", "overdue", "credit", "to_ask")}
    assert amounts == {"balance": 7000, "overdue": 3000, "credit": 0, "to_ask": 0}
    assert told["money"]["open_invoices"][1]["disputed"]["amount_minor"] == 1200
    assert told["money"]["last_bill"]["difference"]["amount_minor"] == 1000
    assert told["payment_plan"]["next"]["amount_minor"] == 3334
    assert told["usage"]["alerts"][0] | {"at": ""} == {"of": "spending_limit", "percent": 80, "at": ""}
    assert [each["kind"] for each in told["holds"]] == ["dispute"]
    assert [each["subject"] for each in told["cases"]] == ["Bill"]
    assert [each["reason"] for each in told["reasons"]][:3] == ["bill_went_up", "overdue", "open_case"]
    assert told["actions"][0]["action"] == "verify_customer"
    assert told["actions"][0]["path"] == f"/v1/accounts/{busy}/verifications"


def test_two_requests_and_few_units_whatever_there_is(desk: HttpDesk, busy: str, meter: Meter) -> None:
    assert workspace(desk, busy).status == 200
    assert sorted(meter.calls) == ["Query", "Query"]
    assert meter.read_units <= 2
    assert meter.write_units == 0


def test_both_reads_are_under_way_at_the_same_time(desk: HttpDesk, busy: str) -> None:
    """Each of the two waits until the other has begun: one after the other, they would wait for ever."""
    both = threading.Barrier(2, timeout=5)
    client = wiring.table().client

    def wait(**_: Any) -> None:
        both.wait()

    client.meta.events.register("before-call.dynamodb.Query", wait)
    assert workspace(desk, busy).status == 200


def test_a_summary_that_outgrows_a_page_never_costs_the_balance(desk: HttpDesk, busy: str, meter: Meter) -> None:
    for n in range(ROOM):
        say(busy, f"NEW{n:02}", {"something": n})
    told = workspace(desk, busy).json
    assert told["money"]["balance"]["amount_minor"] == 7000
    assert len(meter.calls) == ROOM + 3


def test_an_account_without_anything(desk: HttpDesk, ada: str) -> None:  # noqa: F811
    told = workspace(desk, ada).json
    assert told["money"]["balance"] == {"amount_minor": 0, "currency": "GBP"}
    empty = ("cases", "holds", "collection", "guides", "reasons")
    assert {name: told[name] for name in empty} == {name: [] for name in empty}
    assert (told["money"]["last_bill"], told["payment_plan"]) == (None, None)


def test_closed_and_merged_accounts_are_shown(desk: HttpDesk, busy: str) -> None:
    head = wiring.table().get(f"A#{busy}", "L$HEAD")
    assert head
    wiring.table().write(Put({**head, "status": "merged", "merged_into": "acc_2"}))
    told = workspace(desk, busy).json
    assert (told["customer"]["status"], told["customer"]["merged_into"], told["actions"]) == ("merged", "acc_2", [])


def test_an_account_that_is_not_there(desk: HttpDesk, busy: str) -> None:
    assert workspace(desk, "acc_9").status == 404
    wiring.table().write(Delete(f"A#{busy}", "L$HEAD"))
    assert workspace(desk, busy).status == 404


@pytest.mark.parametrize(
    ("role", "status"), [("customer", 403), ("advisor", 200), ("supervisor", 200), ("finance", 200), ("admin", 200)]
)
def test_it_is_for_staff(desk: HttpDesk, busy: str, role: str, status: int) -> None:
    own = {"account_id": busy} if role == "customer" else {}
    assert workspace(desk, busy, role, **own).status == status
