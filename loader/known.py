"""Which statements have landed, found by their ids."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING
from uuid import UUID

from loader.engine import is_embedded, quoted
from loader.lazy_numpy import numpy
from loader.schema.tables import RAW

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client
    from clickhouse_connect.driver.external import ExternalData

Key = bytes  # the 16 bytes of an id


@dataclass
class Known:
    """A statement that has landed before: hash of its text, its time to find it by, and when."""

    content_hash: int
    emission_time: int
    received_at: int  # microseconds since 1970


def keys_of(ids: bytes) -> tuple[Key, ...]:
    """The ids of rows, one by one."""
    # Not by one format for all: the module would keep it, and as many as there are numbers of ids.
    return tuple(map(itemgetter(0), struct.iter_unpack("16s", ids)))


def look_up(client: Client, ids: bytes) -> dict[Key, Known]:
    """Which of these ids have landed, in whatever load; of several, the first."""
    with _asked(client, ids) as (them, sent):
        answer = client.raw_query(
            "SELECT event_id, argMin(content_hash, (received_at, content_hash)), "
            "argMin(emission_time, (received_at, content_hash)), min(received_at) "
            f"FROM {RAW}.statement_ids WHERE event_id IN (SELECT event_id FROM {them}) "
            "GROUP BY event_id",
            fmt="RowBinary",
            external_data=sent,
        )
    return {
        struct.pack(">QQ", high, low): Known(content_hash, time, moment)
        for high, low, content_hash, time, moment in struct.iter_unpack("<QQQqq", answer)
    }


@contextmanager
def _asked(client: Client, ids: bytes) -> Iterator[tuple[str, ExternalData | None]]:
    """Ids where a query finds them: in the text of it they would cost half of the look-up."""
    from clickhouse_connect.driver.external import ExternalData

    # The engine writes an id as two halves, each with its lowest byte first.
    data = numpy().frombuffer(ids, "u8").byteswap().tobytes()
    structure = "event_id UUID"
    if not is_embedded(client):
        yield "asked", ExternalData(None, "asked", data, "RowBinary", structure=structure)
        return
    with NamedTemporaryFile(prefix="loader-") as file:
        file.write(data)
        file.flush()
        yield f"file({quoted(file.name)}, 'RowBinary', {quoted(structure)})", None


def known_texts(client: Client, wanted: Mapping[Key, Known]) -> dict[Key, bytes]:
    """The texts of statements that have landed, found by their key in the raw table."""
    texts: dict[Key, bytes] = {}
    pairs = [f"{known.emission_time}\t{UUID(bytes=key)}" for key, known in wanted.items()]
    for start in range(0, len(pairs), 1000):
        some = "\n".join(pairs[start : start + 1000])
        answer = client.query(
            f"SELECT event_id, event FROM {RAW}.xapi_events_all "
            "WHERE (emission_time, event_id) IN "
            "(SELECT fromUnixTimestamp64Micro(time, 'UTC'), id "
            f"FROM format(TSV, 'time Int64, id UUID', '{some}')) "
            "ORDER BY received_at, xxHash64(event) LIMIT 1 BY event_id",
            column_formats={"event": "bytes"},
        )
        texts |= {event_id.bytes: event for event_id, event in answer.result_rows}
    return texts
