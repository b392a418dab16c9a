"""What the packaged app promises and no emulator proves: least privilege, settings, logs, batches, the gateway."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import cfnlint.api

from chalicelib.platform.config import Settings
from infra import cfn
from infra.cfn import Template
from infra.package import ROOT, Package
from infra.template import FUNCTION, snake
from tests.house.stacks import imports, properties

API_GATEWAY_SECONDS = 29
STREAMS = {"Kinesis", "DynamoDB"}
EVERY_TOPIC = "arn:${AWS::Partition}:sns:*:*:*"
SENSITIVE = {
    "stripe_secret": {
        "APIHandler", "CollectDebts", "CollectInstalments", "ProcessStripeEvents", "ReceiveStripeEvent",
        "ReconcilePayments",
    },
    "desk_secret": {
        "APIHandler", "CollectDebts", "CollectInstalments", "DeliverMessages", "ReceiveMail", "RecordMailEvents",
    },
    "raw_mail_read": {"ReceiveMail"},
    "raw_mail_restrict": {"ReceiveMail"},
    "mail_send": {"DeliverMessages"},
    "text_send": {"DeliverMessages"},
    "sign_ins": {"APIHandler"},
}  # fmt: skip


def statements(app_stack: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    for role, settings in properties(app_stack, "AWS::IAM::Role"):
        for policy in settings["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield role, statement


def event_sources(app_stack: Template, *kinds: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, function in properties(app_stack, FUNCTION):
        for source in function.get("Events", {}).values():
            if source["Type"] in kinds:
                yield name, source["Properties"]


def test_every_function_has_a_role_of_its_own(app_stack: Template) -> None:
    roles = [json.dumps(function["Role"]) for _, function in properties(app_stack, FUNCTION)]
    assert len(set(roles)) == len(roles)


def test_no_statement_reaches_further_than_named_resources(app_stack: Template) -> None:
    """Only traces and phones have no resource to name: what sends text messages may publish to no topic. An object may
    be any under one prefix, a stream any of its log group."""
    for role, statement in statements(app_stack):
        actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        assert not any("*" in action for action in actions), role
        if {action.split(":")[0] for action in actions} == {"xray"}:
            continue
        if "NotResource" in statement:
            assert (actions, statement["NotResource"]) == (["sns:Publish"], {"Fn::Sub": EVERY_TOPIC}), role
            continue
        for resource in statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]:
            assert cfn.is_intrinsic(resource), (role, resource)
            assert json.dumps(resource).count("*") <= 1, (role, resource)
            assert "*" not in json.dumps(resource) or actions[0].startswith(("s3:", "logs:")), (role, resource)
            assert not actions[0].startswith("s3:") or re.search(r"/[a-z]+/\*$", resource["Fn::Join"][1][1]), role


def test_every_grant_is_of_use_to_a_function() -> None:
    grants = cfn.read(ROOT / "infra" / "grants.yaml")
    assert {grant for granted in grants["functions"].values() for grant in granted} == set(grants["grants"])


def test_secrets_and_mail_go_to_the_functions_that_need_them_alone() -> None:
    granted = cfn.read(ROOT / "infra" / "grants.yaml")["functions"]
    holders = {grant: {name for name, grants in granted.items() if grant in grants} for grant in SENSITIVE}
    assert holders == SENSITIVE


def test_every_function_finds_the_settings_it_needs_in_its_environment(app_stack: Template) -> None:
    given = app_stack["Globals"]["Function"]["Environment"]["Variables"]
    assert {name.upper() for name, field in Settings.model_fields.items() if field.is_required()} <= set(given)


def test_every_function_writes_only_its_own_log_group_which_is_encrypted_and_ends(app_stack: Template) -> None:
    groups = dict(properties(app_stack, "AWS::Logs::LogGroup"))
    for name, function in properties(app_stack, FUNCTION):
        group = groups[f"{name}Logs"]
        physical = function["FunctionName"]["Fn::Sub"]
        assert group["LogGroupName"] == {"Fn::Sub": f"/aws/lambda/{physical}"}
        assert group["RetentionInDays"] == {"Ref": "LogDays"}
        assert group["KmsKeyId"] == {"Fn::ImportValue": {"Fn::Sub": "${DataStack}-KeyArn"}}
        own = [row for role, row in statements(app_stack) if role == function["Role"]["Fn::GetAtt"][0]]
        [logs] = [row for row in own if row["Action"][0].startswith("logs:")]
        assert logs["Resource"]["Fn::Sub"].endswith(f"/aws/lambda/{physical}:*")


def test_functions_are_named_after_their_code_and_traced(app_stack: Template) -> None:
    for name, function in properties(app_stack, FUNCTION):
        assert function["FunctionName"] == {"Fn::Sub": f"${{AWS::StackName}}-{snake(name)}"}
        assert function["Tracing"] == "Active"
        if name != "APIHandler":
            assert function["Handler"].endswith(f".{snake(name)}")


def test_a_bad_record_never_takes_its_batch_with_it(app_stack: Template) -> None:
    sources = list(event_sources(app_stack, "SQS", *STREAMS))
    assert len(sources) == 6
    for name, source in sources:
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name


def test_a_stream_is_split_retried_and_moves_on(app_stack: Template) -> None:
    for name, source in event_sources(app_stack, *STREAMS):
        assert source["BisectBatchOnFunctionError"] is True, name
        assert 0 < source["MaximumRetryAttempts"] < 100, name
        assert source["StartingPosition"] == "TRIM_HORIZON", name
        assert "Failures" in source["DestinationConfig"]["OnFailure"]["Destination"]["Fn::ImportValue"]["Fn::Sub"], name


def test_stream_filters_are_valid_patterns(app_stack: Template) -> None:
    filters = {
        name: [json.loads(row["Pattern"]) for row in source["FilterCriteria"]["Filters"]]
        for name, source in event_sources(app_stack, "DynamoDB")
    }
    assert set(filters) == {"DeliverMessages", "ProjectFacts"}
    [delivery] = filters["DeliverMessages"]
    assert delivery["eventName"] == ["INSERT", "MODIFY"]


def test_a_queue_hides_a_message_six_times_as_long_as_its_consumer_may_take(
    app_stack: Template, data_stack: Template
) -> None:
    hidden = data_stack["Parameters"]["RetrySeconds"]["Default"]
    for name, _ in event_sources(app_stack, "SQS"):
        assert hidden >= 6 * app_stack["Resources"][name]["Properties"]["Timeout"], name


def test_the_api_answers_before_its_gateway_gives_up(app_stack: Template) -> None:
    assert app_stack["Resources"]["APIHandler"]["Properties"]["Timeout"] < API_GATEWAY_SECONDS


def test_stripe_is_answered_by_the_lean_function_which_the_gateway_may_call(app_stack: Template) -> None:
    api = app_stack["Resources"]["RestAPI"]["Properties"]
    uri = api["DefinitionBody"]["paths"]["/webhooks/stripe"]["post"]["x-amazon-apigateway-integration"]["uri"]
    assert "${ReceiveStripeEvent.Arn}" in uri["Fn::Sub"]
    permissions = [row for _, row in properties(app_stack, "AWS::Lambda::Permission")]
    assert {"Ref": "ReceiveStripeEvent"} in [row["FunctionName"] for row in permissions]


def test_the_authorizer_trusts_the_desks_own_pool_only(app_stack: Template) -> None:
    definitions = app_stack["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["securityDefinitions"]
    pools = [row["x-amazon-apigateway-authorizer"]["providerARNs"] for row in definitions.values()]
    assert pools == [[{"Fn::ImportValue": {"Fn::Sub": "${DataStack}-UserPoolArn"}}]]


def test_the_gateways_own_answers_are_problem_documents(app_stack: Template) -> None:
    answers = app_stack["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]
    assert {"DEFAULT_4XX", "DEFAULT_5XX", "UNAUTHORIZED", "ACCESS_DENIED", "THROTTLED"} <= set(answers)
    for kind, answer in answers.items():
        body = json.loads(answer["ResponseTemplates"]["application/json"])
        assert body["status"] == answer["StatusCode"], kind
        assert answer["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'", kind


def test_the_app_imports_only_what_the_data_stack_exports(app_stack: Template, data_stack: Template) -> None:
    exported = {
        row["Export"]["Name"]["Fn::Sub"].removeprefix("${AWS::StackName}-") for row in data_stack["Outputs"].values()
    }
    assert exported == set(data_stack["Outputs"])
    assert set(imports(app_stack)) <= exported


def test_cfn_lint_has_nothing_to_say(made: Package) -> None:
    for path in (made.app_template, made.data_template):
        found = cfnlint.api.lint_file(path)
        assert [f"{match.rule.id} {match.message}" for match in found] == []


def test_only_the_function_that_writes_to_customers_knows_where_the_api_is(app_stack: Template) -> None:
    """The API names its own functions: were they to name it, neither could be made first."""
    knows = [
        name
        for name, function in properties(app_stack, FUNCTION)
        if "RestAPI" in json.dumps(function.get("Environment", {}))
    ]
    assert knows == ["DeliverMessages"]
    assert "DeliverMessages" not in json.dumps(app_stack["Resources"]["RestAPI"])
