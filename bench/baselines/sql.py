"""Friends in SQLite as one would lay them out: a row each, tags, scores and answers in tables of their own, all indexed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from flows.friend import Friend
from flows.names import fold

TABLES = """
CREATE TABLE friend (no INTEGER PRIMARY KEY, following INTEGER, joined INTEGER, reacted INTEGER, route TEXT);
CREATE TABLE tag (tag TEXT, no INTEGER, PRIMARY KEY (tag, no)) WITHOUT ROWID;
CREATE TABLE score (axis TEXT, value INTEGER, no INTEGER, PRIMARY KEY (axis, value, no)) WITHOUT ROWID;
CREATE TABLE answer (question TEXT, value TEXT, no INTEGER, PRIMARY KEY (question, value, no)) WITHOUT ROWID;
"""
INDEXES = """
CREATE INDEX joined ON friend (joined, following);
CREATE INDEX score_of ON score (no, axis, value);
CREATE INDEX tag_of ON tag (no, tag);
ANALYZE;
"""


def filled(path: Path, people: Iterable[Friend]) -> sqlite3.Connection:
    """A database with these friends, analysed, its cache large enough to hold it."""
    base = sqlite3.connect(path)
    base.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-800000;" + TABLES)
    rows: dict[str, list[tuple[object, ...]]] = {"friend": [], "tag": [], "score": [], "answer": []}
    for no, friend in enumerate(people):
        rows["friend"].append((no, 1, _day(friend.joined), _day(friend.reacted), friend.route))
        rows["tag"] += ((tag, no) for tag in friend.tags)
        rows["score"] += ((axis, value, no) for axis, value in friend.scores.items())
        rows["answer"] += ((question, fold(one.value), no) for question, one in friend.fields.items())
        if no % 10_000 == 9_999:
            _write(base, rows)
    _write(base, rows)
    base.executescript(INDEXES)
    base.commit()
    return base


def _write(base: sqlite3.Connection, rows: dict[str, list[tuple[object, ...]]]) -> None:
    for table, values in rows.items():
        if values:
            base.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(values[0]))})", values)
            values.clear()


def _day(moment: datetime | None) -> int:
    return int((moment + timedelta(hours=9)).timestamp()) // 86_400 if moment else 0


PLANS = (
    # As one would write it …
    """
    SELECT count(*) FROM friend f WHERE f.following = 1 AND f.joined >= :since
    AND f.no IN (SELECT no FROM tag WHERE tag IN (:one, :other))
    AND f.no NOT IN (SELECT no FROM tag WHERE tag = :without)
    AND f.no IN (SELECT no FROM answer WHERE question = :question AND value = :value)
    AND f.no IN (SELECT no FROM score WHERE axis = :axis AND value >= :low AND value <= :high)
    """,
    # … with the narrowest condition first …
    """
    SELECT count(*) FROM answer a JOIN friend f ON f.no = a.no
    WHERE a.question = :question AND a.value = :value AND f.following = 1 AND f.joined >= :since
    AND EXISTS (SELECT 1 FROM tag t WHERE t.no = a.no AND t.tag IN (:one, :other))
    AND NOT EXISTS (SELECT 1 FROM tag t WHERE t.no = a.no AND t.tag = :without)
    AND EXISTS (SELECT 1 FROM score s WHERE s.no = a.no AND s.axis = :axis AND s.value BETWEEN :low AND :high)
    """,
    # … and by sets.
    """
    SELECT count(*) FROM (
      SELECT no FROM answer WHERE question = :question AND value = :value
      INTERSECT SELECT no FROM tag WHERE tag IN (:one, :other)
      EXCEPT SELECT no FROM tag WHERE tag = :without
      INTERSECT SELECT no FROM score WHERE axis = :axis AND value BETWEEN :low AND :high
      INTERSECT SELECT no FROM friend WHERE following = 1 AND joined >= :since)
    """,
)


def count(base: sqlite3.Connection, plan: int, given: dict[str, object]) -> int:
    """How many friends the question of seven clauses finds."""
    return int(base.execute(PLANS[plan], given).fetchone()[0])
