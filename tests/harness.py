"""The desk in process: the table on moto, requests as API Gateway sends them, and a meter of what they cost."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import yaml
from aws_lambda_powertools.utilities import parameters

from chalicelib import wiring
from chalicelib.platform import aws, config

ROOT = Path(__file__).parent.parent
TABLE = "desk-test"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-west-2",
    "DESK_STAGE": "test",
    "TABLE_NAME": TABLE,
    "MAIL_BUCKET": "desk-test-mail",
    "MAIL_DOMAIN": "desk.example",
    "MAIL_FROM": "billing@desk.example",
    "DESK_SECRET_ID": "desk-test-keys",
    "STRIPE_SECRET_ID": "desk-test-stripe",
    "STRIPE_EVENTS_QUEUE_URL": "https://sqs.eu-west-2.amazonaws.com/123456789012/stripe-events",
    "CONTACT_FAILURE_QUEUE_URL": "https://sqs.eu-west-2.amazonaws.com/123456789012/contact-failures",
    "RECONCILE_FUNCTION": "desk-test-reconcile_payments",
    "USER_POOL_ID": "eu-west-2_test",
    "POWERTOOLS_SERVICE_NAME": "desk",
    "POWERTOOLS_METRICS_NAMESPACE": "BillingServiceDesk",
    "POWERTOOLS_TRACE_DISABLED": "true",
}
SECRETS = {
    "desk-test-keys": {"mail_key": "mail-key-for-tests", "cursor_key": "cursor-key-for-tests"},
    "desk-test-stripe": {"api_key": "sk_test_desk", "webhook_secrets": ["whsec_test"]},
}


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short tags as plain values."""


_Loader.add_multi_constructor("!", lambda loader, tag, node: {tag: getattr(node, "value", None)})


@cache
def table_properties() -> dict[str, Any]:
    """The key schema and indexes of the table as the data stack declares them."""
    template = yaml.load((ROOT / "infra" / "data.yaml").read_text(), _Loader)
    tables = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::DynamoDB::Table"]
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    return {name: tables[0][name] for name in wanted}


def create_desk() -> None:
    """The table, bucket, queues and secrets in the mocked account. Call inside moto's mock_aws with ENVIRONMENT set."""
    import boto3

    boto3.DEFAULT_SESSION = _session()
    boto3.client("dynamodb").create_table(TableName=TABLE, BillingMode="PAY_PER_REQUEST", **table_properties())
    boto3.client("s3").create_bucket(
        Bucket=ENVIRONMENT["MAIL_BUCKET"], CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
    )
    for queue in ("stripe-events", "contact-failures"):
        boto3.client("sqs").create_queue(QueueName=queue)
    for name, value in SECRETS.items():
        boto3.client("secretsmanager").create_secret(Name=name, SecretString=json.dumps(value))


@cache
def _session() -> Any:
    """One for all tests: it keeps the parsed service models, and to read those takes longer than a test."""
    import boto3

    return boto3.Session()


