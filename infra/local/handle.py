"""desk.json: everything that a tool or client needs to use the running desk."""

from __future__ import annotations

import os
from typing import Any

from infra.local.home import Home
from infra.local.ports import LOOPBACK, Ports
from infra.local.stack import CREDENTIALS, MAILBOX, REGION, Keys, LocalStack


def describe(home: Home, ports: Ports, keys: Keys, stack: LocalStack) -> dict[str, Any]:
    """The handle of a deployed desk, still without its users and demo company."""
    return {
        "pid": os.getpid(),
        "api_url": stack.api_url,
        "customer_site": stack.site,
        "dashboard_url": None,  # the desk has none yet; clients find the name, and no address that is untrue
        "aws_endpoint": stack.endpoint,
        "region": REGION,
        "credentials": CREDENTIALS,
        "stripe": {
            "api_base": stack.stripe_base,
            "api_key": keys.api_key,
            "webhook_secret": keys.webhook_secret,
            "webhook_url": f"{stack.api_url}/webhooks/stripe",
        },
        "smtp": {"host": LOOPBACK, "port": ports.mail_in, "to": MAILBOX},
        "outbox": str(home.outbox.resolve()),
        "tokens": {},
        "demo": {},
        "resources": resources(stack.outputs),
    }


def resources(outputs: dict[str, str]) -> dict[str, str]:
    """Names of the deployed parts, as clients of the AWS endpoint need them."""
    functions = outputs["APIHandlerName"].removesuffix("api_handler")
    return {
        "table": outputs["TableName"],
        "mail_bucket": outputs["MailBucket"],
        "mail_topic": outputs["MailTopicArn"],
        "mail_queue": outputs["MailQueueUrl"],
        "mail_dead_letters": outputs["MailDeadLettersUrl"],
        "mail_event_topic": outputs["MailEventTopicArn"],
        "mail_event_dead_letters": outputs["MailEventDeadLettersUrl"],
        "stripe_events_queue": outputs["StripeEventsUrl"],
        "stripe_dead_letters": outputs["StripeDeadLettersUrl"],
        "contact_stream": outputs["ContactStream"],
        "contact_failures": outputs["ContactFailuresUrl"],
        "stream_failures": outputs["StreamFailuresUrl"],
        "event_bus": outputs["EventBusName"],
        "user_pool": outputs["UserPoolId"],
        "user_pool_client": outputs["UserPoolClientId"],
        "api_id": outputs["RestAPIId"],
        "function_prefix": functions,
        "contact_flow_function": f"{functions}identify_caller",
        "fold_function": f"{functions}fold_hours",
    }
