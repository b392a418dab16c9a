"""Ids made from what was asked for, so that asking again finds the same thing."""

from __future__ import annotations

import base64
import hashlib
import hmac


def derived_id(prefix: str, id_key: bytes, *asked: str) -> str:
    """128 bits of an HMAC of the words, joined by NUL; only who holds the key can tell one from another."""
    digest = hmac.new(id_key, "\0".join((prefix, *asked)).encode(), hashlib.sha256).digest()
    return f"{prefix}_{base64.b32encode(digest[:16]).decode().rstrip('=')}"