def forget_cached() -> None:
    """Clients, settings and services of the process are built anew at the next use."""
    for module in (wiring, aws, config):
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()
    parameters.clear_caches()  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class HttpAnswer:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class HttpDesk:
    """Calls the app as API Gateway's proxy integration does."""

    def __init__(self) -> None:
        from app import app

        self._app = app

    def call(
        self,
        method: str,
        url: str,
        body: Any = None,
        *,
        role: str | None = "advisor",
        account_id: str | None = None,
        headers: Mapping[str, str] | None = None,
        subject: str | None = None,
    ) -> HttpAnswer:
        """`body` as bytes or str goes out as it is, anything else as JSON; `role` None sends no identity."""
        parts = urlsplit(url)
        pattern, path = self._match(parts.path)
        claims = role and {
            "sub": subject or f"sub-{role}-{account_id or ''}",
            "cognito:username": f"{role}.one",
            "cognito:groups": role,
            "token_use": "id",
            **({"custom:account_id": account_id} if account_id else {}),
        }
        query: dict[str, list[str]] = {}
        for name, value in parse_qsl(parts.query, keep_blank_values=True):
            query.setdefault(name, []).append(value)
        event = {
            "resource": pattern,
            "path": parts.path,
            "httpMethod": method,
            "headers": {"content-type": "application/json", **(headers or {})},
            "multiValueHeaders": {},
            "queryStringParameters": None,
            "multiValueQueryStringParameters": query or None,
            "pathParameters": path,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": pattern,
                "httpMethod": method,
                "path": parts.path,
                "requestId": "req-1",
                "identity": {"sourceIp": "192.0.2.1"},
                **({"authorizer": {"claims": claims}} if claims else {}),
            },
            **_encoded(body),
        }
        answer = self._app(event, None)
        flat = {**{k: v[0] for k, v in answer.get("multiValueHeaders", {}).items()}, **answer["headers"]}
        return HttpAnswer(answer["statusCode"], {k.lower(): str(v) for k, v in flat.items()}, answer["body"])

    def _match(self, path: str) -> tuple[str, dict[str, str] | None]:
        for pattern in sorted(self._app.routes, key=lambda p: p.count("{")):
            found = re.fullmatch(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(pattern)), path)
            if found:
                return pattern, found.groupdict() or None
        raise AssertionError(f"no route for {path}")


def _encoded(body: Any) -> dict[str, Any]:
    if body is None:
        return {"body": None, "isBase64Encoded": False}
    if isinstance(body, bytes):
        return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return {"body": body if isinstance(body, str) else json.dumps(body), "isBase64Encoded": False}


@dataclass
class Meter:
    """Counts round trips to DynamoDB, and write and read units by the published rules.

    Units go in steps of 1 KB written and 4 KB read; a transaction doubles; each index that holds a put item is written
    too; every read counts as an eventually consistent one, at half. An update or delete counts as one unit: neither a
    larger item nor the index entries that it rewrites are seen, for the request does not show them.
    """

    calls: list[str] = field(default_factory=list)
    write_units: int = 0
    read_units: float = 0

    @property
    def round_trips(self) -> int:
        return len(self.calls)

    def watch(self, client: Any) -> None:
        client.meta.events.register("before-parameter-build.dynamodb.*", self._request)
        client.meta.events.register("after-call.dynamodb.*", self._answer)

    def _request(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self.calls.append(model.name)
        if model.name == "PutItem":
            self.write_units += _written(params["Item"])
        elif model.name in {"UpdateItem", "DeleteItem"}:
            self.write_units += 1
        elif model.name == "TransactWriteItems":
            for action in params["TransactItems"]:
                ((_kind, write),) = action.items()
                self.write_units += 2 * (_written(write["Item"]) if "Item" in write else 1)

    def _answer(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        items = [parsed["Item"]] if "Item" in parsed else parsed.get("Items", [])
        if model.name in {"GetItem", "Query", "BatchGetItem"}:
            self.read_units += 0.5 * max(1, math.ceil(sum(map(stored_size, items)) / 4096))


def _written(item: dict[str, Any]) -> int:
    indexes = sum(f"gs{n}pk" in item for n in (1, 2))
    return math.ceil(stored_size(item) / 1024) + indexes


def stored_size(item: dict[str, Any]) -> int:
    """Bytes of an item of attribute values, by the published rules."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: dict[str, Any]) -> int:
    ((tag, inner),) = value.items()
    match tag:
        case "S":
            return len(inner.encode())
        case "N":
            return (len(str(inner).strip("-")) + 1) // 2 + 1 + str(inner).startswith("-")
        case "M":
            return 3 + len(inner) + stored_size(inner)
        case "L":
            return 3 + len(inner) + sum(map(_size, inner))
        case "BOOL" | "NULL":
            return 1
    raise AssertionError(f"nothing of ours is stored as {tag}")
