"""The stored HTML of a mail made a page: images by links that soon end, everything that was taken out named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Final
from urllib.parse import urlsplit

MAX_IMAGES: Final = 100
"""Places in a page that show an image; a link is long, and a mail can name one image in thousands of places."""
_MAX_HOSTS: Final = 50
_FILE: Final = re.compile(r'<img[^<>]* data-file="([0-9]{1,3})"')
_HOST: Final = re.compile(r'<[a-z0-9]+[^<>]* data-host="([^"]+)"')
_IMAGE: Final = re.compile(r'<img((?: [a-z-]+="[^"]*")*)>')
_LINK: Final = re.compile(r'<a [^<>]*?data-goes-to="([^"]*)"')
_TOLD: Final = (
    r'<b style="all:initial;direction:ltr;unicode-bidi:isolate;font:bold 13px sans-serif;color:#000;background:#fd6">'
    r"[\1]</b> \g<0>"
)
"""Where a link leads, in a look that the mail around it cannot take from it."""
_ATTRIBUTE: Final = re.compile(r' ([a-z-]+)="([^"]*)"')
_CUT: Final = '<hr data-cut="">'
_KEPT: Final = ("alt", "width", "height", "align", "style", "title")


@dataclass(frozen=True)
class Picture:
    """An image of the mail: what it is called, and where it is to be had if it may be shown."""

    name: str
    url: str | None = None


@dataclass(frozen=True)
class Page:
    """A whole HTML document; `policy` is the Content-Security-Policy that it carries."""

    html: str
    policy: str
    hosts: tuple[str, ...]
    cut: bool


def pictured(stored: str) -> frozenset[int]:
    """Numbers of the files that the HTML shows as images."""
    return frozenset(map(int, _FILE.findall(stored)))


def page(stored: str, pictures: Mapping[int, Picture]) -> Page:
    """The page of stored HTML. What it may fetch is said in its policy: nothing but these pictures."""
    left = MAX_IMAGES

    def shown(tag: re.Match[str]) -> str:
        nonlocal left
        left -= 1
        return _image(dict(_ATTRIBUTE.findall(tag[1])), pictures, with_url=left >= 0)

    body = _LINK.sub(_TOLD, _IMAGE.sub(shown, stored))
    body = body.replace(_CUT, "<p>[The rest stands only in the mail as it came.]</p>")
    urls = [picture.url for picture in pictures.values() if picture.url]
    policy = _policy(sorted({_origin(url) for url in urls}))
    return Page(_document(body, policy), policy, _hosts(stored), _CUT in stored)


def _image(said: Mapping[str, str], pictures: Mapping[int, Picture], *, with_url: bool) -> str:
    picture = pictures.get(int(said.get("data-file", 0)))
    if picture and picture.url and with_url:
        kept = "".join(f' {name}="{said[name]}"' for name in _KEPT if name in said)
        return f'<img src="{escape(picture.url)}"{kept}>'
    words = [escape(picture.name)] if picture else []
    words += [f"{said['data-host']}, not loaded"] if "data-host" in said else []
    words += [escape(unescape(said["alt"]))] if said.get("alt") else []
    return f"<span>[image: {', '.join(words)}]</span>" if words else ""


def _hosts(stored: str) -> tuple[str, ...]:
    return tuple(sorted({unescape(host) for host in _HOST.findall(stored)})[:_MAX_HOSTS])


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _policy(origins: list[str]) -> str:
    sources = " ".join(origins) or "'none'"
    return f"default-src 'none'; img-src {sources}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def _document(body: str, policy: str) -> str:
    return (
        '<!doctype html><html><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'
        f'<meta name="referrer" content="no-referrer"><meta http-equiv="x-dns-prefetch-control" content="off"></head>'
        f"<body>{body}</body></html>"
    )
