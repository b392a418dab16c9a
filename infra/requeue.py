"""Outgoing mail that nothing tries any more: `python -m infra.requeue --table NAME` lists it, `--send` starts it again.

A message whose change the stream gave up stays queued. Touching it makes a new change, which is delivered like the
first; one that was sent meanwhile is not touched."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.platform.clock import format_instant, utc_now
from chalicelib.platform.codec import Item, decode
from chalicelib.platform.dynamo import Attr, ConditionFailed, Table, Update

SETTLED: Final = timedelta(minutes=15)
"""What is younger may still be under way."""
_WAITING: Final = "kind = :message AND delivery = :queued AND #at < :before"


def stuck(table: Table, now: datetime) -> Iterator[Item]:
    """The messages that have been queued for longer than SETTLED. Reads the whole table, half a unit for each 4 KB."""
    values = {":message": "message", ":queued": "queued", ":before": format_instant(now - SETTLED)}
    pages = table.client.get_paginator("scan").paginate(
        TableName=table.name, FilterExpression=_WAITING, ExpressionAttributeNames={"#at": "at"},
        ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
    )  # fmt: skip
    for page in pages:
        yield from map(decode, page["Items"])


def send_again(table: Table, message: Item, now: datetime) -> bool:
    """Touch a queued message so that the stream brings it once more; False when it is not queued any more."""
    touched: dict[str, Any] = {"requeued_at": format_instant(now)}
    try:
        table.write(Update(message["pk"], message["sk"], set=touched, condition=Attr("delivery").eq("queued")))
    except ConditionFailed:
        return False
    return True


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.requeue", description=__doc__)
    parser.add_argument("--table", required=True, help="name of the table: output TableName of the data stack")
    parser.add_argument("--send", action="store_true", help="start them again; without it they are listed alone")
    asked = parser.parse_args(arguments)
    table, now = Table(boto3.client("dynamodb"), asked.table), utc_now()
    try:
        for message in stuck(table, now):
            again = asked.send and send_again(table, message, now)
            whose = message.get("case_id") or message["account_id"]
            print(whose, message["message_id"], message["at"], "again" if again else "queued")
    except (BotoCoreError, ClientError) as error:
        print(f"The table cannot be read: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
