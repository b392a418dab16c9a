"""What everything that moves money of one account has in common. Pure."""

from __future__ import annotations

from datetime import datetime

from chalicelib.platform.fields import Record, Version


class Row(Record):
    """Something that moves money of one account, found by `row_id`, listed by when it began."""

    account_id: str
    version: Version = 1

    @property
    def row_id(self) -> str:
        """Its id alone finds it."""
        raise NotImplementedError

    @property
    def begun_at(self) -> datetime:
        """When it began; never changes."""
        raise NotImplementedError
