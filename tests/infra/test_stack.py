"""Bringing a stack to its template, against a mocked CloudFormation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.stack import DeployFailed, bring, outputs

REGION = "eu-west-2"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        s3 = boto3.client("s3", region_name=REGION)
        s3.create_bucket(Bucket="templates", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
        yield {"s3": s3, "cloudformation": boto3.client("cloudformation", region_name=REGION)}


def template(aws: dict[str, Any], *, seconds: int) -> str:
    """The URL of a template with one queue."""
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": seconds}}
    body = {"Resources": {"Queue": queue}, "Outputs": {"Url": {"Value": {"Ref": "Queue"}}}}
    aws["s3"].put_object(Bucket="templates", Key=f"{seconds}.json", Body=json.dumps(body))
    return f"https://templates.s3.{REGION}.amazonaws.com/{seconds}.json"


def visibilities() -> list[str]:
    """The setting of every queue that exists."""
    sqs = boto3.client("sqs", region_name=REGION)
    urls = sqs.list_queues().get("QueueUrls", [])
    return [
        sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]["VisibilityTimeout"]
        for url in urls
    ]


def test_a_new_stack_is_created(aws: dict[str, Any]) -> None:
    bring(aws["cloudformation"], "desk", template(aws, seconds=7), {})
    assert visibilities() == ["7"]


def test_an_existing_stack_is_updated_in_place(aws: dict[str, Any]) -> None:
    bring(aws["cloudformation"], "desk", template(aws, seconds=7), {})
    bring(aws["cloudformation"], "desk", template(aws, seconds=9), {})
    assert visibilities() == ["9"]


def test_a_stack_that_never_came_up_is_made_anew(aws: dict[str, Any]) -> None:
    client = aws["cloudformation"]
    bring(client, "desk", template(aws, seconds=7), {})
    stack_id = client.describe_stacks(StackName="desk")["Stacks"][0]["StackId"]
    _state_of(stack_id).status = "ROLLBACK_COMPLETE"
    bring(client, "desk", template(aws, seconds=8), {})
    assert visibilities() == ["8"]


def test_outputs_are_read_by_name(aws: dict[str, Any]) -> None:
    aws["cloudformation"].create_stack(StackName="desk", TemplateURL=template(aws, seconds=7))
    assert list(outputs(aws["cloudformation"], "desk")) == ["Url"]


def test_a_missing_stack_has_no_outputs(aws: dict[str, Any]) -> None:
    assert outputs(aws["cloudformation"], "nothing") == {}


class FailingStack:
    """CloudFormation while a create fails: the waiter gives up and the events say why."""

    def __init__(self) -> None:
        self.executed = False

    def describe_stacks(self, **_: Any) -> Any:
        return {"Stacks": [{"StackName": "desk", "StackStatus": "UPDATE_COMPLETE"}]}

    def create_change_set(self, **_: Any) -> None:
        pass

    def execute_change_set(self, **_: Any) -> None:
        self.executed = True

    def get_waiter(self, _name: str) -> Any:
        return self

    def wait(self, **_: Any) -> None:
        if self.executed:
            from botocore.exceptions import WaiterError

            raise WaiterError("stack_update_complete", "terminal failure", {})

    def describe_stack_events(self, **_: Any) -> Any:
        newest_first = [
            {"LogicalResourceId": "desk", "ResourceStatus": "UPDATE_ROLLBACK_COMPLETE"},
            {"LogicalResourceId": "Topic", "ResourceStatus": "UPDATE_FAILED", "ResourceStatusReason": "cancelled"},
            {"LogicalResourceId": "Table", "ResourceStatus": "UPDATE_FAILED", "ResourceStatusReason": "too many keys"},
        ]
        return {"StackEvents": newest_first}


def test_a_failure_names_each_resource_and_the_first_cause_first() -> None:
    client: Any = FailingStack()
    with pytest.raises(DeployFailed) as failed:
        bring(client, "desk", "https://example.com/t.json", {})
    said = str(failed.value)
    assert "too many keys" in said
    assert said.index("Table") < said.index("Topic")


def _state_of(stack_id: str) -> Any:
    from moto.cloudformation.models import cloudformation_backends

    return cloudformation_backends["123456789012"][REGION].stacks[stack_id]
