"""The figures once more, by SQL over the raw contact records: shares no line with the code that it checks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

_LEGS = """
WITH newest AS (
  SELECT record, ROW_NUMBER() OVER (
    PARTITION BY record->>'$.ContactId' ORDER BY record->>'$.LastUpdateTimestamp' DESC) AS age
  FROM delivered
), legs AS (
  SELECT record->>'$.ContactId' AS id,
         COALESCE(record->>'$.InitialContactId', record->>'$.ContactId') AS chain,
         record->>'$.InitiationTimestamp' AS at,
         record->>'$.InitiationMethod' AS method,
         record->>'$.Channel' AS channel,
         record->>'$.Queue.Name' AS queue,
         record->>'$.Agent.Username' AS agent,
         record->>'$.NextContactId' IS NOT NULL AS moved,
         record->>'$.ConnectedToSystemTimestamp' IS NOT NULL AS connected,
         (record->>'$.Agent.AgentInteractionDuration') + (record->>'$.Agent.CustomerHoldDuration')
           + (record->>'$.Agent.AfterContactWorkDuration') AS seconds
  FROM newest WHERE age = 1 AND COALESCE(record->>'$.Attributes.test', '') <> 'true'
), known AS (
  SELECT *, method = 'INBOUND' AS arrived,
         queue IS NOT NULL AND method IN ('INBOUND', 'TRANSFER', 'QUEUE_TRANSFER') AS queued,
         agent IS NOT NULL AND (method IN ('INBOUND', 'TRANSFER', 'QUEUE_TRANSFER')
           OR method IN ('OUTBOUND', 'CALLBACK') AND connected) AS handled
  FROM legs WHERE channel = 'VOICE' AND method IN ('INBOUND', 'TRANSFER', 'QUEUE_TRANSFER', 'OUTBOUND', 'CALLBACK')
), placed AS (
  SELECT *, FIRST_VALUE(at) OVER (PARTITION BY chain ORDER BY id <> chain, at, id) AS began,
         ROW_NUMBER() OVER (PARTITION BY chain ORDER BY NOT handled, id <> chain, at, id) AS turn
  FROM known
)
"""
_BY_LEG = f"""{_LEGS}
SELECT {{group}} AS member, SUM(arrived), SUM(arrived AND queue IS NOT NULL), SUM(handled),
       SUM(queued AND agent IS NULL AND NOT moved), SUM(method = 'CALLBACK'), SUM(method = 'OUTBOUND'),
       SUM(queued), COALESCE(SUM(CASE WHEN handled THEN seconds END), 0),
       SUM(handled AND seconds IS NOT NULL), SUM(handled AND seconds IS NULL)
FROM placed WHERE at >= :start AND at < :end GROUP BY member
"""
_BY_CHAIN = f"""{_LEGS}, served AS (
  SELECT chain, MIN(began) AS began, SUM(seconds) AS seconds, SUM(seconds IS NULL) AS unknown,
         MAX(CASE WHEN turn = 1 THEN agent END) AS agent, MAX(CASE WHEN turn = 1 THEN queue END) AS queue
  FROM placed WHERE handled GROUP BY chain
)
SELECT {{group}} AS member, COUNT(*), COALESCE(SUM(CASE WHEN unknown = 0 THEN seconds END), 0), SUM(unknown = 0),
       SUM(unknown > 0)
FROM served WHERE began >= :start AND began < :end GROUP BY member
"""
_LEG_NAMES = ("calls_arrived", "calls_offered", "calls_handled", "calls_abandoned", "callbacks", "calls_outbound")
_GROUPS = {"total": "'total'", "agent": "COALESCE(agent, '(none)')", "queue": "COALESCE(queue, '(none)')"}


def figures(deliveries: Iterable[dict[str, Any]], start: str, end: str, dimension: str) -> dict[str, dict[str, Any]]:
    """By member, what `start` to `end` (instants with Z, whole seconds) comes to: counts, and ratios as their parts."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE delivered (record TEXT)")
    base.executemany("INSERT INTO delivered VALUES (?)", [(json.dumps(record),) for record in deliveries])
    span, group = {"start": start, "end": end}, _GROUPS[dimension]
    found: dict[str, dict[str, Any]] = {}
    for member, *sums in base.execute(_BY_LEG.format(group=group), span):
        *counts, queued, seconds, timed, untimed = sums
        rate = (counts[3], queued, 0)
        found[member] = dict(zip(_LEG_NAMES, counts, strict=True)) | {
            "chains_handled": 0, "abandonment_rate": rate, "aht_leg": (seconds, timed, untimed), "aht_chain": (0, 0, 0)
        }  # fmt: skip
    for member, chains, *parts in base.execute(_BY_CHAIN.format(group=group), span):
        empty = dict.fromkeys(_LEG_NAMES, 0) | {"abandonment_rate": (0, 0, 0), "aht_leg": (0, 0, 0)}
        found.setdefault(member, empty).update({"chains_handled": chains, "aht_chain": tuple(parts)})
    base.close()
    return found
