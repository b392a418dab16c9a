"""What is to be looked at on a day, in two lists: the due markers that billing writes with each invoice, and the
markers of accounts on the ladder."""

from __future__ import annotations

from datetime import date

from chalicelib.platform.days import DayList
from chalicelib.platform.dynamo import Table
from chalicelib.platform.fields import Record


class Marker(Record):
    """Somebody to look at. Of billing's markers `invoice_id` and `due_on`, of a letter that is to be tried again
    `mail`."""

    sk: str
    account_id: str
    invoice_id: str | None = None
    due_on: date | None = None
    mail: str | None = None


Agenda = DayList[Marker]


def agenda(table: Table, prefix: str, job: str) -> Agenda:
    """The markers under `<prefix>#<day>`; `job` names the progress."""
    return DayList(table, prefix, job, Marker.model_validate)
