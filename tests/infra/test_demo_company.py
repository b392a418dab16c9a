"""The demo company is what its file says: sums to the penny, check digits, reserved phones and mail domains."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.accounts.model import Profile
from chalicelib.platform.fields import canonical_email, canonical_phone

FILE = Path(__file__).parents[2] / "infra" / "local" / "demo_company.json"
COMPANY: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
ACCOUNTS: list[dict[str, Any]] = COMPANY["accounts"]
INVOICES: list[dict[str, Any]] = [invoice for account in ACCOUNTS for invoice in account["invoices"]]
TAX_RATE_BP = {"GB": 2000, "IE": 2300, "DE": 1900}
DRAMA_PHONE = r"\+(447700900\d{3}|442079460\d{3}|35320915\d{4}|493023125\d{3})"
ULID = r"[0-7][0-9A-HJKMNP-TV-Z]{25}"

each_account = pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account["name"]["family"])
each_invoice = pytest.mark.parametrize("invoice", INVOICES, ids=lambda invoice: invoice["invoice_number"])


def remainder_11_10(digits: str) -> int:
    """1 when the last digit is the ISO 7064 MOD 11,10 check digit of those before it."""
    product = 10
    for digit in digits[:-1]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (product + int(digits[-1])) % 10


def succeeded(account: dict[str, Any]) -> list[dict[str, Any]]:
    return [payment for payment in account["payments"] if payment["state"] == "succeeded"]


def paid_minor(account: dict[str, Any], invoice: dict[str, Any]) -> int:
    return sum(
        payment["amount_minor"] for payment in succeeded(account) if payment["invoice_id"] == invoice["invoice_id"]
    )


def identifiers(node: Any) -> Iterator[tuple[str, str]]:
    """Every field of an object that names the object itself; `invoice_id` of a payment points elsewhere."""
    if isinstance(node, list):
        for entry in node:
            yield from identifiers(entry)
    elif isinstance(node, dict):
        pointers = {"invoice_id"} if "payment_id" in node else set()
        for name, value in node.items():
            if name.endswith(("_id", "_number")) and name not in pointers and value is not None:
                yield name, value
            yield from identifiers(value)


def test_check_digit_rule_on_the_standards_own_example() -> None:
    assert remainder_11_10("07945") == 1
    assert remainder_11_10("07954") != 1


@each_account
def test_account_number_carries_its_check_digit(account: dict[str, Any]) -> None:
    assert re.fullmatch(r"\d{10}", account["account_number"])
    assert remainder_11_10(account["account_number"]) == 1


@each_account
def test_contact_data_is_canonical_and_belongs_to_nobody(account: dict[str, Any]) -> None:
    assert account["emails"]
    assert account["phones"]
    for email in account["emails"]:
        assert canonical_email(email) == email
        assert email.endswith(("@example.com", ".example"))
    for phone in account["phones"]:
        assert canonical_phone(phone) == phone
        assert re.fullmatch(DRAMA_PHONE, phone)


@each_account
def test_profile_is_one_that_the_desk_accepts(account: dict[str, Any]) -> None:
    fields = ("name", "emails", "phones", "billing_address", "language")
    profile = Profile.model_validate({name: account[name] for name in fields})
    assert account["currency"] == ("GBP" if profile.billing_address.country == "GB" else "EUR")
    assert account["kind"] == ("business" if "company" in account["name"] else "consumer")


@each_account
def test_each_of_the_last_three_periods_has_one_invoice(account: dict[str, Any]) -> None:
    assert [invoice["period_offset"] for invoice in account["invoices"]] == [-3, -2, -1]
    rates = {line["tax_rate_bp"] for invoice in account["invoices"] for line in invoice["lines"]}
    assert rates <= {0, TAX_RATE_BP[account["billing_address"]["country"]]}


@each_invoice
def test_lines_sum_to_the_invoice(invoice: dict[str, Any]) -> None:
    lines = invoice["lines"]
    for line in lines:
        assert line["net_minor"] == line["quantity"] * line["unit_amount_minor"]
        scaled = abs(line["net_minor"] * line["tax_rate_bp"])
        assert abs(line["tax_minor"]) == (scaled + 5000) // 10000
        assert line["net_minor"] * line["tax_minor"] >= 0
    assert invoice["net_minor"] == sum(line["net_minor"] for line in lines)
    assert invoice["tax_minor"] == sum(line["tax_minor"] for line in lines)
    assert invoice["total_minor"] == invoice["net_minor"] + invoice["tax_minor"] > 0


@each_invoice
def test_invoice_number_carries_its_check_digit(invoice: dict[str, Any]) -> None:
    number = re.fullmatch(r"NWT-(\d{9})", invoice["invoice_number"])
    assert number
    assert remainder_11_10(number[1]) == 1


@each_account
def test_payments_make_the_state_of_the_invoices_and_the_balance(account: dict[str, Any]) -> None:
    for invoice in account["invoices"]:
        due_when = {True: invoice["total_minor"], False: 0}
        paid = invoice["paid"]
        assert paid_minor(account, invoice) == (due_when[paid] if isinstance(paid, bool) else paid)
    billed = sum(invoice["total_minor"] for invoice in account["invoices"])
    assert account["balance_minor"] == billed - sum(payment["amount_minor"] for payment in succeeded(account))


@each_account
def test_payments_name_an_invoice_of_the_account_and_their_way_in(account: dict[str, Any]) -> None:
    offsets = {invoice["invoice_id"]: invoice["period_offset"] for invoice in account["invoices"]}
    for payment in account["payments"]:
        assert payment["invoice_id"] is None or offsets[payment["invoice_id"]] == payment["period_offset"]
        assert payment["amount_minor"] > 0
        assert payment["state"] in {"succeeded", "pending"}
        through_stripe = payment["method"] in {"card", "direct_debit"}
        assert through_stripe == bool(payment["payment_intent_id"])
        assert through_stripe or payment["method"] == "bank_transfer"


def test_identifiers_are_well_formed_and_unique() -> None:
    found = list(identifiers(ACCOUNTS))
    assert not {name: count for name, count in Counter(found).items() if count > 1}
    prefixes = {"account": "acc", "subscription": "sub", "invoice": "inv", "line": "line", "payment": "pay"}
    for name, value in found:
        prefix = prefixes.get(name.removesuffix("_id"))
        assert prefix is None or re.fullmatch(f"{prefix}_{ULID}", value)
    assert COMPANY["demo_account_id"] in {account["account_id"] for account in ACCOUNTS}


def test_vocabulary_is_closed() -> None:
    assert {line["kind"] for invoice in INVOICES for line in invoice["lines"]} == {
        "subscription", "usage", "equipment", "addon", "one_off", "discount", "proration",
    }  # fmt: skip
    subscriptions = [entry for account in ACCOUNTS for entry in account["subscriptions"]]
    assert {entry["service"] for entry in subscriptions} == {"broadband", "mobile", "tv"}
    cases = [case for account in ACCOUNTS for case in account["open_cases"]]
    assert {case["queue"] for case in cases} == {"billing", "payments", "complaints", "technical"}
    assert {case["channel"] for case in cases} == {"mail", "phone", "chat", "web"}
    assert all(case["hours_ago"] > 0 and case["subject"] and case["opening_message"] for case in cases)


def test_the_dozen_shows_what_a_desk_meets() -> None:
    countries = Counter(account["billing_address"]["country"] for account in ACCOUNTS)
    assert (countries["GB"], countries["IE"], countries["DE"], len(ACCOUNTS)) == (10, 1, 1, 12)
    assert {"cy-GB", "de-DE"} <= {account["language"] for account in ACCOUNTS}
    assert any(account["balance_minor"] < 0 for account in ACCOUNTS), "one in credit"
    unpaid = [invoice["period_offset"] for invoice in INVOICES if invoice["paid"] is False]
    assert -3 in unpaid, "one overdue on any day of loading"
    assert any(type(invoice["paid"]) is int for invoice in INVOICES), "one paid in part"
    (business,) = [account for account in ACCOUNTS if account["kind"] == "business"]
    assert len(business["invoices"][-1]["lines"]) >= 10
    assert any(account["support_needs"] for account in ACCOUNTS), "one vulnerable"
    shared = Counter(email for account in ACCOUNTS for email in account["emails"])
    assert max(shared.values()) == 2, "one household"


def test_the_planted_billing_faults_are_there() -> None:
    codes = [Counter(line["code"] for line in invoice["lines"]) for invoice in INVOICES]
    assert sum(counted["EQ-ROUTER"] == 2 for counted in codes) == 1, "router rental charged twice, once"
    last_two = [account["invoices"][1:] for account in ACCOUNTS]
    (jumped,) = [last for before, last in last_two if last["total_minor"] > 5 * before["total_minor"]]
    assert any(line["code"].startswith("ROAM-") for line in jumped["lines"])
