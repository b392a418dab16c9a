"""What reading mail costs, and what it withstands: `python -m tests.intake.bench_mail [CORPUS]` (`make bench-mail`).

CPU time of this process, the best of several rounds, next to what the standard library needs to parse the same mail,
walk it and decode its parts. Nothing is asserted. CORPUS is a folder as tests/intake/corpus.py describes it.
"""

from __future__ import annotations

import base64
import json
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from chalicelib.intake.parse import parse_mail
from chalicelib.platform.cards import hide_cards
from tests.intake.corpus import score
from tests.intake.fakes import Door
from tests.intake.hostile import bodies
from tests.intake.mails import multipart, raw
from tests.intake.mutations import mutated, originals

MUTATED, SEED, HOSTILE_BYTES, SLOW = 10_000, 2026, 1_500_000, 2.0
_WORDS = "Why is my bill so high this month, and what is the charge of 12.50 for?"


def with_file(size: int) -> bytes:
    """Of about `size` bytes: a text, the same in HTML, and a file in base64."""
    words = "\r\n".join([_WORDS] * 20)
    content = base64.encodebytes(random.Random(SEED).randbytes(size * 73 // 100)).decode().replace("\n", "\r\n")
    file = f"Content-Type: application/pdf; name=bill.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{content}"
    html = f"Content-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>{words}</p></body></html>"
    return multipart(f"Content-Type: text/plain; charset=utf-8\r\n\r\n{words}", html, file)


def texts(size: int) -> dict[str, bytes]:
    wrapped, long = "\r\n".join([_WORDS] * (size // 73)), "\r\n\r\n".join([" ".join([_WORDS] * 6)] * (size // 440))
    html = "<html><body>" + f"<p>{_WORDS} <b>Ada</b></p>\r\n" * (size // 90) + "</body></html>"
    thread = (
        f"{_WORDS}\r\n\r\nOn Fri, 20 Nov 2026 at 10:00, Desk <desk@desk.example> wrote:\r\n"
        + f"> {_WORDS}\r\n" * (size // 75)
    )
    both = [f"Content-Type: text/{kind}; charset=utf-8\r\n\r\n" for kind in ("plain", "html")]
    return {
        "text in paragraphs": raw(long), "text in lines of 72": raw(wrapped), "mails of customers": raw(_written(size)),
        "answer over its history": raw(thread),
        "text and HTML": multipart(both[0] + wrapped[: size // 2], both[1] + html[: size // 2], kind="alternative"),
        "HTML alone": raw(html, content_type="text/html; charset=utf-8"),
    }  # fmt: skip


def _written(size: int) -> str:
    """Words as people write them, in eight languages."""
    mails = (
        json.loads(line)["text"] for line in Path(__file__).with_name("labelled.jsonl").read_text("utf-8").splitlines()
    )
    return "\n\n".join(mails).replace("\n", "\r\n")[:size]


def standard(mail: bytes) -> list[Any]:
    return [p.get_payload(decode=True) for p in message_from_bytes(mail, policy=policy.default).walk()]


def with_files(mail: bytes) -> list[bytes]:
    return [file.content for file in parse_mail(mail).attachments]


def seconds(work: Callable[[bytes], object], mail: bytes, rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        work(mail)
        best = min(best, time.process_time() - began)
    return best


def against_standard() -> Iterator[str]:
    mails = {"10 MB with a file": with_file(10_000_000), "50 KB with a file": with_file(50_000)}
    mails |= {f"50 KB, {name}": mail for name, mail in texts(50_000).items()}
    for name, mail in mails.items():
        rounds = 5 if len(mail) > 1_000_000 else 40
        read, decoded, theirs = (seconds(work, mail, rounds) for work in (parse_mail, with_files, standard))
        yield (
            f"{name}: {read * 1e3:.2f} ms, with its files decoded {decoded * 1e3:.2f} ms, standard library "
            f"{theirs * 1e3:.2f} ms: {read / theirs:.2f} and {decoded / theirs:.2f} of it"
        )


def memories() -> str:
    """The most memory on top of the mail, as the interpreter hands it out."""
    mail = with_file(10_000_000)
    grown = [memory(work, mail) for work in (parse_mail, with_files, standard)]
    return "10 MB, memory on top of it: {:.2f} MB, with its files {:.1f} MB, standard library {:.1f} MB".format(*grown)


def memory(work: Callable[[bytes], object], mail: bytes) -> float:
    """Megabytes at the most."""
    tracemalloc.start()
    work(mail)
    most = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return most


def cards() -> Iterator[str]:
    """The search for card numbers, in usual texts and in what is crafted to be slow."""
    kinds = {
        "mails of customers": _written(50_000), "digits and blanks": "4 " * 150_000, "digits and tags": "4<b>" * 75_000,
        "digits and many blanks": "4,  " * 75_000, "amounts": "12.50 13.50 " * 25_000,
        "bank accounts": "DE89 4111 " * 30_000,
    }  # fmt: skip
    for name, text in kinds.items():
        taken = seconds(lambda mail: hide_cards(mail.decode()), text.encode(), 3)
        yield f"card numbers in {len(text) // 1000},000 characters, {name}: {taken * 1e3:.2f} ms"


def withstood(name: str, mails: Iterable[tuple[str, bytes]]) -> str:
    """How many mails raised or took longer than SLOW, files decoded."""
    count = raised = slow = 0
    worst = (0.0, "")
    for label, mail in mails:
        count += 1
        began = time.process_time()
        try:
            with_files(mail)
        except Exception as error:  # noqa: BLE001 - this is what is counted
            raised += 1
            print(f"  {label}: {error!r}"[:200])
        taken = time.process_time() - began
        slow += taken > SLOW
        worst = max(worst, (taken, label))
    return f"{name}: {count} mails, {raised} raised, {slow} over {SLOW:.0f} s, slowest {worst[0]:.2f} s ({worst[1]})"


def intake() -> str:
    """The whole of intake over fakes: notification, parser, sender, thread, limits, card numbers."""
    mails = [mail for mail in originals() if mail.strip()]
    began = time.process_time()
    for turn in range(20):
        door = Door()
        for number, mail in enumerate(mails):
            door.deliver(mail, key=f"mail/{turn}/{number}", message_id=f"ses-{turn}-{number}")
    taken = (time.process_time() - began) / (20 * len(mails))
    return f"intake of a recorded mail, without AWS: {taken * 1e3:.2f} ms (mean of {len(mails)} mails, 20 turns)"


def main() -> None:
    for line in against_standard():
        print(line)
    print(memories())
    print(intake())
    for line in cards():
        print(line)
    print(withstood("mutated", ((f"seed {SEED}, {n}", mail) for n, mail in enumerate(mutated(MUTATED, SEED)))))
    print(withstood(f"hostile, {HOSTILE_BYTES} bytes", bodies(HOSTILE_BYTES).items()))
    if len(sys.argv) > 1:
        count, failed = score(Path(sys.argv[1]))
        print(f"corpus: {count - len(failed)} of {count} met ({1 - len(failed) / max(count, 1):.3f})")


if __name__ == "__main__":
    main()
