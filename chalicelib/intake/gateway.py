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

_NOT_THERE = frozenset({"403", "404", "NoSuchKey", "AccessDenied"})
"""What S3 says of an object that is not there; 403 to a function that may not list."""


def _restricted(key: str) -> str:
    return f"restricted/{key.rpartition('/')[2]}"


@dataclass(frozen=True)
class S3MailBucket:
    client: S3Client
    bucket: str

    def read(self, key: str) -> bytes:
        """A raw mail as SES stored it, or its restricted copy when it was moved there. Raises Unavailable, also when
        it is in neither place: SES announces only what it stored."""
        try:
            return self._get(key)
        except (BotoCoreError, ClientError):
            try:
                return self._get(_restricted(key))
            except (BotoCoreError, ClientError) as error:
                raise Unavailable("The raw mail cannot be read now.") from error

    def restrict(self, key: str, raw: bytes) -> str:
        """Raises Unavailable."""
        copy = _restricted(key)
        try:
            self.client.put_object(Bucket=self.bucket, Key=copy, Body=raw, ContentType="message/rfc822")
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("A raw mail cannot be stored now.") from error
        return copy

    def remove(self, key: str) -> None:
        """Deletes the version itself: in a bucket with versions, a plain delete hides an object and keeps it. Raises
        Unavailable."""
        try:
            version = self.client.head_object(Bucket=self.bucket, Key=key).get("VersionId")
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _NOT_THERE:
                return
            raise Unavailable("A raw mail cannot be removed now.") from error
        except BotoCoreError as error:
            raise Unavailable("A raw mail cannot be removed now.") from error
        try:
            if version:
                self.client.delete_object(Bucket=self.bucket, Key=key, VersionId=version)
            else:
                self.client.delete_object(Bucket=self.bucket, Key=key)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("A raw mail cannot be removed now.") from error

    def _get(self, key: str) -> bytes:
        return self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()

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
