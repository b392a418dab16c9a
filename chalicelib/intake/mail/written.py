"""Tags as they are written anew: attributes that may stay, links made safe, images by the number of their file."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Final

from chalicelib.intake.mail.allowed import safe_attribute, safe_style
from chalicelib.intake.mail.tags import ATTRIBUTE
from chalicelib.intake.mail.targets import remote_host, safe_link

_FETCHED: Final = re.compile(r"url\(\s*['\"]?([^)]{1,300})", re.IGNORECASE)
_NO_SIZE: Final = re.compile(r"0*[0-2](?:px)?", re.IGNORECASE)
_STYLED_NO_SIZE: Final = re.compile(r"(?:^|;)(?:(?:max-)?(?:width|height):0*[0-2](?:px)?(?:;|$)|display:none)")
_MAX_VALUE: Final = 5000
_STOPPED: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LONG_REFERENCE: Final = re.compile(r"&#[xX]?[0-9a-fA-F]{9,};?")
_REFERENCE: Final = re.compile(r"&(?:#[xX]?[0-9a-fA-F]{1,8};?|[A-Za-z][A-Za-z0-9]{1,31};)")
"""In a value, a name without its semicolon is none: `?a=1&copy=2`."""


def plain(text: str) -> str:
    """Text of markup with its references resolved and without what no browser shows."""
    return _shown(html.unescape(_LONG_REFERENCE.sub("", text)) if "&" in text else text)


def plain_value(value: str) -> str:
    """The same of a value of an attribute."""
    return _shown(_REFERENCE.sub(lambda found: html.unescape(found[0]), value) if "&" in value else value)


def _shown(text: str) -> str:
    return _STOPPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def attributes_of(element: str, tag: str) -> dict[str, str]:
    """The attributes of a start tag that may stay; of an image also its `src`, which `image` takes out."""
    kept: dict[str, str] = {}
    for found in ATTRIBUTE.finditer(tag) if "=" in tag else ():
        name, value = found[1].lower(), found[2]
        value = plain_value(value[1:-1] if value[:1] in {'"', "'"} else value[:_MAX_VALUE])[:_MAX_VALUE]
        if name in kept:
            continue
        if element == "a" and name == "href":
            value = safe_link(value)
        elif name == "style":
            kept |= _host_of_style(value)
            value = safe_style(value)
        elif name == "background":
            kept |= _at(remote_host(value))
            continue
        elif not ((element == "img" and name in {"src", "srcset"}) or safe_attribute(element, name, value)):
            continue
        if value or name in {"alt", "data-cut"}:
            kept[name] = value
    return kept


def start_tag(element: str, attributes: Mapping[str, str]) -> str:
    written = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())
    return f"<{element}{written}>"


def image(attributes: Mapping[str, str], files: Mapping[str, int]) -> str:
    """The tag of an image, which says what it is instead of where it is; "" for one that is there not to be seen."""
    kept = dict(attributes)
    source, sources = kept.pop("src", "").strip(), kept.pop("srcset", "")
    if _unseen(kept):
        return ""
    if kept.get("data-file") and int(kept["data-file"]) not in files.values():
        del kept["data-file"]
    if source[:4].lower() == "cid:":
        number = files.get(source[4:].strip("<> ").lower())
        kept |= {"data-file": str(number)} if number else {}
    else:
        kept |= _at(remote_host(source) or remote_host(sources))
    return start_tag("img", kept)


def _unseen(attributes: Mapping[str, str]) -> bool:
    sizes = (attributes.get("width", ""), attributes.get("height", ""))
    return any(map(_NO_SIZE.fullmatch, sizes)) or bool(_STYLED_NO_SIZE.search(attributes.get("style", "")))


def _host_of_style(style: str) -> dict[str, str]:
    found = _FETCHED.search(style)
    return _at(remote_host(found[1])) if found else {}


def _at(host: str) -> dict[str, str]:
    return {"data-host": host} if host else {}
