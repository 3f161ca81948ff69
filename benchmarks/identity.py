"""What it costs to find out which ids have landed, in tables of different sizes.

    python -m benchmarks.identity [--sizes 100000 1000000 10000000]

Fills a server's raw table by the engine itself, with random ids, and looks up ids as the loader
does: rows and bytes read are the server's own figures (X-ClickHouse-Summary).
"""

from __future__ import annotations

import argparse
import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from loader.engine import connect
from loader.known import look_up
from loader.schema import initialise
from tests.server import started_server
from tests.warehouse import server_settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

ASKED = (1, 1_000, 100_000)
# An insert of the loader, of statements of one year.
FILL = """
    INSERT INTO xapi.xapi_events_all (event_id, emission_time, event, source)
    SELECT generateUUIDv4(number), toDateTime64('2025-10-01', 6, 'UTC') + number %% 31536000,
        concat('{"id":"', toString(number), '"}'), 'made'
    FROM numbers(%d, %d) SETTINGS max_partitions_per_insert_block = 0, max_insert_threads = 1
"""
ROWS_OF_AN_INSERT = 200_000


@contextmanager
def summaries(client: Client) -> Iterator[list[dict[str, Any]]]:
    """The server's own figures of each request in the block."""
    seen: list[dict[str, Any]] = []
    pool: Any = client.http  # type: ignore[attr-defined]
    request = pool.request

    def noted(*args: Any, **options: Any) -> Any:
        answer = request(*args, **options)
        seen.append(json.loads(answer.headers.get("X-ClickHouse-Summary", "{}")))
        return answer

    pool.request = noted
    try:
        yield seen
    finally:
        pool.request = request


def some_ids(client: Client, count: int) -> bytes:
    """Ids of which half have landed, from all over the table."""
    rows = client.query(
        f"SELECT event_id FROM xapi.statement_ids ORDER BY rand() LIMIT {(count + 1) // 2}"
    ).result_rows
    known = [row[0].bytes for row in rows]
    return b"".join(known + [uuid.uuid4().bytes for _ in range(count - len(known))])


def measure(client: Client, size: int) -> None:
    """Look ids up, in numbers of which a line is printed each."""
    for count in ASKED:
        ids = some_ids(client, count)
        with summaries(client) as seen:
            begun = time.perf_counter()
            found = look_up(client, ids)
            took = time.perf_counter() - begun
        rows, size_read = int(seen[-1]["read_rows"]), int(seen[-1]["read_bytes"])
        assert len(found) == (count + 1) // 2
        print(
            f"{size:>12,} {count:>9,} {rows - count:>12,} {size_read / 1e6:>9.1f} "
            f"{took * 1000:>9.1f}",
            flush=True,
        )


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity", description=__doc__)
    sizes = [100_000, 1_000_000, 10_000_000]
    parser.add_argument("--sizes", type=int, nargs="+", default=sizes)
    arguments = parser.parse_args()
    print("  statements ids asked    rows read   MB read  millisec.")
    with TemporaryDirectory() as folder, started_server(Path(folder)) as address:
        settings = server_settings(address)
        client = connect(settings)
        initialise(client, settings)
        filled = 0
        for size in sorted(arguments.sizes):
            while filled < size:
                count = min(ROWS_OF_AN_INSERT, size - filled)
                client.command(FILL % (filled, count))
                filled += count
            measure(client, size)
        client.close()


if __name__ == "__main__":
    main()
