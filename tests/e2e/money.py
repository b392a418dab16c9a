"""A customer of the test's own, with bills to pay: what the desk does with the money, and what can be seen of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from chalicelib.billing.service import Invoices
from chalicelib.billing.store import BillingStore
from chalicelib.platform.dynamo import Table
from infra.local.demo.desk import Answer, Desk, wait_for
from infra.local.demo.stripe_door import StripeDoor
from tests.billing.builders import a_line, an_invoice

ADDRESS = {"line1": "2 Mill Lane", "city": "Leeds", "postal_code": "LS1 4AP", "country": "GB"}


@dataclass(frozen=True)
class Customer:
    """Answers of the desk about one account."""

    desk: Desk
    stripe: StripeDoor
    account_id: str
    mail: str

    @property
    def path(self) -> str:
        return f"/v1/accounts/{self.account_id}"

    @property
    def table(self) -> Table:
        return Table(self.desk.dynamodb, self.desk.resources["table"])

    def post(self, path: str, body: Any, role: str = "advisor", key: str | None = None) -> Answer:
        return self.desk.call("POST", path, body, role=role, headers={"Idempotency-Key": key or uuid4().hex})

    def read(self, path: str, role: str = "finance") -> Any:
        answer = self.desk.call("GET", path, role=role)
        assert answer.status == 200, answer.json
        return answer.json

    def bill(self, net_minor: int) -> str:
        """Bill this and 20 % tax; the id of the invoice."""
        number = f"NWT-{uuid4().int % 10**9:09d}"
        invoice = an_invoice(
            f"inv_{uuid4().hex}", a_line(net_minor=net_minor), account_id=self.account_id, number=number
        )
        Invoices(BillingStore(self.table), lambda: datetime.now(UTC), datetime.now(UTC).date).issue(invoice)
        return invoice.invoice_id

    def pay(self, amount_minor: int, method: str = "pm_card_visa", key: str | None = None) -> Answer:
        """Take a payment for the customer, by a test card or a saved method."""
        amount = {"amount_minor": amount_minor, "currency": "GBP"}
        return self.post(f"{self.path}/payments", {"amount": amount, "payment_method": method}, key=key)

    def paid(self, amount_minor: int, method: str = "pm_card_visa") -> str:
        """The id of a payment that is booked."""
        taken = self.pay(amount_minor, method)
        assert taken.status == 201, taken.json
        self.becomes(f"/v1/payments/{taken.json['payment_id']}", "succeeded")
        return str(taken.json["payment_id"])

    def refund(self, payment_id: str, amount_minor: int | None = None, key: str | None = None) -> Answer:
        amount = {"amount": {"amount_minor": amount_minor, "currency": "GBP"}} if amount_minor else {}
        return self.post(f"/v1/payments/{payment_id}/refunds", amount, "finance", key)

    def becomes(self, path: str, status: str) -> None:
        """Wait until what stands under the path has this status, or state."""

        def has() -> bool:
            found = self.read(path)
            return bool(found.get("status", found.get("state")) == status)

        assert wait_for(has), self.read(path)

    @property
    def balance(self) -> int:
        return int(self.read(f"{self.path}/balance")["balance"]["amount_minor"])

    @property
    def ledger(self) -> list[tuple[str, int]]:
        """Kind and amount of each entry, oldest first."""
        entries = self.read(f"{self.path}/ledger?limit=100")["items"]
        return [(entry["kind"], entry["amount"]["amount_minor"]) for entry in reversed(entries)]

    def proven(self) -> bool:
        return bool(self.read(f"{self.path}/ledger-check")["consistent"])

    def intent_of(self, payment_id: str) -> str:
        """Stripe's intent of a payment, which no view tells."""
        pointer = self.desk.item(f"P#{payment_id}")
        row = self.desk.item(f"A#{self.account_id}", pointer["row"]["S"]) if pointer else None
        assert row is not None
        return str(row["payment_intent_id"]["S"])

    def dispute_of(self, payment_id: str) -> str:
        """Stripe's id of the dispute that the customer's bank opens about a payment, opened now."""
        intent = self.intent_of(payment_id)
        self.stripe.settle(self.stripe.get(f"/v1/payment_intents/{intent}")["latest_charge"])
        [dispute] = self.stripe.get(f"/v1/disputes?payment_intent={intent}")["data"]
        return str(dispute["id"])

    def argue(self, dispute: str, evidence: str) -> None:
        """Finance sends its evidence (`winning_evidence`, `losing_evidence`) to the bank, and the bank decides."""
        self.stripe.post(f"/v1/disputes/{dispute}", {"evidence": {"uncategorized_text": evidence}, "submit": True})
        self.stripe.settle(dispute)

    def quiet(self) -> None:
        """Wait until every webhook of Stripe's that is on its way has been dealt with."""
        self.stripe.flush()
        assert wait_for(lambda: self.desk.is_drained("stripe_events_queue"))

    def cases(self) -> list[Any]:
        """The cases of the account, newest first."""
        return list(self.read(f"/v1/cases?account_id={self.account_id}", "advisor")["items"])

    def case(self) -> Any:
        """The only case of the account, once there is one."""
        assert wait_for(lambda: self.cases() or None), "no case was opened"
        [case] = self.cases()
        return case

    def mail_about(self, words: str) -> str:
        """The text of the only mail to the customer whose subject has these words, once it is there."""
        assert wait_for(lambda: self.mails_about(words) or None), f"no mail about {words!r}"
        [text] = self.mails_about(words)
        return text

    def mails_about(self, words: str) -> list[str]:
        found = [mail for mail in self.desk.mails(self.mail) if words in str(mail["Subject"])]
        return [mail.get_body(("plain",)).get_content().replace("\r\n", "\n") for mail in found]


def a_customer(desk: Desk, *net_minor: int) -> Customer:
    """A new customer who has been billed these amounts and tax."""
    mail = f"{uuid4().hex}@example.com"
    new = {"name": {"given": "Ada", "family": "Byron"}, "emails": [mail], "billing_address": ADDRESS}
    opened = desk.call("POST", "/v1/accounts", new, role="advisor")
    assert opened.status == 201, opened.json
    customer = Customer(desk, StripeDoor.of(desk.handle), opened.json["account_id"], mail)
    for net in net_minor:
        customer.bill(net)
    return customer
