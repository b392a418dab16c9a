"""AWS clients, built once, with time-outs that end long before API Gateway's 29 seconds do; secrets by id."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.config import Config

from chalicelib.platform.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_ses import SESClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

_CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
_IN_A_CALL = Config(connect_timeout=1, read_timeout=1.5, retries={"mode": "standard", "total_max_attempts": 2})
SECRET_SECONDS = 300
"""How long a secret is kept before it is read again, so that a rotated one is taken up."""


@cache
def dynamodb() -> DynamoDBClient:
    return boto3.client("dynamodb", config=_CONFIG)


@cache
def dynamodb_in_a_call() -> DynamoDBClient:
    """A client that gives up in 3 seconds: Amazon Connect waits 8, and the caller hears silence meanwhile."""
    return boto3.client("dynamodb", config=_IN_A_CALL)


@cache
def cognito() -> CognitoIdentityProviderClient:
    return boto3.client("cognito-idp", config=_CONFIG)


@cache
def functions() -> LambdaClient:
    return boto3.client("lambda", config=_CONFIG)


@cache
def s3() -> S3Client:
    return boto3.client("s3", config=_CONFIG)


@cache
def s3_links() -> S3Client:
    """Signs links, and asks nothing: objects under a KMS key take signatures of version 4 alone."""
    return boto3.client("s3", config=Config(signature_version="s3v4"))


@cache
def ses() -> SESClient:
    return boto3.client("ses", config=_CONFIG)


@cache
def sns() -> SNSClient:
    return boto3.client("sns", config=_CONFIG)


@cache
def sqs() -> SQSClient:
    return boto3.client("sqs", config=_CONFIG)


def secret(secret_id: str) -> dict[str, Any]:
    """A JSON secret as a mapping, kept for SECRET_SECONDS. Raises Unavailable when it cannot be read."""
    try:
        value: dict[str, Any] = parameters.get_secret(secret_id, transform="json", max_age=SECRET_SECONDS)
    except GetParameterError as error:
        raise Unavailable("The desk cannot read its keys; try again.") from error
    return value
