"""How a customer is verified over HTTP, for tests of whatever needs that first."""

from __future__ import annotations

from typing import Any

from chalicelib.identity.verification import code_of
from chalicelib.wiring import mail_key
from tests.harness import HttpAnswer, HttpDesk


def answer_code(desk: HttpDesk, account_id: str, verification_id: str, code: str, /, **call: Any) -> HttpAnswer:
    path = f"/v1/accounts/{account_id}/verifications/{verification_id}/answers"
    return desk.call("POST", path, {"code": code}, **call)


def verify(
    desk: HttpDesk, account_id: str, /, *, channel: str = "mail", contact: str | None = None, **call: Any
) -> Any:
    """The customer gets a code and reads it out to the caller; what it proved."""
    body = {"method": "one_time_code", "channel": channel, **({"contact": contact} if contact else {})}
    begun = desk.call("POST", f"/v1/accounts/{account_id}/verifications", body, **call)
    assert begun.status == 201, begun.text
    verification_id = begun.json["verification_id"]
    code = code_of(mail_key(), verification_id)
    proven = answer_code(desk, account_id, verification_id, code, **call)
    assert proven.status == 200, proven.text
    return proven.json
