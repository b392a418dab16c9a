"""A thousand planted card numbers, a thousand numbers that stay: `python -m tests.intake.prove_cards [COUNT]`.

The mails go through the door of intake over the mocked account, are acknowledged, answered with a quotation, previewed
and listed. Then all that the desk stored, sent, counted and logged is decoded in every way and searched."""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from itertools import islice
from logging import StreamHandler
from random import Random
from typing import Any
from unittest.mock import patch

import boto3
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.cases.jobs import deliver_messages
from chalicelib.platform import aws
from chalicelib.platform.telemetry import logger, metrics
from tests.cases.test_jobs import queued_in_the_stream
from tests.harness import ENVIRONMENT, TABLE, HttpDesk, create_desk, forget_cached
from tests.intake.decoded import digits_of, tells
from tests.intake.lookalikes import lookalikes
from tests.intake.mails import raw
from tests.intake.parts import grouped
from tests.intake.planting import Plant, plants
from tests.intake.test_jobs import ADA, deliver, put

SEED = 20261122
BUCKET = ENVIRONMENT["MAIL_BUCKET"]
A_DESK = 100
_A_MAIL = 10
"""Look-alikes in one mail."""


@dataclass
class Found:
    """What was looked for and found where it must not be, or not found where it must be."""

    planted: int
    leaked: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    lost: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def a_desk() -> Iterator[tuple[HttpDesk, io.StringIO]]:
    """The desk over a mocked account whose bucket keeps versions, and all that it logs and counts."""
    written = io.StringIO()
    level, handlers = logger.log_level, [one for one in logger.handlers if isinstance(one, StreamHandler)]
    streams = [handler.stream for handler in handlers]
    named = patch.multiple(metrics.provider, namespace="Desk", service="desk")
    with patch.dict("os.environ", ENVIRONMENT), named, mock_aws(), redirect_stdout(written):
        forget_cached()
        create_desk()
        logger.setLevel("DEBUG")
        for handler in handlers:
            handler.setStream(written)
        versions: Any = {"Status": "Enabled"}
        boto3.client("s3").put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration=versions)
        aws.ses().verify_email_identity(EmailAddress=ENVIRONMENT["MAIL_FROM"])
        try:
            yield HttpDesk(), written
        finally:
            for handler, stream in zip(handlers, streams, strict=True):
                handler.setStream(stream)
            logger.setLevel(level)
            forget_cached()


def play(desk: HttpDesk, planted: list[Plant]) -> None:
    """All that happens to mail: taken in, again, acknowledged, answered, previewed; and what goes wrong."""
    desk.call("POST", "/v1/accounts", ADA, role="admin")
    for n, plant in enumerate(planted):
        body = put(plant.mail, f"mail/{n}", message_id=f"ses-{n}", **plant.note)
        assert deliver(*[body] * (1 + (n % 10 == 0))) == [], plant.disguise
        if n % 10 == 5:
            assert deliver(f'{{"Message": "card {grouped(plant.number)}"}}', body.replace("mail/", "gone/"))
    for item, plant in zip(islice(_heads(), len(planted)), planted, strict=False):
        said = {"text": f"You wrote:\n> card {grouped(plant.number)}\nThank you."}
        address = f"/v1/cases/{item['case_id']['S']}/messages"
        assert desk.call("POST", f"{address}/previews", said).status == 200
        assert desk.call("POST", address, said, headers={"Idempotency-Key": plant.number}).status == 201
        assert desk.call("GET", f"/v1/cases/{item['case_id']['S']}/timeline").status == 200
    while queued := queued_in_the_stream():
        assert deliver_messages({"Records": queued}, None) == {"batchItemFailures": []}


def search(planted: list[Plant], written: str, found: Found) -> None:
    """Note which numbers stand where, and which mails were left where all may read them."""
    places = {"table": digits_of(map(_plain, _items())), "log": digits_of([written]), "mail sent": digits_of(_sent())}
    places["queues"] = digits_of(_queued())
    objects = dict(_objects())
    places["bucket"] = digits_of(body for key, body in objects.items() if not key.startswith("restricted/"))
    places["keys of the bucket"] = digits_of(key for key in objects)
    places["headers of objects"] = digits_of(map(_headers, objects))
    for n, plant in enumerate(planted):
        found.leaked.update(
            f"{place}: {plant.disguise}" for place, digits in places.items() if tells(digits, plant.number)
        )
        found.left.update([plant.disguise] * (f"mail/{n}" in objects))


def look_alikes(found: Found, random: Random, count: int) -> None:
    """Mails with numbers that are no cards; those that the message on the timeline does not show are lost."""
    numbers = list(islice(lookalikes(random), count))
    for n, at in enumerate(range(0, count, _A_MAIL)):
        said = "\n\n".join(f"My {kind} is {number} here." for kind, number in numbers[at : at + _A_MAIL])
        mail = raw(said, from_=f"<eve{n}@example.com>", message_id=f"<eve{n}@mail.example>")
        assert deliver(put(mail, f"mail/eve-{n}", message_id=f"eve-{n}")) == []
    stored = "\n".join(item["text"]["S"] for item in _items() if item.get("author", {}).get("S", "").startswith("eve"))
    found.kept = sum(number in stored for _, number in numbers)
    found.lost = [(kind, number) for kind, number in numbers if number not in stored]


def prove(count: int, others: int) -> Found:
    """In desks of A_DESK mails each: the mocked account copies its whole table for every transaction."""
    planted, found = list(plants(Random(SEED), count)), Found(count)
    for at in range(0, count, A_DESK):
        with a_desk() as (desk, written):
            play(desk, planted[at : at + A_DESK])
            search(planted[at : at + A_DESK], written.getvalue(), found)
    with a_desk():
        look_alikes(found, Random(SEED), others)
    return found


def _items() -> Iterator[dict[str, Any]]:
    for page in boto3.client("dynamodb").get_paginator("scan").paginate(TableName=TABLE):
        yield from page["Items"]


def _heads() -> Iterator[dict[str, Any]]:
    return (item for item in _items() if item["kind"]["S"] == "case")


def _plain(item: dict[str, Any]) -> str:
    return json.dumps(item, ensure_ascii=False)


def _objects() -> Iterator[tuple[str, bytes]]:
    """Every version of every object; the key of a mail that was removed for good is not among them."""
    s3 = boto3.client("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=BUCKET):
        for version in page.get("Versions", []):
            got = s3.get_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])
            yield version["Key"], got["Body"].read()


def _headers(key: str) -> str:
    """What S3 tells of an object besides its content; of one that was removed, nothing."""
    s3 = boto3.client("s3")
    try:
        return json.dumps(s3.head_object(Bucket=BUCKET, Key=key), default=str)
    except s3.exceptions.ClientError:
        return ""


def _queued() -> Iterator[str]:
    sqs = boto3.client("sqs")
    for url in sqs.list_queues().get("QueueUrls", []):
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            yield from (message["Body"] for message in messages)


def _sent() -> Iterator[str | bytes]:
    for message in ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-2"].sent_messages:
        yield message.raw_data


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    found = prove(count, count)
    print(f"{found.planted} planted card numbers: {sum(found.leaked.values())} found outside the restricted prefix")
    for place, times in sorted(found.leaked.items()):
        print(f"  {place}: {times}")
    print(f"mails left where all may read them: {dict(found.left)}")
    print(f"numbers that are no cards: {found.kept} kept, {len(found.lost)} lost")
    for kind, number in found.lost:
        print(f"  {kind}: {number!r}")


if __name__ == "__main__":
    main()
