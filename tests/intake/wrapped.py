"""Mails whose words and files are wrapped in more than MIME: winmail.dat, S/MIME, uuencode."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from chalicelib.intake.parse import parse_mail
from tests.intake.mails import raw

DATA_OID = bytes.fromhex("06092a864886f70d010701")
SIGNED_OID = bytes.fromhex("06092a864886f70d010702")
ENVELOPED_OID = bytes.fromhex("06092a864886f70d010703")
COMPRESSED_OID = bytes.fromhex("060b2a864886f70d0109100109")
HELLO_RTF = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)
"""`hello world`, the first example of MS-OXRTFCP."""
TEXT = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
INNER = (
    "Content-Type: multipart/mixed; boundary=inner\r\n\r\n--inner\r\n" + TEXT + "Why is it so high?\r\n--inner\r\n"
    "Content-Type: text/csv; name=calls.csv\r\n\r\n{}\r\n--inner--\r\n"
)


def attached(content: bytes, kind: str, name: str = "") -> str:
    """A part in base64; without a name it has no disposition."""
    said = f'; name="{name}"\r\nContent-Disposition: attachment; filename="{name}"' if name else ""
    coded = base64.encodebytes(content).decode().replace("\n", "\r\n")
    return f"Content-Type: {kind}{said}\r\nContent-Transfer-Encoding: base64\r\n\r\n{coded}"


def whole(content: bytes, kind: str, **headers: str | None) -> bytes:
    """A mail that is nothing but one such part."""
    coded = base64.encodebytes(content)
    return raw(coded, content_type=kind, content_transfer_encoding="base64", **headers)


def _little(number: int, size: int = 4) -> bytes:
    return number.to_bytes(size, "little")


def attribute(level: int, number: int, data: bytes) -> bytes:
    return bytes([level]) + _little(number) + _little(len(data)) + data + _little(sum(data) & 0xFFFF, 2)


def properties(*values: tuple[int, int, bytes]) -> bytes:
    """MAPI values as (kind, number, bytes); those of more than eight bytes, and strings, carry their length."""
    told = _little(len(values))
    for kind, number, data in values:
        named = b"\0" * 16 + _little(0) + _little(1) if number >= 0x8000 else b""
        sized = kind in {0x0D, 0x1E, 0x1F, 0x102}
        head = _little(1) + _little(len(data)) if sized else b""
        told += _little(kind, 2) + _little(number, 2) + named + head + data + b"\0" * (-len(data) % 4)
    return told


def winmail(
    *values: tuple[int, int, bytes],
    body: str = "",
    files: Sequence[tuple[str, bytes]] = (),
    inside: Sequence[tuple[str, bytes]] = (),
) -> bytes:
    """A winmail.dat: MAPI `values` of the message, an old-style `body`, `files`, and messages that are `inside`."""
    data = b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x00069007, _little(1252) + _little(0))
    data += attribute(1, 0x0002800C, body.encode("cp1252") + b"\0") if body else b""
    data += attribute(1, 0x00069003, properties((3, 0x8001, _little(7)), *values)) if values else b""
    for name, content in files:
        data += attribute(2, 0x00069002, b"\1\0" + b"\0" * 12)
        data += attribute(2, 0x00018010, b"SHORT~1.TXT\0") + attribute(2, 0x0006800F, content)
        data += attribute(2, 0x00069005, properties((0x1F, 0x3707, f"{name}\0".encode("utf-16-le"))))
    for name, message in inside:
        data += attribute(2, 0x00069002, b"\2\0" + b"\0" * 12)
        held = (0x0D, 0x3701, b"\x07\x03\x02\x00" + b"\0" * 12 + message)
        data += attribute(2, 0x00069005, properties((0x1E, 0x3001, f"{name}\0".encode()), held))
    return data


def der(tag: int, *contents: bytes) -> bytes:
    data = b"".join(contents)
    size = len(data).to_bytes(4, "big").lstrip(b"\0")
    length = bytes([len(data)]) if len(data) < 128 else bytes([0x80 + len(size)]) + size
    return bytes([tag]) + length + data


def endless(tag: int, *contents: bytes) -> bytes:
    """The same with a length that nobody knew beforehand."""
    return bytes([tag]) + b"\x80" + b"".join(contents) + b"\0\0"


def signed(content: bytes | None, oid: bytes = SIGNED_OID) -> bytes:
    """Signed data as DER; without content it is a detached signature."""
    held = der(0x30, DATA_OID, *([der(0xA0, der(0x04, content))] if content is not None else []))
    return der(0x30, oid, der(0xA0, der(0x30, der(2, b"\1"), der(0x31, der(0x30, b"\5\0")), held, der(0x31))))


def streamed(content: bytes, size: int = 16) -> bytes:
    """The same as a program writes it that does not wait for the end."""
    pieces = [der(0x04, content[at : at + size]) for at in range(0, len(content), size)]
    held = endless(0x30, DATA_OID, endless(0xA0, endless(0x24, *pieces)))
    return endless(0x30, SIGNED_OID, endless(0xA0, endless(0x30, der(2, b"\1"), endless(0x31), held, der(0x31))))


def uuencoded(content: bytes, name: str = "calls.csv") -> str:
    lines = [binascii.b2a_uu(content[at : at + 45]).decode() for at in range(0, len(content), 45)]
    return f"begin 644 {name}\n{''.join(lines)}`\nend\n"


TNEF = "application/ms-tnef"
CMS = "application/pkcs7-mime; name=smime.p7m"
WORDS = f"{TEXT}Hello desk"


def named(mail: bytes) -> list[tuple[str, str, bytes]]:
    """Name, type and content of each file of a mail."""
    return [(file.name, file.content_type, file.content) for file in parse_mail(mail).attachments]


def originals() -> tuple[bytes, ...]:
    """One mail of each kind."""
    rich = winmail((0x102, 0x1009, HELLO_RTF), files=[("a.txt", b"x" * 50)], inside=[("m", winmail(body="inner"))])
    entity = INNER.format("1;2").encode()
    return (
        whole(rich, f"{TNEF}; name=winmail.dat"), whole(signed(entity), CMS), whole(streamed(entity), CMS),
        whole(signed(b"", ENVELOPED_OID), CMS), raw(f"See:\n{uuencoded(b'1;2;3' * 30)}Thanks"),
        raw("a \n> b \n> c\n-- \nd", content_type="text/plain; format=flowed; delsp=yes"),
    )  # fmt: skip
