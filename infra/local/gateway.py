"""Gives the local API what the emulator's OpenAPI import loses: gateway answers, mocks, binary types."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

from infra.cfn import Template
from infra.methods import ANY

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient

_PREFIX = "gatewayresponse.header."
_METHOD_OF_MOCK = {"options": "OPTIONS", ANY: "ANY"}


def complete_api(client: APIGatewayClient, api_id: str, stage: str, template: Template) -> None:
    """Apply what the template says of these to a deployed API and redeploy its stage."""
    properties = template["Resources"]["RestAPI"]["Properties"]
    swagger = properties["DefinitionBody"]
    for kind, answer in properties["GatewayResponses"].items():
        headers = answer["ResponseParameters"]["Headers"]
        client.put_gateway_response(
            restApiId=api_id,
            responseType=kind,
            statusCode=str(answer["StatusCode"]),
            responseParameters={_PREFIX + name: value for name, value in headers.items()},
            responseTemplates=answer["ResponseTemplates"],
        )
    _mocks(client, api_id, swagger["paths"])
    _binary_types(client, api_id, swagger.get("x-amazon-apigateway-binary-media-types", []))
    client.create_deployment(restApiId=api_id, stageName=stage)


def _mocks(client: APIGatewayClient, api_id: str, paths: dict[str, Any]) -> None:
    """What API Gateway answers itself: the preflight, and the refusal of methods that a path does not have."""
    resources = client.get_paginator("get_resources").paginate(restApiId=api_id)
    id_by_path = {row["path"]: row["id"] for page in resources for row in page["items"]}
    for path, operations in paths.items():
        for name in operations.keys() & _METHOD_OF_MOCK.keys():
            integration = operations[name]["x-amazon-apigateway-integration"]
            where = {"restApiId": api_id, "resourceId": id_by_path[path], "httpMethod": _METHOD_OF_MOCK[name]}
            _mock(client, where, integration["requestTemplates"], integration["responses"]["default"])


def _mock(client: APIGatewayClient, where: Any, asked: dict[str, str], answer: dict[str, Any]) -> None:
    status, headers = answer["statusCode"], answer["responseParameters"]
    with contextlib.suppress(client.exceptions.ConflictException):
        client.put_method(**where, authorizationType="NONE")
    client.put_method_response(**where, statusCode=status, responseParameters=dict.fromkeys(headers, False))
    client.put_integration(**where, type="MOCK", requestTemplates=asked)
    client.put_integration_response(
        **where, statusCode=status, responseParameters=headers, responseTemplates=answer.get("responseTemplates", {})
    )


def _binary_types(client: APIGatewayClient, api_id: str, media_types: list[str]) -> None:
    escaped = [re.sub("/", "~1", name) for name in media_types]
    if escaped:
        client.update_rest_api(
            restApiId=api_id,
            patchOperations=[{"op": "add", "path": f"/binaryMediaTypes/{name}"} for name in escaped],
        )
