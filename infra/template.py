"""The pure half of packaging: Chalice's SAM template, our fragment and the grants become the app stack's template."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

from infra.cfn import Template, is_intrinsic, of_type
from infra.methods import refuse_other_methods

FUNCTION = "AWS::Serverless::Function"


class UnknownResource(ValueError):
    """The fragment or the grants speak of a resource that the packaged app does not have."""


def app_template(packaged: Template, fragment: Template, grants: Template) -> Template:
    """The template to deploy. Raises UnknownResource when fragment or grants name something that is not there."""
    ours = copy.deepcopy(fragment)
    answers = ours.pop("GatewayAnswers")
    _refuse_unknown(packaged, ours)
    template: Template = merge(packaged, ours)
    api = template["Resources"]["RestAPI"]["Properties"]
    api["GatewayResponses"] = gateway_responses(answers)
    refuse_other_methods(api["DefinitionBody"]["paths"])
    _place_code(template)
    _name_and_log(template)
    _grant(template, grants)
    return template


def merge(theirs: Any, ours: Any) -> Any:
    """Mappings are merged by key; lists, scalars and intrinsic functions of ours replace theirs."""
    if not (isinstance(theirs, dict) and isinstance(ours, dict)) or is_intrinsic(theirs) or is_intrinsic(ours):
        return copy.deepcopy(ours)
    merged = {key: copy.deepcopy(value) for key, value in theirs.items()}
    for key, value in ours.items():
        merged[key] = merge(merged[key], value) if key in merged else copy.deepcopy(value)
    return merged


def gateway_responses(answers: dict[str, list[Any]]) -> dict[str, Any]:
    """SAM's GatewayResponses from rows of [status, code, title, detail]: problem+json, readable across origins."""
    return {kind: _gateway_response(*row) for kind, row in answers.items()}


def _gateway_response(status: int, code: str, title: str, detail: str) -> dict[str, Any]:
    body = {"type": f"/docs#problem-{code}", "title": title, "status": status, "detail": detail,
            "instance": "urn:uuid:$context.requestId", "code": code}  # fmt: skip
    headers = {
        "Access-Control-Allow-Origin": "'*'",
        "Access-Control-Expose-Headers": "'Retry-After,X-Request-Id'",
        "Content-Type": "'application/problem+json'",
        "X-Request-Id": "context.requestId",
    }
    if status in {429, 503}:
        headers["Retry-After"] = "'1'"
    return {
        "StatusCode": status,
        "ResponseParameters": {"Headers": headers},
        "ResponseTemplates": {"application/json": json.dumps(body)},
    }


def _refuse_unknown(packaged: Template, ours: Template) -> None:
    """A patch without a Type must meet a resource: otherwise a renamed function would silently lose its settings."""
    lost = [name for name, res in ours["Resources"].items() if "Type" not in res and name not in packaged["Resources"]]
    if lost:
        raise UnknownResource(f"infra/app.yaml changes what the app does not have: {', '.join(sorted(lost))}")


def _place_code(template: Template) -> None:
    for function in of_type(template, FUNCTION).values():
        function["Properties"]["CodeUri"] = {"Bucket": {"Ref": "CodeBucket"}, "Key": {"Ref": "CodeKey"}}


def _name_and_log(template: Template) -> None:
    """Fixed names let a role name its own log group, which would be a cycle with a generated one."""
    for name, function in of_type(template, FUNCTION).items():
        physical = f"${{AWS::StackName}}-{snake(name)}"
        function["Properties"]["FunctionName"] = {"Fn::Sub": physical}
        function["DependsOn"] = [f"{name}Logs"]
        template["Resources"][f"{name}Logs"] = {
            "Type": "AWS::Logs::LogGroup",
            "Properties": {
                "LogGroupName": {"Fn::Sub": f"/aws/lambda/{physical}"},
                "RetentionInDays": {"Ref": "LogDays"},
                "KmsKeyId": {"Fn::ImportValue": {"Fn::Sub": "${DataStack}-KeyArn"}},
            },
        }


def _grant(template: Template, grants: Template) -> None:
    """Each function's role gets the statements of its grants and its own log group."""
    functions = of_type(template, FUNCTION)
    if set(grants["functions"]) != set(functions):
        raise UnknownResource(f"infra/grants.yaml and the app differ in: {set(grants['functions']) ^ set(functions)}")
    for name, granted in grants["functions"].items():
        rows = [row for grant in granted for row in grants["grants"][grant]]
        statements = [_own_logs(name), *({"Effect": "Allow", **row} for row in rows)]
        document = {"Version": "2012-10-17", "Statement": statements}
        role = template["Resources"][functions[name]["Properties"]["Role"]["Fn::GetAtt"][0]]
        role["Properties"]["Policies"].append({"PolicyName": "Desk", "PolicyDocument": copy.deepcopy(document)})


def _own_logs(name: str) -> dict[str, Any]:
    group = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/${AWS::StackName}-"
    return {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": {"Fn::Sub": f"{group}{snake(name)}:*"},
    }


def snake(name: str) -> str:
    """The name in code of a logical id of Chalice: `ReceiveMail` is `receive_mail`, `APIHandler` is `api_handler`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
