"""Calls AWS services of the JSON protocol without an SDK, for a function that must start fast; `aws` serves the others.

Alone decides how such a call is sent, how long it may take and when it is sent once more. Credentials and region are
those that Lambda puts into the environment; AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_<SERVICE> lead elsewhere, as they
lead the SDKs. TLS is verified against the CAs of the machine, or of SSL_CERT_FILE.
"""

from __future__ import annotations

import json
import os
import select
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from chalicelib.platform.sigv4 import Credentials, signed

CONNECT_SECONDS = 1.0
READ_SECONDS = 3.0


class CallFailed(Exception):
    """AWS refused, or did not answer: says service, operation and why, never what was sent.

    `passing` tells whether the same call may well be taken in a moment.
    """

    def __init__(self, why: str, *, passing: bool) -> None:
        super().__init__(why)
        self.passing = passing


class Service(NamedTuple):
    """How a service is addressed. `variable` ends the name of its AWS_ENDPOINT_URL."""

    name: str
    variable: str
    target: str
    media_type: str


SECRETS_MANAGER = Service("secretsmanager", "SECRETS_MANAGER", "secretsmanager", "application/x-amz-json-1.1")
SQS = Service("sqs", "SQS", "AmazonSQS", "application/x-amz-json-1.0")


class LeanClient:
    """One service over one connection, which is kept between calls and opened anew when the other side closed it."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._region = os.environ["AWS_REGION"]
        endpoint = urlsplit(_endpoint(service, self._region))
        self._host = endpoint.netloc
        self._connection = (
            HTTPSConnection(endpoint.hostname or "", endpoint.port, timeout=CONNECT_SECONDS, context=_tls())
            if endpoint.scheme == "https"
            else HTTPConnection(endpoint.hostname or "", endpoint.port, timeout=CONNECT_SECONDS)
        )
        self._one_at_a_time = Lock()

    def call(self, operation: str, parameters: Mapping[str, str]) -> dict[str, Any]:
        """The answer of an operation. Raises CallFailed, after a second try where that can help.

        A call may arrive twice although it is answered once. There is no pause before the second try: whoever waits
        for us repeats with a pause of its own.
        """
        body = json.dumps(parameters).encode()
        with self._one_at_a_time:
            try:
                return self._attempt(operation, body)
            except CallFailed as failed:
                if not failed.passing:
                    raise
            return self._attempt(operation, body)

    def close(self) -> None:
        self._connection.close()

    def _attempt(self, operation: str, body: bytes) -> dict[str, Any]:
        what = f"{self._service.name} {operation}"
        try:
            status, answer = self._exchange(operation, body)
        except (OSError, HTTPException) as error:
            self._connection.close()
            raise CallFailed(f"{what}: {type(error).__name__}", passing=True) from error
        if status == 200 and isinstance(answer, dict):
            return answer
        code = _code(answer)
        ours = 400 <= status < 500 and status != 429 and "Throttl" not in code
        raise CallFailed(f"{what}: {status} {code}", passing=not ours)

    def _exchange(self, operation: str, body: bytes) -> tuple[int, Any]:
        """Status and JSON of one request; None for what is not JSON. Raises OSError and HTTPException."""
        if self._connection.sock is None or _was_closed(self._connection.sock):
            self._connection.close()
            self._connection.connect()
            self._connection.sock.settimeout(READ_SECONDS)
        self._connection.request("POST", "/", body, self._headers(operation, body))
        response = self._connection.getresponse()
        return response.status, _parsed(response.read())

    def _headers(self, operation: str, body: bytes) -> dict[str, str]:
        headers = {
            "Host": self._host,
            "Content-Type": self._service.media_type,
            "X-Amz-Target": f"{self._service.target}.{operation}",
        }
        made = signed(headers, body, _credentials(), self._region, self._service.name, datetime.now(UTC))
        trace = os.environ.get("_X_AMZN_TRACE_ID")
        # Not signed, because proxies on the way add to it.
        return {**made, "X-Amzn-Trace-Id": quote(trace, safe="=;:-")} if trace else made


def _endpoint(service: Service, region: str) -> str:
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    own = os.environ.get(f"AWS_ENDPOINT_URL_{service.variable}") or os.environ.get("AWS_ENDPOINT_URL")
    return own or f"https://{service.name}.{region}.{domain}"


def _credentials() -> Credentials:
    given = os.environ
    return Credentials(given["AWS_ACCESS_KEY_ID"], given["AWS_SECRET_ACCESS_KEY"], given.get("AWS_SESSION_TOKEN", ""))


@cache
def _tls() -> ssl.SSLContext:
    """One for all services: reading the machine's CAs takes longer than a handshake."""
    return ssl.create_default_context()


def _was_closed(sock: Any) -> bool:
    """Between two calls nothing is due, so that what can be read is the end."""
    return bool(select.select([sock], [], [], 0)[0])


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


def _code(answer: Any) -> str:
    """AWS's name of the error, without the namespace in front of it."""
    return str(answer.get("__type", "")).rpartition("#")[2] if isinstance(answer, dict) else "unreadable"
