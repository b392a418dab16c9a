"""One CloudFormation stack: brought to a template by a change set, waited for; says why when it fails."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, WaiterError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef, WaiterConfigTypeDef

_WAIT: WaiterConfigTypeDef = {"Delay": 1, "MaxAttempts": 1800}
_NO_CHANGE = ("didn't contain changes", "No updates are to be performed")


class DeployFailed(RuntimeError):
    """A stack did not reach its template; the message names each resource that failed and why."""


def bring(client: CloudFormationClient, name: str, template_url: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Create or update a stack and return its outputs; does nothing when nothing changed. Raises DeployFailed."""
    stack = _usable_stack(client, name)
    change_set = f"deploy-{time.time_ns()}"
    client.create_change_set(
        StackName=name,
        ChangeSetName=change_set,
        ChangeSetType="UPDATE" if stack else "CREATE",
        TemplateURL=template_url,
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    if _has_changes(client, name, change_set):
        client.execute_change_set(StackName=name, ChangeSetName=change_set)
        _wait(client, name, created=not stack)
    return outputs(client, name)


def outputs(client: CloudFormationClient, name: str) -> dict[str, str]:
    """The outputs of a stack by name; empty when there is no such stack."""
    stack = _describe(client, name)
    return {row["OutputKey"]: row["OutputValue"] for row in stack.get("Outputs", [])} if stack else {}


def _describe(client: CloudFormationClient, name: str) -> StackTypeDef | None:
    try:
        return client.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise


def _usable_stack(client: CloudFormationClient, name: str) -> StackTypeDef | None:
    """The stack to update, or None when one is to be created. A stack that never came up can only be deleted."""
    stack = _describe(client, name)
    if stack and stack["StackStatus"] in {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"}:
        client.delete_stack(StackName=name)
        client.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig=_WAIT)
        return None
    return None if stack and stack["StackStatus"] == "REVIEW_IN_PROGRESS" else stack


def _has_changes(client: CloudFormationClient, name: str, change_set: str) -> bool:
    try:
        client.get_waiter("change_set_create_complete").wait(
            StackName=name, ChangeSetName=change_set, WaiterConfig=_WAIT
        )
    except WaiterError as error:
        found = client.describe_change_set(StackName=name, ChangeSetName=change_set)
        reason = found.get("StatusReason", "")
        if not any(words in reason for words in _NO_CHANGE):
            raise DeployFailed(f"{name}: {reason}") from error
        client.delete_change_set(StackName=name, ChangeSetName=change_set)
        return False
    return True


def _wait(client: CloudFormationClient, name: str, *, created: bool) -> None:
    try:
        if created:
            client.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig=_WAIT)
        else:
            client.get_waiter("stack_update_complete").wait(StackName=name, WaiterConfig=_WAIT)
    except WaiterError as error:
        raise DeployFailed(f"{name} failed:\n{_reasons(client, name)}") from error


def _reasons(client: CloudFormationClient, name: str) -> str:
    """What failed in the last deployment, the first cause first."""
    events = client.describe_stack_events(StackName=name)["StackEvents"]
    failed = [
        f"  {event['LogicalResourceId']} ({event.get('ResourceType', '')}): {event.get('ResourceStatusReason', '')}"
        for event in events
        if event.get("ResourceStatus", "").endswith("_FAILED")
    ]
    return "\n".join(reversed(failed[:20])) or str(events[0].get("ResourceStatusReason", "no reason given"))
