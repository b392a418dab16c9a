"""SES, SNS and S3 as cases see them; what the SDK raises becomes ours here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.platform.errors import Refused, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_ses import SESClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

_FOR_GOOD: Final = {"InvalidParameterValue": "bad_address", "MessageRejected": "rejected"}
"""What SES will say to the same mail again and again. Anything else may pass: throttling, a pause, a set-up being
mended."""


@dataclass(frozen=True)
class SesSender:
    """SES version 1, raw: the local stack relays the whole MIME for this call alone."""

    client: SESClient
    source: str
    configuration_set: str = ""

    def send(self, raw: bytes, to: str) -> str:
        """Returns the Message-ID that SES gives the mail, without the region in it. Raises Refused with a `reason`, or
        Unavailable."""
        request: dict[str, Any] = {"Source": self.source, "Destinations": [to], "RawMessage": {"Data": raw}}
        if self.configuration_set:
            request["ConfigurationSetName"] = self.configuration_set
        try:
            answer = self.client.send_raw_email(**request)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in _FOR_GOOD:
                raise Refused("The mail service refuses this mail.", reason=_FOR_GOOD[code]) from error
            raise Unavailable("The mail service does not take mail now.", reason=code) from error
        except BotoCoreError as error:
            raise Unavailable("The mail service does not answer.") from error
        return f"<{answer['MessageId'].partition('@')[0]}@amazonses.com>"  # the local stack answers with a host


_NO_NUMBER: Final = frozenset({"InvalidParameter", "InvalidParameterException", "InvalidParameterValue", "OptedOut"})
"""What SNS will say of the same number again and again: none, or one whose owner wants no messages."""
_MOST_PAID: Final = "0.50"
"""US dollars for one text message; SNS does not send what would cost more."""
_TEXT_TERMS: Final[Mapping[str, MessageAttributeValueTypeDef]] = {
    "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
    "AWS.SNS.SMS.MaxPrice": {"DataType": "Number", "StringValue": _MOST_PAID},
}


@dataclass(frozen=True)
class SnsTexts:
    """SNS to a phone number, as a message that a person waits for."""

    client: SNSClient

    def send(self, text: str, number: str) -> None:
        """Raises Refused with a `reason`, or Unavailable."""
        try:
            self.client.publish(PhoneNumber=number, Message=text, MessageAttributes=_TEXT_TERMS)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in _NO_NUMBER:
                raise Refused("The number takes no text messages.", reason="bad_address") from error
            raise Unavailable("The text message service takes nothing now.", reason=code) from error
        except BotoCoreError as error:
            raise Unavailable("The text message service does not answer.") from error


@dataclass(frozen=True)
class BucketLinks:
    """Signed links to objects of the mail bucket; a role of ours signs, S3 answers."""

    client: S3Client
    bucket: str

    def link(self, key: str, content_type: str, disposition: str, name: str, seconds: int) -> str:
        """The headers of the answer are part of what is signed: nobody can turn a saved file into a shown one."""
        asked = {
            "Bucket": self.bucket, "Key": key, "ResponseContentType": content_type,
            "ResponseContentDisposition": f"{disposition}; filename*=UTF-8''{quote(name, safe='')}",
            "ResponseCacheControl": "no-store",
        }  # fmt: skip
        return self.client.generate_presigned_url("get_object", Params=asked, ExpiresIn=seconds)


@dataclass(frozen=True)
class BucketTexts:
    """Long texts as objects of the mail bucket."""

    client: S3Client
    bucket: str

    def put(self, key: str, text: str) -> None:
        try:
            self.client.put_object(
                Bucket=self.bucket, Key=key, Body=text.encode(), ContentType="text/plain; charset=utf-8"
            )
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The desk's file store does not answer; try again.") from error

    def get(self, key: str) -> str:
        try:
            return self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read().decode()
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The desk's file store does not answer; try again.") from error
