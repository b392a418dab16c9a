"""The one logger, metrics and tracer of the desk. Log lines are JSON and pass through `redact`, traces have no
words of customers."""

from __future__ import annotations

import json
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit

from chalicelib.platform.redact import redact
from chalicelib.platform.tracing import WordlessEmitter


def _serialize(record: dict[str, Any]) -> str:
    return json.dumps(redact(record), separators=(",", ":"))


logger = Logger(json_serializer=_serialize, use_rfc3339=True, utc=True)
metrics = Metrics()
tracer = Tracer(patch_modules=["botocore"])
_recorder: Any = tracer.provider
_recorder.emitter = WordlessEmitter(_recorder.emitter)


def count(name: str, value: int = 1) -> None:
    """Add to a business counter; flushed as one EMF line when the invocation ends."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)


def flush_metrics() -> None:
    """Write what was counted in this invocation as one EMF line; nothing when nothing was counted."""
    if metrics.metric_set:
        metrics.flush_metrics()
