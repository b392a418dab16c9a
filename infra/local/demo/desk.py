"""The running desk as its local handle describes it: HTTP calls, AWS clients and the four doors."""

from __future__ import annotations

import hashlib
import hmac
import json
import smtplib
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import boto3

T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    json: Any


@dataclass(frozen=True)
class Desk:
    """What `make run` wrote into `desk.json`."""

    handle: dict[str, Any]

    @classmethod
    def running(cls, home: Path) -> Desk:
        """Raises SystemExit with what to do when no desk runs there."""
        path = home / "desk.json"
        if not path.exists():
            raise SystemExit("No desk is running here. Start one with `make run` (or `make run DETACH=1`).")
        return cls(json.loads(path.read_text()))

    @property
    def resources(self) -> dict[str, str]:
        found: dict[str, str] = self.handle["resources"]
        return found

    def client(self, service: str) -> Any:
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.handle["aws_endpoint"],
            region_name=self.handle["region"],
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - the emulator's own
        )

    @cached_property
    def dynamodb(self) -> Any:
        return self.client("dynamodb")

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        role: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One HTTP call as a caller of `role`; `body` as bytes goes out as it is."""
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **(headers or {})}
        if role:
            sent["Authorization"] = self.handle["tokens"][role]
        request = urllib.request.Request(self.handle["api_url"] + path, content, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=40) as answer:
                return _answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return _answer(refused.code, refused.headers, refused.read())

    def link(self, path: str) -> str:
        return str(self.handle["api_url"]) + path

    def item(self, pk: str, sk: str = "#") -> dict[str, Any] | None:
        """One item of the table as DynamoDB returns it."""
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        found: dict[str, Any] | None = self.dynamodb.get_item(
            TableName=self.resources["table"], Key=key, ConsistentRead=True
        ).get("Item")
        return found

    def mark_of_mail(self, message_id: str) -> tuple[str, str] | None:
        """Case and timeline entry that hold the mail with this Message-ID (without brackets)."""
        mark = self.item(f"MID#{hashlib.sha256(message_id.encode()).hexdigest()}")
        return (str(mark["case_id"]["S"]), str(mark["message_id"]["S"])) if mark else None

    def is_case(self, message_id: str) -> bool:
        """Whether the mail with this Message-ID stands in a case that can be read."""
        mark = self.mark_of_mail(message_id)
        return mark is not None and self.call("GET", f"/v1/cases/{mark[0]}", role="advisor").status == 200

    def bodies(self, queue: str) -> list[str]:
        """Every message of a queue, left where it is."""
        sqs, url = self.client("sqs"), self.resources[queue]
        bodies: dict[str, str] = {}
        while True:
            got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=2).get("Messages", [])
            if all(message["MessageId"] in bodies for message in got):
                return list(bodies.values())
            bodies |= {message["MessageId"]: message["Body"] for message in got}

    def is_drained(self, queue: str) -> bool:
        """Whether nothing waits in a queue and nothing of it is being worked on."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self.client("sqs").get_queue_attributes(QueueUrl=self.resources[queue], AttributeNames=names)
        return not any(map(int, answer["Attributes"].values()))

    def send_mail(self, raw: bytes, envelope_from: str, verdicts: Mapping[str, str] | None = None) -> None:
        """Hand one raw mail to the SMTP door; `verdicts` are what SES would think of it (all PASS without)."""
        smtp = self.handle["smtp"]
        marked = "".join(f"X-Local-Verdict-{name.upper()}: {value}\r\n" for name, value in (verdicts or {}).items())
        with smtplib.SMTP(smtp["host"], smtp["port"], timeout=30) as door:
            door.sendmail(envelope_from, [smtp["to"]], marked.encode() + raw)

    def mails(self, to: str) -> list[Any]:
        """What went out to this address, oldest first, as `email.message.EmailMessage`."""
        paths = sorted(Path(self.handle["outbox"]).glob("*.eml"))
        found: list[Any] = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
        return [mail for mail in found if mail["To"] == to]

    def send_contact(self, record: bytes) -> None:
        stream = self.resources["contact_stream"]
        self.client("kinesis").put_record(StreamName=stream, Data=record, PartitionKey="connect")

    def ask_flow(self, event: bytes) -> Any:
        """The answer of the contact-flow function."""
        answer = self.client("lambda").invoke(FunctionName=self.resources["contact_flow_function"], Payload=event)
        return json.loads(answer["Payload"].read())

    def fold(self) -> None:
        """Run the hourly fold now, as its schedule would."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        event = {
            "version": "0", "id": "demo", "detail-type": "Scheduled Event", "source": "aws.events", "time": now,
            "account": "000000000000", "region": self.handle["region"], "resources": [], "detail": {},
        }  # fmt: skip
        self.client("lambda").invoke(FunctionName=self.resources["fold_function"], Payload=json.dumps(event).encode())

    def send_stripe(self, event: bytes) -> Answer:
        """POST one webhook, signed as Stripe signs."""
        stamp = str(int(time.time()))
        secret = self.handle["stripe"]["webhook_secret"]
        tag = hmac.new(secret.encode(), f"{stamp}.".encode() + event, hashlib.sha256).hexdigest()
        return self.call("POST", "/webhooks/stripe", event, headers={"Stripe-Signature": f"t={stamp},v1={tag}"})


def _answer(status: int, headers: Any, content: bytes) -> Answer:
    lower = {name.lower(): value for name, value in headers.items()}
    return Answer(status, lower, json.loads(content) if "json" in lower.get("content-type", "") else content.decode())


def wait_for(probe: Callable[[], T | None], seconds: float = 60) -> T | None:
    """The first result of `probe` that is neither None nor False, asked with growing pauses; None when time is up."""
    until, pause = time.monotonic() + seconds, 0.05
    while True:
        found = probe()
        if found is not None and found is not False:
            return found
        if time.monotonic() > until:
            return None
        time.sleep(pause)
        pause = min(pause * 1.5, 1.0)
