"""The actor of a request, as audit entries name it."""

from __future__ import annotations

from typing import Any

from chalicelib.audit.model import Actor
from chalicelib.platform.http import Request


def actor_of(request: Request[Any, Any]) -> Actor:
    return Actor(request.caller.subject, request.caller.name, request.request_id)
