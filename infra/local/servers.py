"""How the two servers that run as processes of their own are started."""

from __future__ import annotations

import os
import sys

from infra.local.children import Child
from infra.local.home import Home
from infra.local.ports import LOOPBACK, Ports
from infra.local.stack import REGION, Keys
from infra.package import ROOT

_EMULATOR_PYTHON = ROOT / ".local" / "emulator-venv" / "bin" / "python"


def emulator(home: Home, ports: Ports) -> Child:
    """The AWS emulator: on the loopback interface, with role policies enforced and its state in the home."""
    state = home.state.resolve()
    settings = {
        "AUTH": "true",
        "BIND_HOST": LOOPBACK,
        "GATEWAY_PORT": str(ports.aws),
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "INFO",
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "1",
        "S3_DATA_DIR": str(state / "s3"),
        "S3_PERSIST": "1",
        "SFTP_ENABLED": "0",
        "SMTP_HOST": f"{LOOPBACK}:{ports.mail_out}",
        "STATE_DIR": str(state / "aws"),
        "TMPDIR": str(home.scratch.resolve()),
    }
    command = [str(_EMULATOR_PYTHON), "-P", str(ROOT / "infra" / "local" / "emulator.py")]
    health = f"http://{LOOPBACK}:{ports.aws}/_ministack/health"
    return Child("The AWS emulator", command, _clean_environment() | settings, health, home.log("emulator"))


def local_stripe(home: Home, ports: Ports, keys: Keys) -> Child:
    """The local Stripe, with its state in the home; it is told where its webhooks go once the desk is deployed."""
    command = [sys.executable, "-m", "infra.local.stripe", "--port", str(ports.stripe)]
    command += ["--state", str(home.state / "stripe.sqlite"), "--api-key", keys.api_key]
    command += ["--webhook-secret", keys.webhook_secret]
    health = f"http://{LOOPBACK}:{ports.stripe}/_control/health"
    environment = _clean_environment() | {"PYTHONPATH": str(ROOT)}
    return Child("The local Stripe", command, environment, health, home.log("stripe"))


def _clean_environment() -> dict[str, str]:
    """Nothing of the caller's cloud may reach a local process."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "STRIPE_", "PYTHON"))}
