"""How Chalice's template, our fragment and the grants become one template."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from infra.methods import ANY, refuse_other_methods
from infra.template import UnknownResource, app_template, gateway_responses, merge, snake

PACKAGED: dict[str, Any] = {
    "Resources": {
        "ReceiveMail": {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "CodeUri": "./deployment.zip",
                "Role": {"Fn::GetAtt": ["ReceiveMailRole", "Arn"]},
                "Events": {
                    "Source": {"Type": "SQS", "Properties": {"Queue": {"Fn::Sub": "arn:mail"}, "BatchSize": 10}}
                },
            },
        },
        "ReceiveMailRole": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyName": "Traces"}]}},
        "RestAPI": {
            "Type": "AWS::Serverless::Api",
            "Properties": {"StageName": "desk", "DefinitionBody": {"paths": {}}},
        },
    }
}
GRANTS: dict[str, Any] = {
    "grants": {"table": [{"Action": "dynamodb:GetItem", "Resource": {"Ref": "TableArn"}}]},
    "functions": {"ReceiveMail": ["table"]},
}


def fragment(**resources: Any) -> dict[str, Any]:
    return {
        "Resources": resources,
        "GatewayAnswers": {"THROTTLED": [429, "too_many_requests", "Too many", "Slow down"]},
    }


def test_an_intrinsic_of_ours_replaces_an_intrinsic_of_theirs() -> None:
    assert merge({"Queue": {"Fn::Sub": "arn:x"}}, {"Queue": {"Fn::ImportValue": "y"}}) == {
        "Queue": {"Fn::ImportValue": "y"}
    }


@pytest.mark.parametrize(
    ("theirs", "ours"), [({"a": {"b": 1}}, {"a": {"Ref": "X"}}), ({"a": {"Ref": "X"}}, {"a": {"b": 1}})]
)
def test_an_intrinsic_never_mixes_with_a_mapping(theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    assert merge(theirs, ours) == ours


def test_mappings_merge_by_key_and_lists_are_replaced() -> None:
    assert merge({"a": {"x": 1, "l": [1, 2]}, "b": 1}, {"a": {"y": 2, "l": [3]}}) == {
        "a": {"x": 1, "y": 2, "l": [3]},
        "b": 1,
    }


def test_merging_changes_neither_side() -> None:
    theirs, ours = {"a": {"x": [1]}}, {"a": {"y": [2]}}
    merged = merge(theirs, ours)
    merged["a"]["x"].append(9)
    merged["a"]["y"].append(9)
    assert (theirs, ours) == ({"a": {"x": [1]}}, {"a": {"y": [2]}})


def test_a_function_gets_code_name_logs_and_only_its_grants() -> None:
    resources = app_template(PACKAGED, fragment(), GRANTS)["Resources"]
    function = resources["ReceiveMail"]
    assert function["Properties"]["CodeUri"] == {"Bucket": {"Ref": "CodeBucket"}, "Key": {"Ref": "CodeKey"}}
    assert function["Properties"]["FunctionName"] == {"Fn::Sub": "${AWS::StackName}-receive_mail"}
    assert function["DependsOn"] == ["ReceiveMailLogs"]
    assert resources["ReceiveMailLogs"]["Properties"]["LogGroupName"] == {
        "Fn::Sub": "/aws/lambda/${AWS::StackName}-receive_mail"
    }
    traces, desk = resources["ReceiveMailRole"]["Properties"]["Policies"]
    assert traces == {"PolicyName": "Traces"}
    logs, table = desk["PolicyDocument"]["Statement"]
    assert logs["Resource"]["Fn::Sub"].endswith(":log-group:/aws/lambda/${AWS::StackName}-receive_mail:*")
    assert table == {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": {"Ref": "TableArn"}}


def test_an_event_source_keeps_what_is_not_overridden() -> None:
    ours = fragment(
        ReceiveMail={"Properties": {"Events": {"Source": {"Properties": {"Queue": {"Fn::ImportValue": "q"}}}}}}
    )
    source = app_template(PACKAGED, ours, GRANTS)["Resources"]["ReceiveMail"]["Properties"]["Events"]["Source"]
    assert source == {"Type": "SQS", "Properties": {"Queue": {"Fn::ImportValue": "q"}, "BatchSize": 10}}


def test_a_patch_of_a_function_that_was_renamed_is_refused() -> None:
    with pytest.raises(UnknownResource, match="TakeMail"):
        app_template(PACKAGED, fragment(TakeMail={"Properties": {"Timeout": 3}}), GRANTS)


@pytest.mark.parametrize("functions", [{}, {"ReceiveMail": [], "Other": []}])
def test_every_function_needs_a_row_of_grants_and_every_row_a_function(functions: dict[str, Any]) -> None:
    with pytest.raises(UnknownResource, match=r"grants\.yaml"):
        app_template(PACKAGED, fragment(), {**GRANTS, "functions": functions})


def test_packaging_leaves_its_inputs_alone() -> None:
    before = copy.deepcopy((PACKAGED, GRANTS))
    app_template(PACKAGED, fragment(), GRANTS)
    assert before == (PACKAGED, GRANTS)


def test_gateway_answers_are_problem_documents_that_other_origins_may_read() -> None:
    answer = gateway_responses({"THROTTLED": [429, "too_many_requests", "Too many", "Slow down"]})["THROTTLED"]
    headers = answer["ResponseParameters"]["Headers"]
    assert answer["StatusCode"] == 429
    assert headers["Content-Type"] == "'application/problem+json'"
    assert headers["Access-Control-Allow-Origin"] == "'*'"
    assert headers["Retry-After"] == "'1'"
    assert json.loads(answer["ResponseTemplates"]["application/json"]) == {
        "type": "/docs#problem-too_many_requests",
        "title": "Too many",
        "status": 429,
        "detail": "Slow down",
        "instance": "urn:uuid:$context.requestId",
        "code": "too_many_requests",
    }


@pytest.mark.parametrize(
    ("name", "in_code"),
    [("ReceiveMail", "receive_mail"), ("APIHandler", "api_handler"), ("ReceiveStripeEvent", "receive_stripe_event")],
)
def test_a_logical_id_gives_the_name_in_code(name: str, in_code: str) -> None:
    assert snake(name) == in_code


def test_a_path_refuses_the_methods_it_does_not_have_and_names_those_it_has() -> None:
    paths: dict[str, Any] = {"/v1/accounts": {"post": {}, "get": {}, "options": {}}}
    refuse_other_methods(paths)
    refuse_other_methods(paths)
    answer = paths["/v1/accounts"][ANY]["x-amazon-apigateway-integration"]["responses"]["default"]
    assert answer["statusCode"] == "405"
    assert answer["responseParameters"]["method.response.header.Allow"] == "'GET, OPTIONS, POST'"
    assert json.loads(answer["responseTemplates"]["application/json"])["code"] == "method_not_allowed"
