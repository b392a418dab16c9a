"""A case made of a mail, here and by django-helpdesk: `python -m tests.intake.bench_helpdesk`.

CPU time of this process for a mail, the mean of the recorded mails and of twenty that programs write, the best of
several turns after one that warms up. Here: the whole intake over the table in memory. There: `extract_email_metadata`
over SQLite in memory, its outgoing mail kept in memory, its log off; once it renders its acknowledgements, which the
desk leaves to another function, and once it does not. It is no dependency of the desk: `pip install --target FOLDER
django-helpdesk` and `PYTHONPATH=FOLDER`; without it only our figures are printed.
"""

from __future__ import annotations

import importlib
import logging
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import metadata
from importlib.util import find_spec
from typing import Any

from tests.cases.builders import NOON, Desk
from tests.e2e.client_mails import MAILS
from tests.fakes import FixedClock
from tests.harness import ROOT
from tests.intake.fakes import Door
from tests.memory_table import MemoryTable

TURNS = 15
Mails = Sequence[tuple[str, bytes]]


def mails() -> Mails:
    """By name, the mails that both can read: with a sender and some words."""
    recorded = [(path.name, path.read_bytes()) for path in sorted((ROOT / "events" / "mail").glob("*.eml"))]
    written = [(m.client, m.raw(f"{m.client}@mail.example", "ada@example.com", "Ada Lovelace", None)) for m in MAILS]
    return [(name, mail) for name, mail in [*recorded, *written] if mail.strip()]


def mean(given: Mails, turn: Callable[[Mails], float]) -> float:
    """Milliseconds a mail: the best turn."""
    turn(given)
    return min(turn(given) for _ in range(TURNS)) / len(given) * 1e3


def with_fakes(given: Mails) -> float:
    return _through(Door(), given)


def with_table(given: Mails) -> float:
    """Cases, messages, references and acknowledgements are written."""
    door, desk = Door(), Desk(MemoryTable(), FixedClock(NOON))
    door.limiter.left = len(given)
    door.intake = replace(door.intake, cases=desk.inbox)
    return _through(door, given)


def _through(door: Door, given: Mails) -> float:
    began = time.process_time()
    for number, (_, mail) in enumerate(given):
        door.deliver(mail, key=f"mail/{number}", message_id=f"ses-{number}")
    return time.process_time() - began


def helpdesk(given: Mails, *, answers: bool) -> tuple[float, int]:
    """What django-helpdesk needs for a mail, and how many of them it could not take."""
    email, transaction = importlib.import_module("helpdesk.email"), importlib.import_module("django.db.transaction")
    queue = _queue(answers=answers)
    logger = logging.getLogger("helpdesk")
    refused = {name for name, mail in given if not _taken(email, transaction, queue, logger, mail)}
    readable = [(name, mail) for name, mail in given if name not in refused]

    def turn(asked: Mails) -> float:
        began = time.process_time()
        with transaction.atomic():
            for _, content in asked:
                email.extract_email_metadata(content.decode("utf-8", "replace"), queue, logger)
            taken = time.process_time() - began
            transaction.set_rollback(True)
        return taken

    return mean(readable, turn), len(refused)


def _taken(email: Any, transaction: Any, queue: Any, logger: logging.Logger, mail: bytes) -> bool:
    try:
        with transaction.atomic():
            email.extract_email_metadata(mail.decode("utf-8", "replace"), queue, logger)
            transaction.set_rollback(True)
    except Exception:  # noqa: BLE001 - whatever it raises, it took no mail
        return False
    return True


def _queue(*, answers: bool) -> Any:
    models = importlib.import_module("helpdesk.models")
    if not answers:
        models.EmailTemplate.objects.all().delete()
    made, _ = models.Queue.objects.get_or_create(
        slug="bills", defaults={"title": "Bills", "allow_email_submission": True, "email_address": "desk@desk.example"}
    )
    return made


def set_up(media: str) -> None:
    """Django with nothing but what helpdesk needs; files of mails go below `media`."""
    importlib.import_module("django.conf").settings.configure(
        SECRET_KEY="no secret", USE_TZ=True, MEDIA_ROOT=media, SITE_ID=1, LOGGING_CONFIG=None,
        ROOT_URLCONF="helpdesk.urls",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend", DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.sites",
            "django.contrib.messages", "django.contrib.admin", "django.contrib.humanize", "rest_framework", "helpdesk",
        ], HELPDESK_TEAMS_MODE_ENABLED=False, HELPDESK_KBITEM_TEAM_GETTER=lambda _: None,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    )  # fmt: skip
    importlib.import_module("django").setup()
    urls = importlib.import_module("django.urls")
    importlib.import_module("django.conf").settings.ROOT_URLCONF = (
        urls.path("helpdesk/", urls.include("helpdesk.urls")),
    )
    importlib.import_module("django.core.management").call_command("migrate", verbosity=0)
    logging.disable(logging.CRITICAL)


def main(media: str) -> None:
    given = mails()
    ours = mean(given, with_table)
    print(f"{len(given)} mails, without a table: {mean(given, with_fakes):.2f} ms a mail")
    print(f"{len(given)} mails, cases in the table in memory: {ours:.2f} ms a mail")
    if find_spec("helpdesk") is None:
        print("django-helpdesk is not installed: not compared")
        return
    set_up(media)
    name = f"django-helpdesk {metadata.version('django-helpdesk')} on Django {metadata.version('django')}"
    for answers in (True, False):  # without its templates it answers nothing
        theirs, refused = helpdesk(given, answers=answers)
        said = "with acknowledgements" if answers else "without acknowledgements"
        print(f"{name}, {said}: {theirs:.2f} ms a mail, {refused} raised; the desk needs {ours / theirs:.2f} of it")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else str(ROOT / ".local" / "helpdesk"))
