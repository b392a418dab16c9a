"""Signs as Stripe does."""

from __future__ import annotations

import hashlib
import hmac
import time

SECRET = "whsec_test"


def stripe_signature(body: bytes, *secrets: str, at: float | None = None) -> str:
    """The Stripe-Signature header at an epoch second, now if none is given; with two secrets as while one is rolled."""
    stamp = str(int(time.time() if at is None else at))
    signs = [
        hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        for secret in secrets or (SECRET,)
    ]
    return ",".join([f"t={stamp}", *(f"v1={sign}" for sign in signs), "v0=of-old"])
