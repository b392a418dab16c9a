"""AWS Lambda, where runs are worked on apart from the requests that ask for them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.platform.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


@dataclass(frozen=True)
class LambdaStarter:
    """A Starter. `function` is the name of the function that reconciles."""

    client: LambdaClient
    function: str

    def start(self, reconciliation_id: str) -> None:
        """Have the run taken on soon: Lambda queues the call and repeats one that fails. Raises Unavailable."""
        asked = json.dumps({"reconciliation_id": reconciliation_id})
        try:
            self.client.invoke(FunctionName=self.function, InvocationType="Event", Payload=asked)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The run cannot be started now; try again.") from error
