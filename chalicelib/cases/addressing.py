"""Addresses that carry a case: the Message-ID of what we send and the Reply-To that answers come back to, both signed.

Nobody but the desk can make one, so a mail that carries one continues that case. Mail systems may change the case of
letters; ids are upper case after their prefix, so that nothing is lost."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import Final

_PREFIX: Final = "case_"
_SIGNATURE: Final = 16
_MESSAGE_ID = re.compile(r"case_([0-9a-z]{1,40})\.([0-9a-z_]{1,60})\.([a-z2-7]{16})@([a-z0-9.-]{1,253})")
_REPLY_TO = re.compile(r"[^@+\s]{1,64}\+([0-9a-z]{1,40})\.([a-z2-7]{16})@([a-z0-9.-]{1,253})")


def message_id(case_id: str, message_id: str, domain: str, key: bytes) -> str:
    """The Message-ID of an outgoing mail, with angle brackets."""
    return f"<{case_id}.{message_id}.{_sign(key, 'message', case_id, message_id)}@{domain}>"


def case_id_of_message_id(rfc_id: str, domain: str, key: bytes) -> str | None:
    """The case that a Message-ID of ours belongs to; None for any other, and for one that was not signed by us."""
    found = _MESSAGE_ID.fullmatch(rfc_id.strip().strip("<>").lower())
    if not found or found[4] != domain.lower():
        return None
    case_id = _case_id(found[1])
    return case_id if hmac.compare_digest(found[3], _sign(key, "message", case_id, found[2])) else None


def reply_address(case_id: str, mailbox: str, domain: str, key: bytes) -> str:
    """Where answers to a case go: a tag on the mailbox (a local part, or an address whose local part counts) at the
    domain that receives."""
    local = mailbox.partition("@")[0]
    return f"{local}+{case_id.removeprefix(_PREFIX).lower()}.{_sign(key, 'reply', case_id)}@{domain}"


def case_id_of_reply_address(address: str, domain: str, key: bytes) -> str | None:
    """The case that a signed reply address belongs to; None for any other address."""
    found = _REPLY_TO.fullmatch(address.strip().lower())
    if not found or found[3] != domain.lower():
        return None
    case_id = _case_id(found[1])
    return case_id if hmac.compare_digest(found[2], _sign(key, "reply", case_id)) else None


def _case_id(text: str) -> str:
    return _PREFIX + text.upper()


def _sign(key: bytes, *parts: str) -> str:
    mac = hmac.new(key, "\0".join(parts).lower().encode(), hashlib.sha256).digest()
    return base64.b32encode(mac).decode().lower()[:_SIGNATURE]
