"""The composition root: each service is built here, once, when first used. The only lazy imports of the code base."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chalicelib.platform import aws
from chalicelib.platform.clock import new_ulid, utc_now
from chalicelib.platform.config import settings
from chalicelib.platform.dynamo import Table
from chalicelib.platform.idempotency import Answers
from chalicelib.policy.permissions import ROLES

if TYPE_CHECKING:
    from chalicelib.accounts.service import Accounts
    from chalicelib.audit.service import Audit
    from chalicelib.platform.api import Api


@cache
def table() -> Table:
    return Table(aws.dynamodb(), settings().table_name)


def cursor_key() -> bytes:
    return str(aws.secret(settings().desk_secret_id)["cursor_key"]).encode()


def mail_key() -> bytes:
    return str(aws.secret(settings().desk_secret_id)["mail_key"]).encode()


def answers() -> Answers:
    return Answers(table(), utc_now)


def desk_api(module: str, tag: str) -> Api:
    """The Api of one domain's routes."""
    from chalicelib.platform.api import Api

    return Api(module, tag, ROLES, answers, cursor_key)


@cache
def audit() -> Audit:
    from chalicelib.audit.service import Audit
    from chalicelib.audit.store import AuditStore

    return Audit(AuditStore(table()))


@cache
def accounts() -> Accounts:
    from chalicelib.accounts.service import Accounts
    from chalicelib.accounts.store import AccountStore

    return Accounts(AccountStore(table()), utc_now, new_ulid)
