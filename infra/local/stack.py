"""The desk's stacks inside the emulator: deployed when something changed, with what only a local stack needs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from infra.deploy import app_stack, cloud, data_stack, deploy
from infra.local.gateway import complete_api
from infra.local.ports import LOOPBACK, Ports
from infra.package import ROOT, Package
from infra.stack import outputs

REGION = "eu-west-2"
STAGE = "local"
DOMAIN = "northwind.example"
MAILBOX = f"billing@{DOMAIN}"
CREDENTIALS: dict[str, Any] = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
_API_STAGE = "desk"
_DEPLOYED = "/desk/deployed"
_SEEDED = "/desk/seeded"


@dataclass(frozen=True)
class Keys:
    """What the desk and the local Stripe share."""

    api_key: str
    webhook_secret: str


class LocalStack:
    """The stacks in one emulator. What was deployed and seeded is remembered in the emulator itself, so that the memory
    and the state it speaks of are lost or kept together."""

    def __init__(self, ports: Ports, keys: Keys) -> None:
        self.endpoint = f"http://{LOOPBACK}:{ports.aws}"
        self.stripe_base = f"http://{LOOPBACK}:{ports.stripe}"
        self.site = f"http://{LOOPBACK}:{ports.site}"
        self._keys = keys
        self._session = boto3.Session(region_name=REGION, **CREDENTIALS)
        self.outputs: dict[str, str] = {}

    def client(self, service: str) -> Any:
        """A client of the emulator."""
        retries = Config(retries={"mode": "standard", "total_max_attempts": 5})
        make: Any = self._session.client
        return make(service, endpoint_url=self.endpoint, config=retries)

    def bring(self, made: Package) -> bool:
        """Deploy a package unless it is what stands there; whether anything was done. Raises DeployFailed."""
        fingerprint = self._fingerprint(made)
        target = cloud(self._session, self.endpoint)
        if self._recall(_DEPLOYED) == fingerprint:
            self.outputs = {
                **outputs(target.cloudformation, data_stack(STAGE)),
                **outputs(target.cloudformation, app_stack(STAGE)),
            }
            return False
        data = {"MailDomain": DOMAIN, "MailFrom": MAILBOX, "ReceivesMail": "false", "RetrySeconds": "8",
                "TokenMinutes": "1440"}  # fmt: skip
        app = {"StripeApiBase": self.stripe_base, "CustomerSite": self.site, "LocalApis": self._apis}
        self.outputs = deploy(target, STAGE, made, data, app)
        complete_api(
            self.client("apigateway"), self.outputs["RestAPIId"], _API_STAGE, json.loads(made.app_template.read_text())
        )
        self.client("ses").verify_email_identity(EmailAddress=MAILBOX)
        self.client("secretsmanager").put_secret_value(
            SecretId=self.outputs["StripeSecretId"],
            SecretString=json.dumps({"api_key": self._keys.api_key, "webhook_secrets": [self._keys.webhook_secret]}),
        )
        self._remember(_DEPLOYED, fingerprint)
        return True

    def seed(self, load: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What the demo loader returned when it ran on this state; it runs when it has not yet."""
        known = self._recall(_SEEDED)
        if known is not None:
            seeded: dict[str, Any] = json.loads(known)
            return seeded
        loaded = load()
        self._remember(_SEEDED, json.dumps(loaded))
        return loaded

    @property
    def api_url(self) -> str:
        return f"{self._apis}/{self.outputs['RestAPIId']}/{_API_STAGE}"

    @property
    def _apis(self) -> str:
        return f"{self.endpoint}/_aws/execute-api"

    def _fingerprint(self, made: Package) -> str:
        ours = b"".join((ROOT / "infra" / "local" / name).read_bytes() for name in ("gateway.py", "stack.py"))
        told = repr((made.digest, self.endpoint, self.stripe_base, self.site, self._keys))
        return hashlib.sha256(told.encode() + ours).hexdigest()

    def _recall(self, name: str) -> str | None:
        ssm = self.client("ssm")
        try:
            value: str = ssm.get_parameter(Name=name)["Parameter"]["Value"]
        except ssm.exceptions.ParameterNotFound:
            return None
        return value

    def _remember(self, name: str, value: str) -> None:
        self.client("ssm").put_parameter(Name=name, Value=value, Type="String", Tier="Advanced", Overwrite=True)
