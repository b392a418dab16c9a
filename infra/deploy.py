"""Deploys both stacks of a stage: `python -m infra.deploy --stage prod`. The local desk uses the same code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra import cfn
from infra.dependencies import BuildFailed
from infra.package import ROOT, Package, package
from infra.stack import DeployFailed, bring
from infra.template import UnknownResource

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_s3 import S3Client

Parameters = Mapping[str, str]


@dataclass(frozen=True)
class Cloud:
    """Where to deploy: the clients of one account and region."""

    cloudformation: CloudFormationClient
    s3: S3Client
    account: str
    region: str


def cloud(session: boto3.Session, endpoint: str | None = None) -> Cloud:
    """The account and region of a session, or the emulator at an endpoint."""
    account = session.client("sts", endpoint_url=endpoint).get_caller_identity()["Account"]
    return Cloud(
        session.client("cloudformation", endpoint_url=endpoint),
        session.client("s3", endpoint_url=endpoint),
        account,
        session.region_name,
    )


def data_stack(stage: str) -> str:
    """The name of the stack that holds a stage's data."""
    return f"desk-{stage}-data"


def app_stack(stage: str) -> str:
    """The name of the stack that serves a stage."""
    return f"desk-{stage}-app"


def deploy(target: Cloud, stage: str, made: Package, data: Parameters, app: Parameters) -> dict[str, str]:
    """Bring both stacks to the state of a package; their outputs by name. Raises DeployFailed with the reason."""
    bucket = _artifact_bucket(target)
    prefix = f"{stage}/{made.digest}"
    names = {path.name: f"{prefix}/{path.name}" for path in (made.code, made.data_template, made.app_template)}
    for path in (made.code, made.data_template, made.app_template):
        target.s3.upload_file(str(path), bucket, names[path.name])
    store = bring(
        target.cloudformation, data_stack(stage), _url(target, bucket, names["data.yaml"]), {"Stage": stage, **data}
    )
    code = {"CodeBucket": bucket, "CodeKey": names["app.zip"], "DataStack": data_stack(stage), "Stage": stage}
    served = bring(target.cloudformation, app_stack(stage), _url(target, bucket, names["app.json"]), {**code, **app})
    return {**store, **served}


def _artifact_bucket(target: Cloud) -> str:
    """The bucket that holds what is deployed; made closed and encrypted when it is not there."""
    name = f"desk-artifacts-{target.account}-{target.region}"
    try:
        target.s3.head_bucket(Bucket=name)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"404", "NoSuchBucket"}:
            raise
        where: Any = {"CreateBucketConfiguration": {"LocationConstraint": target.region}}
        target.s3.create_bucket(Bucket=name, **({} if target.region == "us-east-1" else where))
        closed: Any = dict.fromkeys(
            ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
        )
        target.s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=closed)
    return name


def _url(target: Cloud, bucket: str, key: str) -> str:
    return f"{target.s3.meta.endpoint_url}/{bucket}/{key}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", default="prod")
    stage = parser.parse_args(arguments).stage
    stages = cfn.read(Path(ROOT) / "infra" / "stages.yaml")
    if stage not in stages:
        parser.error(f"no stage {stage!r} in infra/stages.yaml")
    row = stages[stage]
    try:
        outputs = deploy(
            cloud(boto3.Session(region_name=row["region"])), stage, package(), row.get("data", {}), row.get("app", {})
        )
    except (BuildFailed, UnknownResource, DeployFailed, BotoCoreError, ClientError) as failed:
        print(failed, file=sys.stderr)
        return 1
    print(f"{stage} is up at {outputs['EndpointURL']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
