"""Alarms of the packaged app: what rings, and that the runbook knows it."""

from __future__ import annotations

from infra.cfn import Template
from infra.package import ROOT
from tests.house.stacks import imports, properties


def test_an_alarm_rings_for_money_that_is_not_booked_and_for_answers_that_fail(app_stack: Template) -> None:
    alarms = [alarm for _, alarm in properties(app_stack, "AWS::CloudWatch::Alarm")]
    given = app_stack["Globals"]["Function"]["Environment"]["Variables"]
    for alarm in alarms:
        assert set(imports(alarm["AlarmActions"])) == {"AlarmTopicArn"}
        assert alarm["Namespace"] in {given["POWERTOOLS_METRICS_NAMESPACE"], "AWS/Lambda"}
    assert [alarm["MetricName"] for alarm in alarms] == [
        "PaymentsUnmatched", "StripeEventsParked", "StripeEventsRefused", "ReconciliationMissedEvents",
        "ReconciliationsFinished", "ServerErrors", "Errors", "Errors",
    ]  # fmt: skip


def test_an_alarm_rings_when_nothing_is_heard_of_the_reconciliation(app_stack: Template) -> None:
    alarm = app_stack["Resources"]["ReconciliationMissingAlarm"]["Properties"]
    assert (alarm["ComparisonOperator"], alarm["Threshold"], alarm["TreatMissingData"]) == (
        "LessThanThreshold", 1, "breaching",
    )  # fmt: skip
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 26 * 3600


def test_the_runbook_says_what_to_do_about_every_alarm(app_stack: Template, data_stack: Template) -> None:
    runbook = (ROOT / "docs" / "operations.md").read_text()
    explained = {line.split("|")[1].strip() for line in runbook.splitlines() if line.startswith("| ")}
    for stack in (app_stack, data_stack):
        for name, _ in properties(stack, "AWS::CloudWatch::Alarm"):
            assert name.removesuffix("Alarm") in explained
