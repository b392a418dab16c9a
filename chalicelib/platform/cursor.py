"""Opaque list cursors: the next key, sealed so that it serves only the query and the caller that it was made for."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

from chalicelib.platform.codec import Item
from chalicelib.platform.errors import BadRequest

_TAG_BYTES = 12


def seal(next_key: Item, binding: str, secret: bytes) -> str:
    """A cursor for `next_key`; `binding` names the query and the caller."""
    payload = json.dumps(next_key, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_tag(payload, binding, secret) + payload).decode().rstrip("=")


def unseal(cursor: str, binding: str, secret: bytes) -> Item:
    """The key inside. Raises BadRequest for a cursor of another query or caller, or one that was tampered with."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        raw = b""
    tag, payload = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
    if not hmac.compare_digest(tag, _tag(payload, binding, secret)):
        raise BadRequest("This cursor does not belong to this query; start again without it.")
    key: Item = json.loads(payload)
    return key


def _tag(payload: bytes, binding: str, secret: bytes) -> bytes:
    return hmac.new(secret, binding.encode() + b"\0" + payload, hashlib.sha256).digest()[:_TAG_BYTES]
