"""How fast the webhook's receipt starts, against a function that does no more than make a boto3 client.

`python -m tests.payments.bench_receipt [ROUNDS]`. Each row is a fresh process, timed from outside with everything it
loads; the rows take turns, so that what else the machine does falls on all of them. Nothing is asserted.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import botocore

from tests.fake_aws import REGION, FakeAws
from tests.harness import ROOT
from tests.payments.signatures import SECRET, stripe_signature
from tests.tls import server_context

BODY = json.dumps({"id": "evt_1", "type": "payment_intent.succeeded", "data": {"object": {"id": "pi_1"}}})
HELLO = "import chalice, boto3; boto3.client('sqs')"
IMPORT = "import chalicelib.payments.receipt as receipt"
FIRST_EVENT = f"""
import os
{IMPORT}
event = {{"headers": {{"Stripe-Signature": os.environ["SIGNATURE"]}}, "body": os.environ["BODY"]}}
assert receipt.receive_stripe_event(event, None)["statusCode"] == 200
"""
SAME_CALLS_BY_BOTO3 = """
import os
import boto3
boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["STRIPE_SECRET_ID"])
boto3.client("sqs").send_message(QueueUrl=os.environ["STRIPE_EVENTS_QUEUE_URL"], MessageBody=os.environ["BODY"])
"""
ROWS = {
    "an empty process": ("pass", "http"),
    "hello: import chalice, make a boto3 client": (HELLO, "http"),
    "receipt: import": (IMPORT, "http"),
    "receipt: import and first event, HTTP": (FIRST_EVENT, "http"),
    "receipt: import and first event, TLS": (FIRST_EVENT, "https"),
    "boto3: import and the same two calls, TLS": (SAME_CALLS_BY_BOTO3, "https"),
}


def seconds(program: str, environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def measured(rounds: int, environments: dict[str, dict[str, str]]) -> dict[str, float]:
    """By row, the median in seconds; one round before them writes the byte code."""
    taken: dict[str, list[float]] = {name: [] for name in ROWS}
    for _ in range(rounds + 1):
        signature = stripe_signature(BODY.encode())
        for name, (program, scheme) in ROWS.items():
            taken[name].append(seconds(program, {**environments[scheme], "SIGNATURE": signature, "BODY": BODY}))
    return {name: statistics.median(times[1:]) for name, times in taken.items()}


def table(medians: dict[str, float]) -> str:
    empty, hello = medians["an empty process"], medians["hello: import chalice, make a boto3 client"]
    lines = [f"{'median':>57}  of hello  of hello, without the empty process"]
    for name, median in medians.items():
        lines.append(
            f"{name:46} {median * 1000:7.1f} ms {median / hello:9.2f} {(median - empty) / (hello - empty):9.2f}"
        )
    return "\n".join(lines)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    secret = json.dumps({"webhook_secrets": [SECRET]})
    with TemporaryDirectory() as folder:
        context, certificate = server_context(Path(folder))
        trusted = Path(folder, "trusted.pem")
        # As many CAs as a Lambda reads, and ours.
        trusted.write_text((Path(botocore.__file__).parent / "cacert.pem").read_text() + certificate.read_text())
        base = {
            **os.environ,
            "SSL_CERT_FILE": str(trusted),
            "AWS_CA_BUNDLE": str(trusted),
            "AWS_DEFAULT_REGION": REGION,
        }
        with FakeAws(secret=secret) as plain, FakeAws(secret=secret, tls=context) as safe:
            environments = {"http": {**base, **plain.environment}, "https": {**base, **safe.environment}}
            print(f"Python {sys.version.split()[0]}, {rounds} rounds\n{table(measured(rounds, environments))}")


if __name__ == "__main__":
    main()
