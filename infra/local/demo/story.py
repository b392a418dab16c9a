"""What people do while events come in: a customer pays, an advisor answers and resolves. Each step may be repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from infra.local.demo.desk import Answer, Desk, wait_for
from infra.local.demo.outcomes import NOTHING, Outcome
from infra.local.demo.recording import EVENTS, manifest

Step = tuple[str, Callable[[], Outcome]]
OPENING = "mail/gmail-en-duplicate-router.eml"
REPLY = "mail/reply-to-desk.eml.j2"


@dataclass(frozen=True)
class Story:
    """Amelia was charged twice for her router. `take` tells this demo's idempotency keys from another's."""

    desk: Desk
    take: str

    @property
    def account(self) -> str:
        return f"/v1/accounts/{self.desk.handle['demo']['account_id']}"

    def at_the_counter(self) -> Iterator[Step]:
        """Account and payment steps, through HTTP."""
        yield "A customer reads her own account", lambda: self._expect(200, "GET", self.account, role="customer")
        other = "/v1/accounts/acc_00000000000000000000000000"
        yield "… and asks for somebody else's", lambda: self._expect(404, "GET", other, role="customer")
        yield "… and comes without a token", lambda: self._expect(401, "GET", self.account)
        search = "/v1/accounts?phone=%2B447700900101"
        yield "An advisor finds her by phone number", lambda: self._expect(200, "GET", search, role="advisor")
        yield "The customer adds a second number, with the version she saw", self.add_phone
        yield "The customer pays 20.00 by card", self.pay
        yield "… and the same request again makes no second charge", self.pay_again
        yield "A card without funds is declined with plain words", self.declined

    def at_the_desk(self) -> Iterator[Step]:
        """The case of the first mail, from answer to resolution."""
        yield "An advisor answers the first mail", self.answer
        yield "The customer's answer to that mail lands in the same case", self.reply
        yield "The advisor resolves the case", self.resolve

    def _expect(self, status: int, method: str, path: str, **how: Any) -> Outcome:
        return self._told(self.desk.call(method, path, **how), status, path)

    def _told(self, answer: Answer, status: int, path: str) -> Outcome:
        said = answer.json.get("detail", "") if isinstance(answer.json, dict) else ""
        return Outcome(answer.status == status, f"{answer.status} {said}".strip(), self.desk.link(path))

    def add_phone(self) -> Outcome:
        seen = self.desk.call("GET", self.account, role="customer")
        phones = sorted({*seen.json["phones"], "+447700900199"})
        version = {"If-Match": seen.headers["etag"]}
        changed = self.desk.call("PATCH", self.account, {"phones": phones}, role="customer", headers=version)
        return Outcome(changed.status == 200, f"version {changed.json.get('version')}", self.desk.link(self.account))

    def _payment(self, method: str, key: str) -> Answer:
        body = {"amount": {"amount_minor": 2000, "currency": "GBP"}, "payment_method": method}
        sent = {"Idempotency-Key": f"demo-{self.take}-{key}"}
        return self.desk.call("POST", f"{self.account}/payments", body, role="customer", headers=sent)

    def pay(self) -> Outcome:
        made = self._payment("pm_card_visa", "paid")
        if made.status != 201:
            return self._told(made, 201, f"{self.account}/payments")
        link = f"/v1/payments/{made.json['payment_id']}"
        paid = wait_for(lambda: self.desk.call("GET", link, role="customer").json["status"] == "succeeded")
        balance = self.desk.call("GET", f"{self.account}/balance", role="customer").json["balance"]
        return Outcome(
            bool(paid), f"succeeded by webhook; balance {balance['amount_minor'] / 100:.2f}", self.desk.link(link)
        )

    def pay_again(self) -> Outcome:
        again = self._payment("pm_card_visa", "paid")
        return Outcome(again.headers.get("idempotency-replayed") == "true", "first answer replayed")

    def declined(self) -> Outcome:
        refused = self._payment("pm_card_chargeDeclinedInsufficientFunds", "declined")
        return self._told(refused, 402, f"{self.account}/payments")

    @property
    def case(self) -> str:
        raw = (EVENTS / OPENING).read_bytes()
        opening = str(message_from_bytes(raw)["Message-ID"]).strip().strip("<>")
        mark = wait_for(lambda: self.desk.mark_of_mail(opening))
        return f"/v1/cases/{mark[0] if mark else 'absent'}"

    def answer(self) -> Outcome:
        words = (
            "You are right, the router stands on the bill twice. We are taking £4.80 off and will confirm in writing."
        )
        key = {"Idempotency-Key": f"demo-{self.take}-answer"}
        sent = self.desk.call("POST", f"{self.case}/messages", {"text": words}, role="advisor", headers=key)
        mail = wait_for(lambda: self._mail_with("£4.80 off")) if sent.status == 201 else None
        return Outcome(mail is not None, f"{sent.status}; the mail went out, threaded", self.desk.link(self.case))

    def _mail_with(self, words: str) -> Any:
        """The newest mail of the outbox that says `words`."""
        for path in sorted(Path(self.desk.handle["outbox"]).glob("*.eml"), reverse=True):
            mail: Any = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            if body is not None and words in body.get_content():
                return mail
        return None

    def reply(self) -> Outcome:
        mail = self._mail_with("£4.80 off")
        if mail is None:
            return NOTHING
        environment = Environment(
            loader=FileSystemLoader(EVENTS),
            newline_sequence="\r\n",
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701 - a mail, not a page
        )
        row = next(row for row in manifest()["events"] if row["file"] == REPLY)
        quoted = mail.get_body(("plain",)).get_content()
        values = {"message_id": str(mail["Message-ID"]), "from": row["mail_from"], "subject": str(mail["Subject"])}
        self.desk.send_mail(environment.get_template(REPLY).render(**values, quoted=quoted).encode(), row["mail_from"])
        landed = wait_for(lambda: row["text_includes"] in self._texts())
        quiet = "£4.80 off" not in self._texts(direction="in")
        return Outcome(bool(landed) and quiet, "same case, history cut", self.desk.link(f"{self.case}/timeline"))

    def _texts(self, direction: str | None = None) -> str:
        entries = self.desk.call("GET", f"{self.case}/timeline?limit=100", role="advisor").json["items"]
        return "\n".join(str(e.get("text")) for e in entries if direction in {None, e.get("direction")})

    def resolve(self) -> Outcome:
        how = {
            "reason": "duplicate_charge",
            "outcome": "credit_agreed",
            "root_cause": "order_entry",
            "note": "Router twice.",
        }
        done = self.desk.call("POST", f"{self.case}/resolutions", how, role="advisor")
        state = self.desk.call("GET", self.case, role="advisor").json["state"]
        return Outcome(state == "resolved", f"{done.status}; the case is {state}", self.desk.link(self.case))
