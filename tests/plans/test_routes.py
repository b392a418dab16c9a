"""Payment plans through HTTP: quote, agree, read, settle, renegotiate, end, and who may do what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts.holds import HoldKind
from chalicelib.plans.jobs import collect_instalments
from tests.billing.builders import a_line, an_invoice
from tests.harness import HttpAnswer, HttpDesk
from tests.identity.http import verify
from tests.payments.fakes import an_event
from tests.payments.wallet import FakeWallet

BUDGET = {
    "income": {"amount_minor": 150_000, "currency": "GBP"},
    "essentials": {"amount_minor": 140_000, "currency": "GBP"},
    "other_debts": {"amount_minor": 3_000, "currency": "GBP"},
}
ADDRESS = {"line1": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"}


@pytest.fixture
def wallet(cloud: None, monkeypatch: pytest.MonkeyPatch) -> FakeWallet:
    fake = FakeWallet()
    monkeypatch.setattr(wiring, "stripe_gateway", lambda: fake)
    return fake


class Counter:
    """A desk with one account that owes 100.00 GBP."""

    def __init__(self, desk: HttpDesk) -> None:
        self.desk = desk
        opened = self.call("POST", "/v1/accounts", {
            "name": {"given": "Ada", "family": "Lovelace"}, "emails": ["ada@example.com"], "billing_address": ADDRESS,
            "currency": "GBP",
        })  # fmt: skip
        self.account: str = opened.json["account_id"]
        self.owes("inv_1", 10_000)
        verify(desk, self.account)

    def owes(self, invoice_id: str, minor: int) -> None:
        line = a_line(net_minor=minor, tax_rate_bp=0)
        wiring.invoices().issue(an_invoice(invoice_id, line, account_id=self.account, number=f"N-{invoice_id}"))

    def call(self, method: str, url: str, body: Any = None, *, key: str | None = None, **how: Any) -> HttpAnswer:
        return self.desk.call(method, url, body, headers={"Idempotency-Key": key} if key else {}, **how)

    def own(self, method: str, path: str, body: Any = None, **how: Any) -> HttpAnswer:
        return self.call(method, f"/v1/accounts/{self.account}/{path}", body, **how)

    def quote(self, body: Any = None, **how: Any) -> Any:
        return self.own("POST", "plan-quotes", body or {}, **how).json

    def agree(self, quote: Any, choice: str = "monthly-3", *, key: str = "one", **how: Any) -> HttpAnswer:
        body = {"quote_id": quote["quote_id"], "choice": choice, "method": "link"}
        return self.own("POST", "payment-plans", body, key=key, **how)

    def renegotiate(self, plan: Any, quote: Any, choice: str, key: str = "again", **how: Any) -> HttpAnswer:
        body = {"quote_id": quote["quote_id"], "choice": choice, "method": "link"}
        return self.call("POST", f"/v1/payment-plans/{plan['plan_id']}/renegotiations", body, key=key, **how)


@pytest.fixture
def counter(desk: HttpDesk, wallet: FakeWallet) -> Counter:
    return Counter(desk)


def amounts(plan: Any) -> list[int]:
    return [each["amount"]["amount_minor"] for each in plan["instalments"]]


def test_a_quote_offers_plans_and_says_where_advice_is_found(counter: Counter) -> None:
    quote = counter.quote()
    assert quote["total"] == {"amount_minor": 10_000, "currency": "GBP"}
    assert [each["choice"] for each in quote["choices"]] == [f"monthly-{n}" for n in (2, 3, 4, 6, 9, 12, 18)]
    assert amounts(quote["choices"][1]) == [3334, 3333, 3333]
    assert (quote["recommended"], quote["affordability"]) == ("monthly-2", None)
    assert [each["name"] for each in quote["advice"]] == ["StepChange", "National Debtline", "MoneyHelper"]
    needs = {each["choice"]: each["needs_approval"] for each in quote["choices"]}
    assert (needs["monthly-12"], needs["monthly-18"]) == ([], ["too_long"])
    assert min(date.fromisoformat(each["due_on"]) for each in quote["choices"][0]["instalments"]) > wiring.today()


def test_a_budget_says_what_is_affordable_and_can_be_erased(counter: Counter) -> None:
    quote = counter.quote({"budget": BUDGET})
    found = quote["affordability"]
    assert (found["disposable"]["amount_minor"], found["affordable"]["amount_minor"]) == (7_000, 3_500)
    assert found["help"] == ["social_tariff"]
    assert quote["recommended"] == "monthly-3"
    assert quote["choices"][0]["needs_approval"] == ["not_affordable"]
    (note,) = counter.own("GET", "affordability-notes").json["items"]
    assert (note["note_id"], note["income"]["amount_minor"]) == (found["note_id"], 150_000)
    assert counter.own("GET", "affordability-notes", role="finance").status == 403
    erased = counter.own("DELETE", f"affordability-notes/{found['note_id']}")
    assert erased.json == {"note_id": found["note_id"]}
    assert counter.own("GET", "affordability-notes").json["items"] == []
    assert counter.own("DELETE", f"affordability-notes/{found['note_id']}").status == 404
    trail = counter.own("GET", "audit", role="supervisor").text
    assert "affordability_note.erased" in trail
    assert "150000" not in trail


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"invoice_ids": ["inv_9"]}, "/invoice_ids/0"),
        ({"first_due_on": "2020-01-01"}, "/first_due_on"),
        ({"first_due_on": "2099-01-01"}, "/first_due_on"),
        ({"instalments": 40}, "/instalments"),
        ({"instalments": 1}, "/instalments"),
        ({"frequency": "weekly", "due_day": 31}, ""),
        ({"deposit": {"amount_minor": 100, "currency": "EUR"}}, ""),
        ({"deposit": {"amount_minor": 10_000, "currency": "GBP"}}, "/instalments"),
        ({"budget": {**BUDGET, "income": {"amount_minor": -1, "currency": "GBP"}}}, "/budget/income"),
    ],
)
def test_what_cannot_be_quoted_is_refused(counter: Counter, body: Any, pointer: str) -> None:
    answer = counter.own("POST", "plan-quotes", body)
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_nothing_due_is_no_plan(counter: Counter, wallet: FakeWallet) -> None:
    pay(counter, wallet, 10_000)
    answer = counter.own("POST", "plan-quotes", {})
    assert (answer.status, answer.json["reason"]) == (409, "nothing_due")


def test_a_customer_makes_the_own_plan(counter: Counter) -> None:
    me = {"role": "customer", "account_id": counter.account}
    quote = counter.quote(**me)
    made = counter.agree(quote, **me)
    plan = made.json
    assert (made.status, plan["status"], plan["left"]["amount_minor"]) == (201, "active", 10_000)
    assert made.headers["location"] == f"/v1/payment-plans/{plan['plan_id']}"
    assert [each["state"] for each in plan["instalments"]] == ["upcoming"] * 3
    assert counter.own("GET", "payment-plans", **me).json["items"] == [plan]
    assert counter.agree(quote, key="two", **me).json == plan
    other = counter.agree(quote, "monthly-2", key="three", **me)
    assert (other.status, other.json["reason"]) == (409, "quote_used")
    shield = wiring.plan_shield().shielded(counter.account)
    assert shield == {"inv_1": 10_000}


def test_an_advisor_agrees_only_for_a_customer_who_was_verified(counter: Counter) -> None:
    """To ask for the approval of a plan takes the same."""
    quote, other = counter.quote(), {"subject": "another-advisor"}
    refused = counter.agree(quote, **other)
    assert (refused.status, refused.json["code"], refused.json["required_level"]) == (
        403,
        "step_up_required",
        "channel",
    )
    asked = {"action": "payment_plan", "subject_id": quote["quote_id"], "reason": "why",
             "payload": {"choice": "monthly-18", "method": "link"}}  # fmt: skip
    assert counter.call("POST", "/v1/approvals", asked, **other).json["code"] == "step_up_required"
    assert counter.agree(quote, role="customer", account_id=counter.account).status == 201


def test_what_is_anothers_is_not_found(counter: Counter) -> None:
    plan = counter.agree(counter.quote()).json
    stranger = {"role": "customer", "account_id": "acc_other"}
    url = f"/v1/payment-plans/{plan['plan_id']}"
    assert counter.call("GET", url, **stranger).status == 404
    assert counter.call("POST", f"{url}/cancellations", {"reason": "mine"}, **stranger).status == 404
    assert counter.call("POST", f"{url}/settlements", {"method": "link"}, key="k", **stranger).status == 404
    assert counter.renegotiate(plan, {"quote_id": "pq_1"}, "monthly-2", **stranger).status == 404
    quote = counter.quote()
    body = {"quote_id": quote["quote_id"], "choice": "monthly-2", "method": "link"}
    taken = counter.call("POST", "/v1/accounts/acc_other/payment-plans", body, key="x", **stranger)
    assert taken.status == 404


def test_beyond_the_limits_a_second_person_decides(counter: Counter) -> None:
    quote = counter.quote()
    me = {"role": "customer", "account_id": counter.account}
    assert counter.agree(quote, "monthly-9", **me).json["objections"] == ["too_long"]
    refused = counter.agree(quote, "monthly-18", key="two")
    assert (refused.status, refused.json["code"]) == (403, "approval_required")
    assert (refused.json["action"], refused.json["subject_id"]) == ("payment_plan", quote["quote_id"])
    asked = counter.call("POST", "/v1/approvals", {
        "action": "payment_plan", "subject_id": quote["quote_id"], "reason": "lost the job",
        "payload": {"choice": "monthly-18", "method": "link"},
    })  # fmt: skip
    assert (asked.status, asked.json["amount"]["amount_minor"]) == (201, 10_000)
    url = f"/v1/approvals/{asked.json['approval_id']}/decisions"
    done = counter.call("POST", url, {"decision": "approve"}, role="supervisor")
    assert done.json["state"] == "done"
    plan = counter.call("GET", f"/v1/payment-plans/{done.json['outcome']}").json
    assert (len(plan["instalments"]), plan["status"]) == (18, "active")


@pytest.mark.parametrize("payload", [{}, {"choice": "monthly-99", "method": "link"}, {"choice": "x", "method": "cash"}])
def test_no_approval_is_asked_for_what_is_no_plan(counter: Counter, payload: Any) -> None:
    body = {"action": "payment_plan", "subject_id": counter.quote()["quote_id"], "reason": "why", "payload": payload}
    assert counter.call("POST", "/v1/approvals", body).status == 422


def test_only_what_was_quoted_can_be_agreed_to(counter: Counter) -> None:
    quote = counter.quote()
    counter.owes("inv_2", 500)
    assert counter.agree(quote, "monthly-2", key="ok").status == 201  # another bill is not on it
    assert counter.agree({"quote_id": "pq_none"}, key="none").status == 404
    assert counter.agree(quote, "monthly-77", key="odd").json["errors"][0]["pointer"] == "/choice"


def test_a_quote_whose_bills_have_changed_is_refused(counter: Counter, wallet: FakeWallet) -> None:
    quote = counter.quote()
    pay(counter, wallet, 100)
    answer = counter.agree(quote)
    assert (answer.status, answer.json["reason"]) == (409, "quote_changed")


def test_a_quote_runs_out(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    quote = counter.quote()
    run_out = wiring.today() + timedelta(days=9)
    monkeypatch.setattr(wiring, "today", lambda: run_out)
    wiring.payment_plans.cache_clear()
    answer = counter.agree(quote)
    assert (answer.status, answer.json["reason"]) == (409, "quote_expired")


def pay(counter: Counter, wallet: FakeWallet, minor: int) -> None:
    body = {"amount": {"amount_minor": minor, "currency": "GBP"}, "payment_method": "pm_card_visa"}
    taken = counter.own("POST", "payments", body, key=f"pay {minor}").json
    wiring.stripe_events().apply(an_event(wiring.payments().get(taken["payment_id"])))


def test_all_that_is_left_is_settled_and_completes_the_plan(counter: Counter, wallet: FakeWallet) -> None:
    plan = counter.agree(counter.quote()).json
    url = f"/v1/payment-plans/{plan['plan_id']}"
    link = counter.call("POST", f"{url}/settlements", {"method": "link"}, key="l").json
    assert (link["amount"]["amount_minor"], link["url"][:6]) == (10_000, "https:")
    none = counter.call("POST", f"{url}/settlements", {"method": "saved_method"}, key="none")
    assert none.json["errors"][0]["pointer"] == "/payment_method"
    customer = wiring.stripe_customers().holder(counter.account).stripe_customer_id
    wallet.saves("pm_card_visa", str(customer))
    settled = counter.call("POST", f"{url}/settlements", {"method": "saved_method"}, key="s")
    assert (settled.status, settled.json["amount"]["amount_minor"]) == (201, 10_000)
    wiring.stripe_events().apply(an_event(wiring.payments().get(settled.json["payment_id"])))
    assert counter.call("GET", url).json["status"] == "completed"
    assert wiring.plan_shield().shielded(counter.account) == {}
    assert counter.call("POST", f"{url}/settlements", {"method": "link"}, key="z").json["reason"] == "plan_over"


def test_a_plan_is_ended_and_its_bills_are_due_as_before(counter: Counter) -> None:
    plan = counter.agree(counter.quote()).json
    url = f"/v1/payment-plans/{plan['plan_id']}"
    ended = counter.call("POST", f"{url}/cancellations", {"reason": "paid by the family"}).json
    assert (ended["status"], ended["end_reason"]) == ("cancelled", "paid by the family")
    again = counter.call("POST", f"{url}/cancellations", {"reason": "paid by the family"})
    assert (again.status, again.json["reason"]) == (409, "plan_over")
    assert counter.agree(counter.quote(), key="new").status == 201


def test_a_plan_is_renegotiated_once_and_then_with_approval(counter: Counter, wallet: FakeWallet) -> None:
    first = counter.agree(counter.quote()).json
    pay(counter, wallet, 1_000)
    quote = counter.quote()
    assert (quote["replaces"], quote["total"]["amount_minor"]) == (first["plan_id"], 9_000)
    assert counter.agree(quote, key="not so").json["reason"] == "plan_under_way"
    second = counter.renegotiate(first, quote, "monthly-6").json
    assert (second["replaces"], second["left"]["amount_minor"]) == (first["plan_id"], 9_000)
    assert counter.call("GET", f"/v1/payment-plans/{first['plan_id']}").json["status"] == "renegotiated"
    third = counter.renegotiate(second, counter.quote(), "monthly-9", "more")
    assert (third.status, third.json["objections"]) == (403, ["renegotiated_before"])
    actions = [row["action"] for row in counter.own("GET", "audit", role="supervisor").json["items"]]
    assert {"payment_plan.made", "payment_plan.renegotiated", "plan_quote.made"} <= set(actions)


def test_the_morning_run_and_a_hold(counter: Counter) -> None:
    plan = counter.agree(counter.quote()).json
    assert collect_instalments({}, None) == {"plans": 1}
    assert collect_instalments({}, None) == {"plans": 0}
    held = counter.own("POST", "holds", {"kind": HoldKind.BREATHING_SPACE.value, "reference": "BS-1"})
    assert held.status == 201
    resting = counter.call("GET", f"/v1/payment-plans/{plan['plan_id']}").json
    assert resting["is_resting"] is True
    assert counter.own("GET", "payment-plans", role="finance").status == 200
    assert counter.own("POST", "plan-quotes", {}, role="finance").status == 403
