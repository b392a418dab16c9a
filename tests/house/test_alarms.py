"""Alarms of the packaged app: what rings, and that the runbook knows it."""

from __future__ import annotations

import re

from infra.cfn import Template
from infra.package import ROOT
from tests.house.stacks import imports, properties

OURS = {
    "AnswersGuessed": "VerificationsLocked",
    "LettersFailed": "MessagesFailed",
    "OffersOutOfStep": "OffersOutOfStep",
    "PaymentsUnmatched": "PaymentsUnmatched",
    "PlansBroken": "PlansBroken",
    "QuotesBroken": "QuotesBroken",
    "QuotesDisagree": "ChangeQuotesDisagreed",
    "ReconciliationMissing": "ReconciliationsFinished",
    "ServerErrors": "ServerErrors",
    "StripeMissed": "ReconciliationMissedEvents",
    "StripeRefused": "StripeEventsRefused",
    "StripeVersion": "StripeEventsParked",
}
THEIRS = {
    "ApiCrashes": "AWS/Lambda Errors",
    "LettersLate": "AWS/Lambda IteratorAge",
    "MailBounces": "AWS/SES Reputation.BounceRate",
    "MailComplaints": "AWS/SES Reputation.ComplaintRate",
    "ReceiptCrashes": "AWS/Lambda Errors",
    "TextsSpent": "AWS/SNS SMSMonthToDateSpentUSD",
}


def test_what_an_alarm_rings_for(app_stack: Template) -> None:
    alarms = {name.removesuffix("Alarm"): alarm for name, alarm in properties(app_stack, "AWS::CloudWatch::Alarm")}
    ours = app_stack["Globals"]["Function"]["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"]
    watched = {name: f"{alarm['Namespace']} {alarm['MetricName']}" for name, alarm in alarms.items()}
    assert watched == {name: f"{ours} {metric}" for name, metric in OURS.items()} | THEIRS
    for name, alarm in alarms.items():
        assert set(imports(alarm["AlarmActions"])) == {"AlarmTopicArn"}
        assert (alarm["Dimensions"] == [{"Name": "service", "Value": "desk"}]) == (name in OURS)


def test_every_counter_of_ours_that_is_watched_is_counted_somewhere() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "chalicelib").rglob("*.py"))
    whole, begun = set(re.findall(r'"([A-Z]\w+)"', code)), tuple(re.findall(r'"([A-Z]\w+)(?:\{|" \+ )', code))
    assert {metric for metric in OURS.values() if metric not in whole and not metric.startswith(begun)} == set()


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
