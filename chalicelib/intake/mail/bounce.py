"""Whether a mail says that another one could not be delivered, to whom, and which one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.intake.mail import charsets
from chalicelib.intake.mail.headers import Headers
from chalicelib.intake.mail.mime import Part, read

_DAEMON = re.compile(
    r"(?:mailer-?daemon|postmaster|mail-?daemon|microsoftexchange[0-9a-f]{8,40})@|^(?:mailer-daemon|postmaster)$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver(?:ed|able)|delivery (?:status notification|failure|has failed|failed|problem|incomplete)"
    r"|returned (?:mail|to sender)"
    r"|mail (?:delivery (?:failed|system|error)|could not be delivered|system error)|failure notice|non-?delivery"
    r"|rejected:|message not delivered"
    r"|unzustellbar|nicht zugestellt|onbestelbaar|niet bezorgd|non remis|échec de (?:la )?remise"
    r"|message non distribué|no se puede entregar"
    r"|no entregado|não (?:foi )?entregue|falha na entrega|mancato recapito|impossibile recapitare"
    r"|kunde inte levereras|ikke leveres"
    r"|toimittamaton|niedostarczon|nie można dostarczyć|nedoručiteln|kézbesíthetetlen|teslim edilemedi|недоставлен"
    r"|не доставлено"
    r"|配信不能|退信|系统退信|반송",
    re.IGNORECASE,
)
_DELAY = re.compile(
    r"\(delay\)|\bdelayed\b|still being retried|not yet been delivered|^warning:|\bverzögert|\bvertraagd|\bretardé"
    r"|\bretrasad|\bin ritardo|\bopóźnion",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^(final-recipient|original-recipient|action)\s{0,9}:\s{0,9}([^\r\n]{0,900})", re.IGNORECASE | re.MULTILINE
)
_MESSAGE_ID = re.compile(r"^message-id\s{0,9}:\s{0,9}<([^<>\s]{1,900})>", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[^\s<>\"'(),:;\[\]@]{1,64}@[^\s<>\"'(),:;\[\]@]{1,255}")
_COPY = re.compile(
    r"^(?:-{3,}|(?:return-path|received|message-id|from|to|subject|date):)", re.IGNORECASE | re.MULTILINE
)
_FAILED = frozenset({"failed", ""})
_LATE = "delayed"
_STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})


@dataclass(frozen=True)
class Bounce:
    """`recipients`: who will never get it, lower case. `message_id`: the mail that came back, without angle brackets.
    `delayed`: nobody was refused, it is still tried."""

    recipients: tuple[str, ...]
    message_id: str | None
    delayed: bool = False


def find(root: Part, subject: str, sender: str, text: str) -> Bounce | None:
    """The bounce that this mail is, or None. A report of success is none."""
    status = "\n\n".join(_as_text(part) for part in root.walk() if part.kind in _STATUS)
    fates = list(_fates(status))
    actions = {fate.action for fate in fates if fate.action is not None}
    if actions and not actions & {*_FAILED, _LATE}:
        return None
    reported = bool(status) or root.parameters.get("report-type", "").lower() == "delivery-status"
    said = root.headers.all("x-failed-recipients")
    told = bool(_DAEMON.search(sender)) and bool(_SUBJECT.search(subject))
    if not (reported or said or told):
        return None
    if (not actions & _FAILED) if actions else _DELAY.search(subject):
        return Bounce((), _returned(root, text), delayed=True)
    named = [fate.recipient for fate in fates if fate.action is None or fate.action in _FAILED]
    return Bounce(_recipients(named or said, text if told and not reported else ""), _returned(root, text))


@dataclass(frozen=True)
class _Fate:
    """What a report says of one recipient; `action` is None where it does not say what became of the mail."""

    recipient: str
    action: str | None


def _fates(status: str) -> Iterator[_Fate]:
    """A group of fields for each recipient (RFC 3464, section 2.1)."""
    for group in status.replace("\r\n", "\n").split("\n\n")[:500]:
        fields = [(name.lower(), value.strip()) for name, value in _FIELD.findall(group[:20_000])]
        action = next((value.lower().partition(" ")[0] for name, value in fields if name == "action"), None)
        named = [value for name, value in fields if name == "final-recipient"]
        named = named or [value for name, value in fields if name == "original-recipient"]
        yield from (_Fate(value, action) for value in named or ([""] if action is not None else []))


def _recipients(named: list[str], text: str) -> tuple[str, ...]:
    # Without a report, the addresses in the daemon's own words are the failed ones; below them stands the mail itself.
    own = _COPY.split(text[:2_000], maxsplit=1)[0]
    found = [
        address.lower().rstrip(".") for value in [*filter(None, named)] or [own] for address in _ADDRESS.findall(value)
    ]
    return tuple(dict.fromkeys(address for address in found if not _DAEMON.search(address)))[:50]


def _returned(root: Part, text: str) -> str | None:
    """The Message-ID of the mail that came back: from its copy, its headers, or what the daemon pasted below its
    words."""
    for part in root.walk():
        if part.kind in {"message/rfc822", "message/global"}:
            return _inner(part).id("message-id")
        if part.kind in {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}:
            return read(part.content).headers.id("message-id")
    pasted = _MESSAGE_ID.search(text[:100_000])
    referred = root.headers.ids("in-reply-to") or root.headers.ids("references")
    return pasted[1] if pasted else referred[-1] if referred else None


def _inner(part: Part) -> Headers:
    return read(part.content[:65_536]).headers


def _as_text(part: Part) -> str:
    return charsets.decode(part.content[:262_144], part.parameters.get("charset"))
