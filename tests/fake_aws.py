"""Secrets Manager and SQS on the loopback interface, as far as the lean client speaks to them.

Each request is kept, and its signature is checked by botocore; what is answered can be told beforehand.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections import deque
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEYS = Credentials("AKIDTESTING", "secret-key-for-tests", "session-token-for-tests")
REGION = "eu-west-2"
SECRET_ID = "desk-test-stripe"
QUEUE_URL = "https://sqs.eu-west-2.amazonaws.com/123456789012/stripe-events"
DROP = 0
"""As a status: the connection is cut in place of an answer."""

Answer = tuple[int, Any]


@dataclass(frozen=True)
class Call:
    """A request as it arrived, and the connection (counted from 0) that brought it."""

    operation: str
    headers: Message
    body: bytes
    connection: int

    @property
    def parameters(self) -> Any:
        return json.loads(self.body)


@dataclass
class FakeAws:
    """`secret` is what the secret holds, `queued` what the queue holds; `first` is answered before the truth is."""

    secret: str = "{}"
    queued: list[str] = field(default_factory=list)
    queues: set[str] = field(default_factory=lambda: {QUEUE_URL})
    first: deque[Answer] = field(default_factory=deque)
    calls: list[Call] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    keep_connections: bool = True

    def __enter__(self) -> Self:
        self._connections = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        if self.tls:
            self._server.socket = self.tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def environment(self) -> dict[str, str]:
        """What Lambda would give to a function, with both services led here."""
        url = f"{'https' if self.tls else 'http'}://127.0.0.1:{self._server.server_port}"
        return {
            "AWS_ACCESS_KEY_ID": KEYS.access_key,
            "AWS_SECRET_ACCESS_KEY": KEYS.secret_key,
            "AWS_SESSION_TOKEN": str(KEYS.token),
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL_SQS": url,
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": url,
            "STRIPE_SECRET_ID": SECRET_ID,
            "STRIPE_EVENTS_QUEUE_URL": QUEUE_URL,
        }

    def connected(self) -> int:
        """The number of a new connection."""
        self._connections += 1
        return self._connections - 1

    def answer(self, call: Call) -> Answer:
        self.calls.append(call)
        if self.first:
            return self.first.popleft()
        service = "sqs" if call.operation.startswith("AmazonSQS.") else "secretsmanager"
        if call.headers["Authorization"] != authorization(call, service):
            return 403, {"__type": "com.amazon.coral.service#InvalidSignatureException"}
        return self._send(call) if service == "sqs" else self._read(call)

    def _send(self, call: Call) -> Answer:
        if call.parameters["QueueUrl"] not in self.queues:
            return 400, {"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "The queue does not exist."}
        self.queued.append(call.parameters["MessageBody"])
        return 200, {"MessageId": str(len(self.queued))}

    def _read(self, call: Call) -> Answer:
        if call.parameters != {"SecretId": SECRET_ID}:
            return 400, {"__type": "ResourceNotFoundException", "Message": "There is no such secret."}
        return 200, {"Name": SECRET_ID, "SecretString": self.secret}


def authorization(call: Call, service: str) -> str:
    """What botocore would have put into the Authorization header of this request."""
    signed = call.headers["Authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    headers = {name: call.headers[name] for name in signed}
    request = AWSRequest("POST", f"https://{call.headers['Host']}/", headers, call.body)
    request.context["timestamp"] = call.headers["X-Amz-Date"]
    signer = SigV4Auth(KEYS, service, REGION)
    signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    names = signer.signed_headers(signer.headers_to_sign(request))
    return f"AWS4-HMAC-SHA256 Credential={signer.scope(request)}, SignedHeaders={names}, Signature={signature}"


def _handler(aws: FakeAws) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            self.number = aws.connected()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = aws.answer(Call(self.headers["X-Amz-Target"], self.headers, body, self.number))
            self.close_connection = status == DROP or not aws.keep_connections
            if status != DROP:
                content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler
