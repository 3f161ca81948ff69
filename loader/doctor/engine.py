"""Is the engine new enough, and has it room, memory and the right time?"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from loader.doctor.check import Check, failed, ok, warning
from loader.forget.tables import PUBLISHED
from loader.limits import in_words
from loader.schema.tables import RAW, SINK
from loader.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# The oldest that the tests run on.
TESTED = (26, 7)

GIB = 1024**3
LEAST_ROOM = GIB
USUAL_ROOM = 5 * GIB
USUAL_MEMORY = 2 * GIB
CLOCKS_APART = timedelta(seconds=5)


def engine_version(client: Client, settings: Settings) -> Check:
    """Which ClickHouse answers, and whether it is one that was tested."""
    version = str(client.command("SELECT version()"))
    found = f"ClickHouse {version} answers ({settings.place})"
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:2])
    if numbers < TESTED:
        oldest = ".".join(map(str, TESTED))
        return warning("engine", found, f"the oldest that is tested is {oldest}: upgrade it.")
    return ok("engine", found)


def disk(client: Client) -> Check:
    """Whether there is room: a full refresh needs as much as the tables that it makes."""
    rows = client.query(
        "SELECT name, free_space FROM system.disks WHERE NOT is_remote ORDER BY free_space"
    ).result_rows
    ((used,),) = client.query(
        "SELECT sum(bytes_on_disk) FROM system.parts WHERE active "
        f"AND (database IN ('{RAW}', '{SINK}') OR startsWith(database, '{PUBLISHED}'))"
    ).result_rows
    if not rows:
        return ok("disk", "storage that is not counted")
    name, free = rows[0]
    return room(name, free, used)


def room(name: str, free: int, used: int) -> Check:
    """What to say of so many free bytes on a disk, and so many that the warehouse has."""
    found = f"{_size(free)} free on {name}, the warehouse has {_size(used)}"
    if free < LEAST_ROOM:
        return failed("disk", found, "make room: the next insert or merge may fail.")
    if free < max(USUAL_ROOM, used):
        return warning(
            "disk", found, "make room: a full refresh writes tables beside the old ones."
        )
    return ok("disk", found)


def memory(client: Client) -> Check:
    """How much memory the engine may take."""
    ((allowed,),) = client.query(
        "SELECT toUInt64(value) FROM system.server_settings WHERE name = 'max_server_memory_usage'"
    ).result_rows
    found = f"the engine may take {_size(allowed)}" if allowed else "the engine may take all"
    if 0 < allowed < USUAL_MEMORY:
        return warning(
            "memory", found, f"give it {in_words(USUAL_MEMORY)}: max_server_memory_usage."
        )
    return ok("memory", found)


def clock(client: Client) -> Check:
    """Whether the engine's clock and ours agree."""
    before = datetime.now(timezone.utc)
    ((theirs,),) = client.query("SELECT now64(6, 'UTC')").result_rows
    after = datetime.now(timezone.utc)
    theirs = theirs.replace(tzinfo=timezone.utc)
    return clocks(max(before - theirs, theirs - after, timedelta(0)))


def clocks(apart: timedelta) -> Check:
    """What to say of clocks that are apart by at least so much."""
    found = f"{apart.total_seconds():.1f} s between the engine's and this machine's"
    if apart > CLOCKS_APART:
        return warning(
            "clock", found, "set both by NTP: `received_at` is the engine's time, loads are ours."
        )
    return ok("clock", found)


def _size(count: int) -> str:
    unit = next((unit for unit in ("TiB", "GiB", "MiB") if count >= _UNITS[unit]), "KiB")
    return f"{count / _UNITS[unit]:,.1f} {unit}"


_UNITS = {"KiB": 1024, "MiB": 1024**2, "GiB": 1024**3, "TiB": 1024**4}
