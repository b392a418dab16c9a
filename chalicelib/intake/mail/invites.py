"""Calendar invitations (RFC 5545) in a few plain words."""

from __future__ import annotations

import re
from typing import Final

from chalicelib.intake.mail import charsets

MAX_BYTES: Final = 200_000
_EVENTS: Final = 5
_FOLD: Final = re.compile(r"\r?\n[ \t]")
_LINE: Final = re.compile(r"([A-Za-z-]{1,40})((?:;[^;:\"]{0,200}(?:\"[^\"]{0,200}\")?){0,9}):(.*)")
_STAMP: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})[0-9]{2}(Z?))?")
_ZONE: Final = re.compile(r";TZID=\"?([^;:\"]{1,80})", re.IGNORECASE)
_NAME: Final = re.compile(r";CN=(?:\"([^\"]{1,100})\"|([^;:\"]{1,100}))", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\\([nN,;\\])")
_WHAT: Final = {"CANCEL": "Cancelled", "REPLY": "Answer to an invitation"}


def spoken(content: bytes) -> str:
    """What, when and by whom, a line for each event; empty when there is none. Never raises, takes linear time."""
    text = _FOLD.sub("", charsets.decode(content[:MAX_BYTES]))
    method, said, event = "", [], dict[str, str]()
    inside = False
    for line in text.splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        name, value = found[1].upper(), found[3].strip()
        if (name, value.upper()) == ("BEGIN", "VEVENT"):
            inside, event = True, {}
        elif (name, value.upper()) == ("END", "VEVENT") and inside:
            inside = False
            said.append(_sentence(method, event))
        elif name == "METHOD":
            method = value.upper()
        elif inside:
            event.setdefault(name, _read(name, found[2], value))
    return "\n".join(said[:_EVENTS])


def _read(name: str, parameters: str, value: str) -> str:
    if name in {"DTSTART", "DTEND"}:
        return _moment(value, parameters)
    if name == "ORGANIZER":
        named = _NAME.search(parameters)
        return (named[1] or named[2]) if named else re.sub("(?i)^mailto:", "", value)[:254]
    return _ESCAPED.sub(lambda mark: " " if mark[1] in "nN" else mark[1], value)[:200]


def _moment(value: str, parameters: str) -> str:
    stamp = _STAMP.match(value)
    if stamp is None:
        return ""
    day = f"{stamp[1]}-{stamp[2]}-{stamp[3]}"
    if stamp[4] is None:
        return day
    zone = _ZONE.search(parameters)
    return f"{day} {stamp[4]}:{stamp[5]}{' UTC' if stamp[6] else f' {zone[1]}' if zone else ''}"


def _sentence(method: str, event: dict[str, str]) -> str:
    start, end = event.get("DTSTART", ""), event.get("DTEND", "")
    when = f"{start} to {end}" if start and end else start
    parts = [event.get("SUMMARY", "") or "no title", when, event.get("LOCATION", "")]
    by = event.get("ORGANIZER", "")
    return f"[{_WHAT.get(method, 'Invitation')}: {', '.join(filter(None, parts))}{f', from {by}' if by else ''}]"
