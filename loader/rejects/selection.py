"""Which rejects are meant, and the pages in which they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from loader.engine import engine_errors
from loader.schema.tables import RAW

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

REJECTS = f"{RAW}.rejected_statements"
RESOLVED = f"{RAW}.resolved_rejects"

# What tells a reject apart, in the order in which rejects are read.
KEY = "load_id, line, byte_offset, raw_hash"
ID = f"lower(hex(sipHash64({KEY})))"

# A page is read into memory: so many rejects, and so many bytes of their texts.
PAGE_REJECTS = 10_000
PAGE_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class Reject:
    """A line that did not land; `line` counts from 1, `byte_offset` from 0, times are UTC."""

    id: str  # 16 hexadecimal digits, of its place and its text
    received_at: datetime
    load_id: UUID
    source: str
    line: int
    byte_offset: int
    raw_hash: int
    reason: str
    detail: str
    size: int  # bytes of its text

    @property
    def place(self) -> str:
        """Where it stood, in words."""
        return f"{self.source}, line {self.line}"

    @property
    def key(self) -> tuple[UUID, int, int, int]:
        """What tells it apart: see `KEY`."""
        return self.load_id, self.line, self.byte_offset, self.raw_hash


_COLUMNS = (
    f"{ID} AS id, received_at, load_id, source, line, byte_offset, raw_hash, "
    "toString(reason) AS reason, detail, length(raw) AS size"
)


@dataclass(frozen=True)
class Wanted:
    """Which rejects are meant: those that meet every condition, by default all unresolved ones.

    Of several reasons, sources, loads or ids any may hold. An id may be cut short.
    `since` is about when a line was rejected.
    """

    reasons: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()
    since: datetime | None = None
    ids: tuple[str, ...] = ()
    resolved_too: bool = False

    @property
    def condition(self) -> str:
        """The same in SQL, to be asked with `parameters`."""
        conditions = [
            condition
            for value, condition in (
                (self.reasons, "reason IN {reasons:Array(String)}"),
                (self.sources, "source IN {sources:Array(String)}"),
                (self.loads, "load_id IN {loads:Array(UUID)}"),
                (self.since, "received_at >= {since:DateTime64(6, 'UTC')}"),
                (self.ids, f"arrayExists(id -> startsWith({ID}, id), {{ids:Array(String)}})"),
            )
            if value
        ]
        if not self.resolved_too:
            conditions.append(f"({KEY}) GLOBAL NOT IN (SELECT {KEY} FROM {RESOLVED})")
        return " AND ".join(conditions) or "true"

    @property
    def parameters(self) -> dict[str, Any]:
        """The values that the condition names."""
        found = {
            "reasons": list(self.reasons),
            "sources": list(self.sources),
            "loads": list(self.loads),
            "since": self.since,
            "ids": [one.lower() for one in self.ids],
        }
        return {name: value for name, value in found.items() if value}


def read_rejects(client: Client, wanted: Wanted, limit: int, order: str = "") -> list[Reject]:
    """The first rejects, by source and place unless an `order` is given."""
    query = (
        f"SELECT {_COLUMNS} FROM {REJECTS} WHERE {wanted.condition} "
        f"ORDER BY {order or f'source, {KEY}'} LIMIT {{limit:UInt64}}"
    )
    with engine_errors():
        answer = client.query(query, parameters=wanted.parameters | {"limit": limit})
    return [Reject(*row) for row in answer.result_rows]


def sources_of(client: Client, wanted: Wanted) -> list[tuple[str, int]]:
    """The sources that have such rejects, each with their number, by name."""
    with engine_errors():
        answer = client.query(
            f"SELECT source, count() FROM {REJECTS} WHERE {wanted.condition} "
            "GROUP BY source ORDER BY source",
            parameters=wanted.parameters,
        )
    return [(source, count) for source, count in answer.result_rows]


Page = Sequence[tuple[Reject, bytes]]
"""Rejects with their texts."""


def pages(client: Client, wanted: Wanted, source: str) -> Iterator[Page]:
    """The rejects of a source, in order, in pages that fit into memory.

    What is resolved while they are read does not disturb: a page begins after the last one.
    """
    of_source = replace(wanted, sources=(source,))
    after: tuple[UUID, int, int, int] | None = None
    while found := _next_rejects(client, of_source, after):
        after = found[-1].key
        texts = _texts(client, of_source, found[0].key, after)
        yield [(one, texts[one.key]) for one in found if one.key in texts]


def _next_rejects(
    client: Client, wanted: Wanted, after: tuple[UUID, int, int, int] | None
) -> list[Reject]:
    later = f"({KEY}) > ({_KEY_PARAMETERS.format('after')})" if after else "true"
    query = (
        f"SELECT {_COLUMNS} FROM {REJECTS} WHERE {wanted.condition} AND {later} "
        f"ORDER BY {KEY} LIMIT {PAGE_REJECTS}"
    )
    with engine_errors():
        answer = client.query(query, parameters=wanted.parameters | _named("after", after))
    found: list[Reject] = []
    size = 0
    for row in answer.result_rows:
        reject = Reject(*row)
        size += reject.size
        if found and size > PAGE_BYTES and reject.key != found[-1].key:
            break
        found.append(reject)
    return found


def _texts(
    client: Client,
    wanted: Wanted,
    first: tuple[UUID, int, int, int],
    last: tuple[UUID, int, int, int],
) -> Mapping[tuple[UUID, int, int, int], bytes]:
    query = (
        f"SELECT {KEY}, raw FROM {REJECTS} WHERE {wanted.condition} "
        f"AND ({KEY}) >= ({_KEY_PARAMETERS.format('first')}) "
        f"AND ({KEY}) <= ({_KEY_PARAMETERS.format('last')})"
    )
    parameters = wanted.parameters | _named("first", first) | _named("last", last)
    with engine_errors():
        answer = client.query(query, parameters=parameters, column_formats={"raw": "bytes"})
    return {(load_id, *place): raw for load_id, *place, raw in answer.result_rows}


_KEY_PARAMETERS = "{{{0}_load:UUID}}, {{{0}_line:UInt64}}, {{{0}_byte:UInt64}}, {{{0}_hash:UInt64}}"


def _named(name: str, key: tuple[UUID, int, int, int] | None) -> dict[str, Any]:
    parts = ("load", "line", "byte", "hash")
    return {f"{name}_{part}": value for part, value in zip(parts, key or (), strict=False)}
