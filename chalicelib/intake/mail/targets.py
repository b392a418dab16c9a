"""Where links and images of a mail lead to."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from chalicelib.intake.mail.allowed import HOST

MAX_ADDRESS: Final = 2000
_MAX_FOREIGN: Final = 100
"""Characters of a host that is not ASCII: its form for DNS takes time that grows with the square of them."""
_READ_TWO_WAYS: Final = re.compile("[\u00df\u03c2\u200c\u200d]")
"""Sharp s, final sigma and joiners: the DNS of IDNA 2003 has others in their place or none, that of browsers has them,
so that we would name another host than the one that is opened."""
_DROPPED: Final = re.compile(r"[\t\n\r]")
"""Browsers leave these out of an address before they look at its scheme."""
_LINK: Final = re.compile(r"(?:https?://[^\s\\/?#]|mailto:|tel:)[^\x00-\x1f\x7f]*", re.IGNORECASE)
_ENCODED_BREAK: Final = re.compile("%0[ad]", re.IGNORECASE)
_BLANK: Final = re.compile(r"[\x00-\x20\x7f]+")
_REMOTE: Final = re.compile(r"\s*(?:https?:|ftp:)?[/\\]{2,}([^\s/\\?#,'\")]{1,300})", re.IGNORECASE)
_HOST: Final = r"((?:[\w-]{1,63}\.){1,9}[^\W\d_]{2,24})"
_NAMED: Final = re.compile(rf"{_HOST}(?:[/:?#]\S*)?")
_ADDRESS: Final = re.compile(rf"(?:https?://|\b(?=www\.)){_HOST}", re.IGNORECASE)
_EDGES: Final = re.compile(r"^\W+|\W+$")
_UNSEEN: Final = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")


def safe_link(address: str) -> str:
    """The address if a link may lead there, else "": http, https, mailto and tel, written so that browsers agree on
    the host."""
    address = _BLANK.sub("%20", _DROPPED.sub("", address).strip(" "))
    if len(address) > MAX_ADDRESS or not _LINK.fullmatch(address):
        return ""
    if address[:4].lower() == "http" and (not host_of(address) or "\\" in re.split(r"[?#]", address, maxsplit=1)[0]):
        return ""
    return _letter(address) if address[:7].lower() == "mailto:" else address


def _letter(address: str) -> str:
    """Who opens it sees whom it goes to: no copies in secret, no fields but these, and none within another."""
    receivers, _, query = _ENCODED_BREAK.sub("%20", address).partition("?")
    said = "&".join(field for field in query.split("&") if field.lower().startswith(("subject=", "body=")))
    return f"{receivers}?{said}" if said else receivers


def remote_host(reference: str) -> str:
    """The host that a reference in an attribute or a style would fetch from; "" when it names none."""
    found = _REMOTE.match(reference)
    return host_of(f"http://{found[1]}") if found else ""


def host_of(address: str) -> str:
    """The host of an http address in the form that DNS sees, which shows letters that only look like others."""
    try:
        host = (urlsplit(address).hostname or "").rstrip(".")
        ascii_host = host if host.isascii() else _in_dns(host)
    except (ValueError, UnicodeError):
        return ""
    return ascii_host if HOST.fullmatch(ascii_host) else ""


@lru_cache(maxsize=1_000)
def _in_dns(host: str) -> str:
    if len(unicodedata.normalize("NFKC", host)) > _MAX_FOREIGN or _READ_TWO_WAYS.search(host.lower()):
        return ""
    return host.encode("idna").decode()


def misleads(address: str, words: str) -> bool:
    """Whether a link goes to another host than its words name, or hides its host: behind a user name, or in letters
    that look like others."""
    host = host_of(address) if address[:4].lower() == "http" else ""
    if not host:
        return False
    if "@" in urlsplit(address).netloc or "xn--" in host:
        return True
    said = _host_said(words)
    return bool(said) and not _akin(host.removeprefix("www."), said.removeprefix("www."))


def _host_said(words: str) -> str:
    """The host that the words of a link name: by an address anywhere in them, or alone but for marks around it."""
    shown = _UNSEEN.sub("", unicodedata.normalize("NFKC", words))
    named = _ADDRESS.search(shown) or _NAMED.fullmatch(_EDGES.sub("", shown))
    return host_of(f"http://{named[1]}") if named else ""


def _akin(host: str, said: str) -> bool:
    return host == said or host.endswith(f".{said}")
