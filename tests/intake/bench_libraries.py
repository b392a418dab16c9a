"""Our reader beside libraries of the market, as far as they are installed: `python -m tests.intake.bench_libraries`.

Readers of MIME on the recorded mails, on damaged ones and on 10 MB; and what a user would assemble of them to get the
customer's words, on mails of 50 KB. CPU time, the best of several rounds. None of them is a dependency of the desk:
`pip install --target FOLDER selectolax email-reply-parser ...` and `PYTHONPATH=FOLDER`.
"""

from __future__ import annotations

import importlib
import logging
import time
import warnings
from collections.abc import Callable, Iterable
from email import message_from_bytes, policy
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from chalicelib.intake.parse import parse_mail
from tests.intake.bench_mail import memory, seconds, standard, texts, with_file
from tests.intake.mutations import mutated, originals

DAMAGED, SEED = 2_000, 9
Reader = Callable[[bytes], object]


def _of(module: str, *path: str) -> Any:
    found: Any = importlib.import_module(module)
    for name in path:
        found = getattr(found, name)
    return found


Made = dict[str, tuple[str, Callable[[], Any]]]
"""By the name of a distribution: its module, and what makes the function that is measured."""
READERS: Made = {
    "mail-parser": ("mailparser", lambda: _of("mailparser", "parse_from_bytes")),
    "fast-mail-parser": ("fast_mail_parser", lambda: _of("fast_mail_parser", "parse_email")),
}
PAGES: Made = {
    "selectolax": ("selectolax", lambda: lambda page: _of("selectolax.lexbor", "LexborHTMLParser")(page).text()),
    "beautifulsoup4": ("bs4", lambda: lambda page: _of("bs4", "BeautifulSoup")(page, "html.parser").get_text()),
    "html2text": ("html2text", lambda: _of("html2text", "html2text")),
    "inscriptis": ("inscriptis", lambda: _of("inscriptis", "get_text")),
}
REPLIES: Made = {
    "email-reply-parser": ("email_reply_parser", lambda: _of("email_reply_parser", "EmailReplyParser", "parse_reply")),
    "mail-parser-reply": (
        "mailparser_reply",
        lambda: _of("mailparser_reply", "EmailReplyParser")(languages=["en", "de", "fr"]).parse_reply,
    ),
    "quotequail": ("quotequail", lambda: _of("quotequail", "quote")),
}  # fmt: skip


def assembled(page: Callable[[str], str], reply: Callable[[str], object]) -> Reader:
    """The standard library, a reader of HTML where there is no plain text, and a finder of what is new."""

    def read(mail: bytes) -> object:
        parts = list(message_from_bytes(mail, policy=policy.default).walk())
        for kind, words in (("text/plain", str), ("text/html", page)):
            part = next((part for part in parts if part.get_content_type() == kind), None)
            if part is not None:
                return reply(words(part.get_content()))
        return ""

    return read


def _installed(given: Made) -> dict[str, Any]:
    return {f"{name} {version(name)}": make() for name, (module, make) in given.items() if find_spec(module)}


def _raised(read: Reader, mails: Iterable[bytes]) -> int:
    count = 0
    for mail in mails:
        try:
            read(mail)
        except Exception:  # noqa: BLE001 - this is what is counted
            count += 1
    return count


def _mean(read: Reader) -> float:
    """Milliseconds a recorded mail; what raises has stopped early and counts with what it took."""
    turns = []
    for _ in range(5):
        began = time.process_time()
        _raised(read, originals())
        turns.append(time.process_time() - began)
    return min(turns) / len(originals()) * 1e3


def main() -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    damaged, big = list(mutated(DAMAGED, SEED)), with_file(10_000_000)
    for name, read in {"ours": parse_mail, "standard library": standard, **_installed(READERS)}.items():
        print(
            f"{name}: {_mean(read):.2f} ms a recorded mail, {_raised(read, damaged)} of {DAMAGED} damaged ones raised, "
            f"10 MB {seconds(read, big, 3) * 1e3:.0f} ms and {memory(read, big):.1f} MB of memory"
        )
    pages, replies = _installed(PAGES), _installed(REPLIES)
    stacks = {
        f"{page} + {reply}": assembled(pages[page], replies[reply])
        for page in pages for reply in replies if page == next(iter(pages)) or reply == next(iter(replies))
    }  # fmt: skip
    for kind, mail in texts(50_000).items():
        ours = seconds(parse_mail, mail, 20)
        print(f"50 KB, {kind}: ours {ours * 1e3:.2f} ms")
        for name, read in stacks.items():
            print(f"    {name}: {(theirs := seconds(read, mail, 3)) * 1e3:.2f} ms, ours is {ours / theirs:.2f} of it")


if __name__ == "__main__":
    main()
