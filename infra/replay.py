"""Stripe's events that nothing tries any more: `python -m infra.replay --stage NAME` lists them, `--send` queues them.

They are the dead letters of the queue of events, and the events that were parked because nobody could read them. What
was applied meanwhile is not applied again; what still cannot be goes where it was.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.payments.gateway import StripeGateway
from chalicelib.payments.handling import Objects
from chalicelib.payments.markers import MarkerStore
from chalicelib.platform.dynamo import Table
from chalicelib.platform.errors import DeskError
from infra import cfn
from infra.deploy import data_stack
from infra.package import ROOT
from infra.stack import outputs

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef


@dataclass(frozen=True)
class Queue:
    """The queue of events by its address, and that of its dead letters."""

    client: SQSClient
    events_url: str
    dead_url: str

    def dead(self) -> int:
        """About how many dead letters there are."""
        found = self.client.get_queue_attributes(QueueUrl=self.dead_url, AttributeNames=["ApproximateNumberOfMessages"])
        return int(found["Attributes"]["ApproximateNumberOfMessages"])

    def revive(self) -> Iterator[str]:
        """Queue every dead letter again; their message ids. One that is cut off in between is queued twice at most."""
        while letters := self._some():
            for letter in letters:
                self.send(letter["Body"])
                self.client.delete_message(QueueUrl=self.dead_url, ReceiptHandle=letter["ReceiptHandle"])
                yield letter["MessageId"]

    def _some(self) -> list[MessageTypeDef]:
        # Without waiting, SQS asks only some of its hosts and may find none where there are letters left.
        found = self.client.receive_message(QueueUrl=self.dead_url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        return found.get("Messages", [])

    def send(self, body: str) -> None:
        """Queue an event."""
        self.client.send_message(QueueUrl=self.events_url, MessageBody=body)


def parked(markers: MarkerStore) -> list[str]:
    """The ids of all parked events, the oldest first."""
    found, start = markers.parked(100)
    while start:
        more, start = markers.parked(100, start)
        found += more
    return found


def replay(markers: MarkerStore, stripe: Objects, queue: Queue, *, send: bool) -> Iterator[str]:
    """A line for each parked event and for the dead letters, which `send` queues again. Raises Refused, Unavailable."""
    if send:
        yield from (f"dead letter {message_id}: queued" for message_id in queue.revive())
    else:
        yield f"dead letters: {queue.dead()}"
    for event_id in parked(markers):
        event = stripe.read("event", event_id) if send else None
        if event:
            queue.send(json.dumps(event))
        became = ("queued" if event else "Stripe has forgotten it") if send else "parked"
        yield f"{event_id}: {became}"


def _of(stage: str, region: str, stripe_base: str) -> tuple[MarkerStore, StripeGateway, Queue]:
    """What there is of a stage. Raises KeyError when it was never deployed."""
    session = boto3.Session(region_name=region)
    found = outputs(session.client("cloudformation"), data_stack(stage))
    markers = MarkerStore(Table(session.client("dynamodb"), found["TableName"]))
    secrets, secret_id = session.client("secretsmanager"), found["StripeSecretId"]
    queue = Queue(session.client("sqs"), found["StripeEventsUrl"], found["StripeDeadLettersUrl"])

    def key() -> str:
        return str(json.loads(secrets.get_secret_value(SecretId=secret_id)["SecretString"])["api_key"])

    return markers, StripeGateway(key, stripe_base), queue


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.replay", description=__doc__)
    parser.add_argument("--stage", default="prod")
    parser.add_argument("--send", action="store_true", help="queue them again; without it they are listed alone")
    asked = parser.parse_args(arguments)
    row = cfn.read(Path(ROOT) / "infra" / "stages.yaml").get(asked.stage)
    if row is None:
        parser.error(f"no stage {asked.stage!r} in infra/stages.yaml")
    try:
        markers, stripe, queue = _of(asked.stage, row["region"], row.get("app", {}).get("StripeApiBase", ""))
        for line in replay(markers, stripe, queue, send=asked.send):
            print(line)
    except KeyError as missing:
        print(f"The stage {asked.stage} is not deployed: its data stack has no {missing}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError, DeskError) as error:
        print(f"The events cannot be read: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
