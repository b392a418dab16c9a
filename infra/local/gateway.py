"""Gives the local API what the emulator's OpenAPI import loses: gateway answers, CORS preflight, binary types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from infra.cfn import Template

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient

_PREFIX = "gatewayresponse.header."


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
    _preflight(client, api_id, swagger["paths"])
    _binary_types(client, api_id, swagger.get("x-amazon-apigateway-binary-media-types", []))
    client.create_deployment(restApiId=api_id, stageName=stage)


def _preflight(client: APIGatewayClient, api_id: str, paths: dict[str, Any]) -> None:
    """OPTIONS is a mock whose answer is only headers."""
    resources = client.get_paginator("get_resources").paginate(restApiId=api_id)
    id_by_path = {row["path"]: row["id"] for page in resources for row in page["items"]}
    for path, operations in paths.items():
        if "options" not in operations:
            continue
        integration = operations["options"]["x-amazon-apigateway-integration"]
        headers = integration["responses"]["default"]["responseParameters"]
        where: Any = {"restApiId": api_id, "resourceId": id_by_path[path], "httpMethod": "OPTIONS"}
        client.put_method_response(**where, statusCode="200", responseParameters=dict.fromkeys(headers, False))
        client.put_integration(**where, type="MOCK", requestTemplates=integration["requestTemplates"])
        client.put_integration_response(**where, statusCode="200", responseParameters=headers)


def _binary_types(client: APIGatewayClient, api_id: str, media_types: list[str]) -> None:
    escaped = [re.sub("/", "~1", name) for name in media_types]
    if escaped:
        client.update_rest_api(
            restApiId=api_id,
            patchOperations=[{"op": "add", "path": f"/binaryMediaTypes/{name}"} for name in escaped],
        )
