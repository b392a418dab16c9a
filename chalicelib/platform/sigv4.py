"""Signs one kind of AWS request, a POST to `/` without a query, by Signature Version 4; knows no transport.

botocore signs every kind, but a function that must start fast cannot wait until it is loaded.
The scheme: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

_ALGORITHM = "AWS4-HMAC-SHA256"


class Credentials(NamedTuple):
    """Who signs. `session_token` is empty for keys that do not expire."""

    access_key_id: str
    secret_access_key: str
    session_token: str = ""

    def __repr__(self) -> str:
        return f"Credentials({self.access_key_id!r}, ...)"


def signed(
    headers: Mapping[str, str], body: bytes, credentials: Credentials, region: str, service: str, at: datetime
) -> dict[str, str]:
    """The headers with date, session token and Authorization. `headers` must name the host; `at` is UTC."""
    stamp = at.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    dated = {**headers, "X-Amz-Date": stamp}
    if credentials.session_token:
        dated["X-Amz-Security-Token"] = credentials.session_token
    lines = sorted((name.lower(), " ".join(value.split())) for name, value in dated.items())
    names = ";".join(name for name, _ in lines)
    canonical = "\n".join(["POST", "/", "", *(f"{name}:{value}" for name, value in lines), "", names, _digest(body)])
    to_sign = "\n".join([_ALGORITHM, stamp, scope, _digest(canonical.encode())])
    signature = _hmac(_signing_key(credentials.secret_access_key, scope), to_sign).hex()
    claim = f"Credential={credentials.access_key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**dated, "Authorization": f"{_ALGORITHM} {claim}"}


def _signing_key(secret_access_key: str, scope: str) -> bytes:
    key = b"AWS4" + secret_access_key.encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
