"""Money that moves for real between the desk and the local Stripe. Each step may be repeated: nothing moves twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.accounts.store import head_key
from infra.local.demo.desk import Answer, Desk, wait_for
from infra.local.demo.outcomes import NOTHING, Outcome
from infra.local.demo.story import Step
from infra.local.demo.stripe_door import StripeDoor
from infra.local.seed import COMPANY

GEORGE = "acc_01M811DDAB0MHAAQHDBW4S78YP"
BRIGHTWATER = "acc_01M7GB8EP8JVS4Q896ESQ61KNS"
DANIEL = "acc_01M6FXPYPNQMYTWQXS3Y4A9W4Q"
MARGARET = "acc_01M7Y1QRABA8PEE1BZT193NQ6P"
LINKED = "Your link to pay £40.00"
CASES = 2
"""How many cases these steps open."""


@dataclass(frozen=True)
class Till:
    """`take` tells this demo's idempotency keys from another's."""

    desk: Desk
    stripe: StripeDoor
    take: str

    def steps(self) -> Iterator[Step]:
        yield "An advisor mails George a link to pay a part of his bills", self.link
        yield "… he pays on Stripe's page: booked, and the receipt comes by mail", self.follow_link
        yield "… and gets five pounds of it back", self.refund
        yield "A bank debit that fails days later: one case, and the customer is told", self.failing_debit
        yield "A card payment is disputed: a case for finance, two days ahead of the bank's deadline", self.dispute
        yield "Stripe bills and collects by itself: the bill stands in the desk's books, paid", self.bill_of_stripe

    def proof(self) -> Iterator[Step]:
        yield "The ledger of every customer adds up, entry by entry", self.add_up

    def link(self) -> Outcome:
        if not self._mailed(GEORGE, LINKED):
            self._post(f"/v1/accounts/{GEORGE}/payment-links", {**_amount(4000), "deliver_to": "mail"}, "link")
        mailed = self._comes(GEORGE, LINKED)
        return Outcome(mailed, "the mail with the link went out", self.desk.link(f"/v1/accounts/{GEORGE}/payments"))

    def follow_link(self) -> Outcome:
        payment = self._payment(GEORGE, 4000)
        if payment is None:
            return NOTHING
        if payment["status"] != "succeeded":
            [mail] = self._mailed(GEORGE, LINKED)
            url = re.findall(r"http\S+", mail.get_body(("plain",)).get_content())[0]
            self.stripe.open(url, payment_method="pm_card_visa", email=self._address(GEORGE))
        thanked = self._comes(GEORGE, "Your payment of £40.00: thank you")
        path = f"/v1/payments/{payment['payment_id']}"
        return Outcome(thanked and self._status(path) == "succeeded", "succeeded, receipt sent", self.desk.link(path))

    def refund(self) -> Outcome:
        payment = self._payment(GEORGE, 4000)
        if payment is None:
            return NOTHING
        sent = self._post(f"/v1/payments/{payment['payment_id']}/refunds", _amount(500), "refund", "finance")
        said = f"{sent.status} {sent.json.get('status', sent.json.get('detail'))}"
        return Outcome(sent.status == 201, said, self.desk.link(f"/v1/accounts/{GEORGE}/ledger"))

    def failing_debit(self) -> Outcome:
        payment = self._payment(BRIGHTWATER, 10000)
        if payment is None:
            payment = self._post(f"/v1/accounts/{BRIGHTWATER}/payment-links", _amount(10000), "debit").json
            failing = "pm_bacsDebit_insufficientFunds"
            self.stripe.open(payment["url"], payment_method=failing, email=self._address(BRIGHTWATER))
        intents = wait_for(lambda: self._intents(payment["payment_id"]) or None)
        if intents is None:
            return NOTHING
        self.stripe.settle(intents[0]["id"])
        return self._case(BRIGHTWATER, "Payment of £100.00 failed", "Your payment of £100.00 did not go through")

    def dispute(self) -> Outcome:
        body = {**_amount(3150), "payment_method": "pm_card_createDispute"}
        taken = self._post(f"/v1/accounts/{DANIEL}/payments", body, "disputed")
        if taken.status != 201:
            return Outcome(False, f"{taken.status} {taken.json.get('detail')}")
        [intent] = self._intents(taken.json["payment_id"])
        self.stripe.settle(intent["latest_charge"])
        return self._case(DANIEL, "Payment of £31.50 disputed at the bank", "about a payment of £31.50")

    def bill_of_stripe(self) -> Outcome:
        head = self.desk.item(*head_key(MARGARET)) or {}
        customer = head["stripe_customer_id"]["S"]
        card = self._at_stripe("/v1/payment_methods/pm_card_visa/attach", {"customer": customer}, "card")["id"]
        drafted = {"customer": customer, "currency": "gbp", "auto_advance": False, "default_payment_method": card}
        bill = self._at_stripe("/v1/invoices", drafted, "invoice")["id"]
        visit = {"customer": customer, "invoice": bill, "amount": 1200, "currency": "gbp"}
        self._at_stripe("/v1/invoiceitems", {**visit, "description": "Engineer's visit"}, "item")
        self._at_stripe(f"/v1/invoices/{bill}/finalize", {}, "finalize")
        self._at_stripe(f"/v1/invoices/{bill}/pay", {}, "pay")
        path = f"/v1/invoices/inv_{bill}"
        return Outcome(bool(wait_for(lambda: self._status(path) == "paid")), "mirrored and paid", self.desk.link(path))

    def add_up(self) -> Outcome:
        accounts = [account["account_id"] for account in json.loads(COMPANY.read_text())["accounts"]]
        proofs = [self._get(f"/v1/accounts/{account_id}/ledger-check") for account_id in accounts]
        entries = sum(proof["entries"] for proof in proofs)
        return Outcome(all(proof["consistent"] for proof in proofs), f"{len(accounts)} ledgers, {entries} entries")

    def _payment(self, account_id: str, amount_minor: int) -> Any:
        """The account's payment of this amount; None when there is none."""
        payments = self._get(f"/v1/accounts/{account_id}/payments?limit=100")["items"]
        return next((each for each in payments if each["amount"]["amount_minor"] == amount_minor), None)

    def _case(self, account_id: str, subject: str, told: str) -> Outcome:
        """The account's only case of this subject, and the only mail that tells of it."""
        path = f"/v1/cases?account_id={account_id}&limit=100"

        def found() -> Any:
            cases = [case for case in self._get(path)["items"] if case["subject"] == subject]
            return cases if cases and self._mailed(account_id, told) else None

        cases = wait_for(found)
        if not cases:
            return NOTHING
        said = f"case {cases[0]['reference']} in {cases[0]['queue']}, due {cases[0]['due_at']}; the customer is told"
        once = len(cases) == len(self._mailed(account_id, told)) == 1
        return Outcome(once, said, self.desk.link(f"/v1/cases/{cases[0]['case_id']}"))

    def _intents(self, payment_id: str) -> list[Any]:
        intents = self.stripe.get("/v1/payment_intents?limit=100")["data"]
        return [intent for intent in intents if intent["metadata"].get("payment_id") == payment_id]

    def _comes(self, account_id: str, words: str) -> bool:
        """Whether a mail with these words in its subject goes out to the account in time."""
        return bool(wait_for(lambda: bool(self._mailed(account_id, words))))

    def _mailed(self, account_id: str, words: str) -> list[Any]:
        return [mail for mail in self.desk.mails(self._address(account_id)) if words in str(mail["Subject"])]

    def _address(self, account_id: str) -> str:
        return str(self._get(f"/v1/accounts/{account_id}")["emails"][0])

    def _status(self, path: str) -> str | None:
        found = self.desk.call("GET", path, role="finance")
        return found.json["status"] if found.status == 200 else None

    def _get(self, path: str) -> Any:
        return self.desk.call("GET", path, role="supervisor").json

    def _post(self, path: str, body: Mapping[str, Any], key: str, role: str = "advisor") -> Answer:
        return self.desk.call("POST", path, body, role=role, headers={"Idempotency-Key": f"demo-{self.take}-{key}"})

    def _at_stripe(self, path: str, params: Mapping[str, Any], key: str) -> Any:
        return self.stripe.post(path, params, f"demo-{self.take}-{key}")


def _amount(minor: int) -> dict[str, Any]:
    return {"amount": {"amount_minor": minor, "currency": "GBP"}}
