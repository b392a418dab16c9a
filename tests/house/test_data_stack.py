"""What the data stack promises and no emulator proves: encryption, recovery, dead letters, alarms, closed doors."""

from __future__ import annotations

import pytest

from infra.cfn import Template, of_type
from tests.house.stacks import properties

KEY = {"Fn::GetAtt": ["DataKey", "Arn"]}


def test_the_table_is_encrypted_recoverable_streamed_and_expires_items(data_stack: Template) -> None:
    [(_, table)] = properties(data_stack, "AWS::DynamoDB::Table")
    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert table["DeletionProtectionEnabled"] == {"Fn::If": ["IsProduction", True, False]}


def test_both_indexes_stay_within_what_dynamodb_projects(data_stack: Template) -> None:
    [(_, table)] = properties(data_stack, "AWS::DynamoDB::Table")
    projections = {index["IndexName"]: index["Projection"] for index in table["GlobalSecondaryIndexes"]}
    assert set(projections) == {"gs1", "gs2"}
    assert all(len(projection.get("NonKeyAttributes", [])) <= 20 for projection in projections.values())


def test_what_holds_data_outlives_its_stack(data_stack: Template) -> None:
    kept = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::Cognito::UserPool")
    for name, resource in of_type(data_stack, *kept).items():
        assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain"), name


def test_the_bucket_is_closed_encrypted_versioned_and_reached_over_tls_only(data_stack: Template) -> None:
    [(name, bucket)] = properties(data_stack, "AWS::S3::Bucket")
    [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    rules = {rule["Id"]: rule for rule in bucket["LifecycleConfiguration"]["Rules"]}
    short = rules["restricted-mail-goes-after-a-week"]
    assert (short["Prefix"], short["ExpirationInDays"], short["Status"]) == ("restricted/", 7, "Enabled")
    [(_, policy)] = properties(data_stack, "AWS::S3::BucketPolicy")
    assert policy["Bucket"] == {"Ref": name}
    [tls] = [row for row in policy["PolicyDocument"]["Statement"] if row["Effect"] == "Deny"]
    assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("kind", "setting", "value"),
    [
        ("AWS::SQS::Queue", "KmsMasterKeyId", KEY),
        ("AWS::SNS::Topic", "KmsMasterKeyId", KEY),
        ("AWS::SecretsManager::Secret", "KmsKeyId", KEY),
        ("AWS::Events::EventBus", "KmsKeyIdentifier", KEY),
        ("AWS::Kinesis::Stream", "StreamEncryption", {"EncryptionType": "KMS", "KeyId": KEY}),
        ("AWS::KMS::Key", "EnableKeyRotation", True),
    ],
)
def test_everything_that_passes_data_on_uses_our_own_rotating_key(
    data_stack: Template, kind: str, setting: str, value: object
) -> None:
    for name, settings in properties(data_stack, kind):
        assert settings[setting] == value, name


def test_every_queue_that_is_consumed_gives_up_into_a_dead_letter_queue(data_stack: Template) -> None:
    queues = dict(properties(data_stack, "AWS::SQS::Queue"))
    consumed = {name: queue["RedrivePolicy"] for name, queue in queues.items() if "RedrivePolicy" in queue}
    assert set(consumed) == {"MailEvents", "MailQueue", "StripeEvents"}
    for redrive in consumed.values():
        assert redrive["maxReceiveCount"] == 4
        assert "RedrivePolicy" not in queues[redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]]


def test_an_alarm_rings_for_every_queue_that_nothing_consumes(data_stack: Template) -> None:
    queues = properties(data_stack, "AWS::SQS::Queue")
    failures = {name for name, queue in queues if "RedrivePolicy" not in queue}
    watched = set()
    for _, alarm in properties(data_stack, "AWS::CloudWatch::Alarm"):
        assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}]
        assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")
        [dimension] = alarm["Dimensions"]
        watched.add(dimension["Value"]["Fn::GetAtt"][0])
    assert watched == failures


def test_no_user_can_bind_itself_to_an_account(data_stack: Template) -> None:
    [(_, client)] = properties(data_stack, "AWS::Cognito::UserPoolClient")
    assert "custom:account_id" in client["ReadAttributes"]
    assert not {"custom:account_id", "email", "email_verified"} & set(client["WriteAttributes"])
    [(_, pool)] = properties(data_stack, "AWS::Cognito::UserPool")
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    groups = {group["GroupName"] for _, group in properties(data_stack, "AWS::Cognito::UserPoolGroup")}
    assert groups == {"customer", "advisor", "supervisor", "finance", "admin"}
