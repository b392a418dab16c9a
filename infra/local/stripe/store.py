"""The one SQLite file: objects by id, and transactions. Everything a request changes is committed at once."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.stripe.values import Json

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, kind TEXT NOT NULL,
    created INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE (id, kind));
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, seq);
CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, endpoint TEXT NOT NULL, state TEXT NOT NULL,
    due_at REAL NOT NULL, position INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, last_result TEXT);
CREATE INDEX IF NOT EXISTS deliveries_by_state ON deliveries (state, due_at, position);
CREATE INDEX IF NOT EXISTS deliveries_by_event ON deliveries (event);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, operation TEXT NOT NULL, fingerprint TEXT NOT NULL, status INTEGER NOT NULL,
    body TEXT NOT NULL, request_id TEXT NOT NULL, created_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS jobs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, object_id TEXT NOT NULL, due_at REAL NOT NULL,
    base_url TEXT NOT NULL, test_clock TEXT, problem TEXT, UNIQUE (kind, object_id));
CREATE INDEX IF NOT EXISTS jobs_by_time ON jobs (due_at, seq);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Query:
    """Which objects of one kind, newest first: equal fields, created between bounds, after or before a position."""

    kind: str
    equal: Mapping[str, Any] = field(default_factory=dict)
    created: Mapping[str, int] = field(default_factory=dict)
    older_than: int | None = None
    newer_than: int | None = None

    def sql(self) -> tuple[str, list[Any]]:
        """The SELECT and its arguments."""
        terms = ["kind = ?", "json_extract(body, '$.deleted') IS NULL"]
        args: list[Any] = [self.kind]
        for name, value in self.equal.items():
            terms.append("json_extract(body, '$.' || ?) = ?")
            args += [name, value]
        signs = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
        bounds = [(f"created {signs[bound]} ?", second) for bound, second in self.created.items()]
        bounds += [("seq < ?", self.older_than)] if self.older_than is not None else []
        bounds += [("seq > ?", self.newer_than)] if self.newer_than is not None else []
        terms += [term for term, _ in bounds]
        args += [value for _, value in bounds]
        way = "ASC" if self.newer_than is not None else "DESC"
        return f"SELECT body FROM objects WHERE {' AND '.join(terms)} ORDER BY seq {way}", args  # noqa: S608


class Store:
    """Objects and transactions over one connection; a lock makes the transactions of all threads follow each other."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        # A killed process loses nothing in WAL mode; only a power cut could lose the last transactions.
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, one at a time; must not be nested."""
        with self._lock:
            self.run("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.run("ROLLBACK")
                raise
            self.run("COMMIT")

    @contextmanager
    def undone_on_error(self, *, unless: type[Exception] | tuple[()]) -> Iterator[None]:
        """Inside a transaction: undo this part alone when it fails in any other way, and let the failure out."""
        self.run("SAVEPOINT part")
        try:
            yield
        except unless:
            raise
        except BaseException:
            self.run("ROLLBACK TO part")
            raise
        finally:
            self.run("RELEASE part")

    @contextmanager
    def rehearsed(self) -> Iterator[None]:
        """Inside a transaction: let this part happen, and then undo it however it ends."""
        self.run("SAVEPOINT part")
        try:
            yield
        finally:
            self.run("ROLLBACK TO part")
            self.run("RELEASE part")

    def run(self, sql: str, *args: Any) -> list[sqlite3.Row]:
        """One statement and all its rows."""
        with self._lock:
            return self._db.execute(sql, args).fetchall()

    def add(self, body: Json) -> Json:
        """Keep a new object; its `object`, `id` and `created` members say what it is; some kinds hide the last."""
        self.run(
            "INSERT INTO objects (id, kind, created, body) VALUES (?, ?, ?, ?)",
            body["id"],
            body["object"],
            body.get("created", body.get("_created", 0)),
            json.dumps(body),
        )
        return body

    def save(self, body: Json) -> Json:
        """Replace a kept object by this state of it."""
        self.run("UPDATE objects SET body = ? WHERE id = ? AND kind = ?", json.dumps(body), body["id"], body["object"])
        return body

    def remove(self, kind: str, object_id: str) -> None:
        """Forget an object. Only `named` still finds it, because other objects go on naming it."""
        self.run("UPDATE OR REPLACE objects SET kind = 'gone:' || kind WHERE id = ? AND kind = ?", object_id, kind)

    def get(self, kind: str, object_id: str) -> Json | None:
        """The object of this kind and id, with the server's own notes, or None."""
        rows = self.run("SELECT body FROM objects WHERE id = ? AND kind = ?", object_id, kind)
        return _body(rows[0]) if rows else None

    def named(self, object_id: str, likely: str = "") -> Json | None:
        """The object of this id, whatever it is, with the server's own notes, or None.

        Callers choose the ids of products and coupons, so that two kinds can share one: `likely` says which is meant.
        """
        rows = self.run(
            "SELECT body FROM objects WHERE id = ? ORDER BY kind = ? DESC, kind = 'gone:' || ? DESC LIMIT 1",
            object_id,
            likely,
            likely,
        )
        return _body(rows[0]) if rows else None

    def position(self, kind: str, object_id: str) -> int | None:
        """Where the object stands in the order of creation."""
        rows = self.run("SELECT seq FROM objects WHERE id = ? AND kind = ?", object_id, kind)
        return int(rows[0]["seq"]) if rows else None

    def find(self, query: Query) -> list[Json]:
        """Objects newest first; oldest first when the query asks for what is newer than a position."""
        return list(self.scan(query))

    def scan(self, query: Query) -> Iterator[Json]:
        """The same objects, read one by one as they are wanted; only inside a transaction."""
        sql, args = query.sql()
        for row in self._db.execute(sql, args):
            yield _body(row)

    def setting(self, name: str) -> Json | None:
        """A kept setting, or None."""
        rows = self.run("SELECT value FROM settings WHERE name = ?", name)
        return dict(json.loads(rows[0]["value"])) if rows else None

    def keep_setting(self, name: str, value: Json) -> None:
        """Keep a setting over a restart."""
        self.run("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", name, json.dumps(value))


def _body(row: sqlite3.Row) -> Json:
    return dict(json.loads(row["body"]))
