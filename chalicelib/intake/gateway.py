"""The mail bucket and the customers as intake sees them; what the SDK raises becomes ours here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.accounts.service import Accounts
from chalicelib.intake.mail.files import File
from chalicelib.platform.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class S3MailBucket:
    client: S3Client
    bucket: str

    def read(self, key: str) -> bytes:
        """A raw mail as SES stored it. Raises Unavailable, also when it is not there: SES announces only what it
        stored."""
        try:
            return self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The raw mail cannot be read now.") from error

    def keep(self, key: str, file: File) -> None:
        """Store an attachment so that a browser saves it and never shows it. Raises Unavailable."""
        name = quote(file.name, safe="")
        try:
            self.client.put_object(
                Bucket=self.bucket, Key=key, Body=file.content, ContentType=file.content_type,
                ContentDisposition=f"attachment; filename*=UTF-8''{name}",
            )  # fmt: skip
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("An attachment cannot be stored now.") from error


@dataclass(frozen=True)
class AccountCustomers:
    accounts: Accounts

    def with_email(self, email: str) -> list[str]:
        found, _ = self.accounts.find("email", email, limit=2)
        return [ref.account_id for ref in found]
