"""What people do in a Superset, out of its own log and lists: pulled, and landed in small tables.

Superset's browser side writes an entry for each page that somebody opens and each chart that is
shown; they have the action `log`, which nothing else has, and say in their JSON what it was. The
entries that the server writes for every request, of people and of programs, stay where they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from loader.batches import in_batches
from loader.engine import engine_errors, insert_rows
from loader.errors import LoaderError
from loader.loads import INSERT_SETTINGS
from loader.schema.tables import RAW, SUPERSET_ACTIONS, SUPERSET_ASSETS, SUPERSET_USERS, Table
from loader.superset.server import PAGE_SIZE, Superset

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# Entries show up a little after their time.
OVERLAP = timedelta(minutes=10)
# Of a Superset that was never asked before.
FIRST_DAYS = 90
BATCH_ENTRIES = 10_000
LONGEST_EVENT = 100

_COLUMNS = ("action", "dttm", "json", "user_id", "dashboard_id", "slice_id")
_INSTANT = timedelta(microseconds=1)

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Action:
    """An entry of the log: what somebody did in a browser, and when; 0 is nobody or nothing."""

    id: int
    happened_at: datetime
    event: str
    user_id: int
    dashboard_id: int
    chart_id: int


@dataclass
class Usage:
    """What a pull has read, how much of it was new, and until when actions are known."""

    superset: str
    read: int = 0
    landed: int = 0
    unreadable: int = 0
    users: int = 0
    dashboards: int = 0
    charts: int = 0
    seen_until: datetime | None = None
    since: datetime | None = field(default=None, repr=False)


def pull_usage(
    client: Client,
    server: Superset,
    since: datetime | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _read: None,
) -> Usage:
    """Land what is new in a Superset's log, and who and what there is in it.

    Without `since` it goes on where the former pull ended, a little before that, and begins with
    the last 90 days. Entries that were there are known by their number and counted once. They land
    in the order of their time, so that a pull which breaks off is continued by the next. With
    `dry_run` all is read and nothing lands. Raises LoaderError when Superset or the engine refuses.
    """
    usage = Usage(server.url)
    reached = _reached(client, server.url)
    first = datetime.now(timezone.utc) - timedelta(days=FIRST_DAYS)
    usage.since = since or (reached - OVERLAP if reached else first)
    usage.seen_until = reached
    for batch in in_batches(actions(server, usage.since, usage), _is_full):
        known = _known(client, server.url, batch)
        new = [one for one in batch if one.id not in known]
        usage.read += len(batch)
        usage.landed += len(new)
        if not dry_run:
            _insert(client, SUPERSET_ACTIONS, server.url, [vars(one) for one in new])
        latest = batch[-1].happened_at
        usage.seen_until = max(latest, usage.seen_until or latest)
        progress(usage.read)
    _list_all(client, server, usage, dry_run)
    return usage


def actions(server: Superset, since: datetime, usage: Usage) -> Iterator[Action]:
    """What people did from a moment on, each once, in the order of its time.

    The log may grow meanwhile, and many entries may have one time (MySQL keeps whole seconds). So a
    page begins at the time of the last entry of the page before, and entries that were there are
    passed over; only where a page has no other time than its first is the next page of it asked.
    """
    begin = since
    page = before = 0  # of the entries from `begin` on, those of the pages before
    given: set[int] = set()
    while True:
        answer = server.get(f"log/?q={quote(_query(begin, page))}")
        entries = _entries(answer)
        for number, at, entry in entries:
            if number not in given:
                action = _action(number, at, entry)
                usage.unreadable += action is None
                if action:
                    yield action
        before += len(entries)
        if not entries or before >= answer["count"]:
            return
        latest = entries[-1][1]
        at_latest = {number for number, at, _ in entries if at == latest}
        if latest > begin:
            begin, page, before, given = latest, 0, 0, at_latest
        else:
            page, given = page + 1, given | at_latest


def _is_full(batch: Sequence[Action]) -> bool:
    return len(batch) >= BATCH_ENTRIES


def _query(begin: datetime, page: int) -> str:
    # There is no `from … on`: a microsecond earlier is excluded.
    after = (begin - _INSTANT).astimezone(timezone.utc).replace(tzinfo=None)
    filters = f"(col:action,opr:eq,value:log),(col:dttm,opr:gt,value:'{after.isoformat(' ')}')"
    return (
        f"(columns:!({','.join(_COLUMNS)}),filters:!({filters}),order_column:dttm,"
        f"order_direction:asc,page:{page},page_size:{PAGE_SIZE})"
    )


def _entries(answer: Fields) -> list[tuple[int, datetime, dict[str, Any]]]:
    """Number, time and columns of each entry of a page."""
    try:
        pairs = zip(answer["ids"], answer["result"], strict=True)
        return [(int(number), _moment(entry["dttm"]), entry) for number, entry in pairs]
    except (KeyError, TypeError, ValueError) as error:
        raise LoaderError(
            f"Superset's log is not as that of Superset 6 ({type(error).__name__}: {error})."
        ) from error


def _action(number: int, at: datetime, entry: Fields) -> Action | None:
    """None for what no browser of Superset has written."""
    try:
        told = json.loads(entry["json"] or "")
        event = told["event_name"]
    except (KeyError, TypeError, ValueError):
        return None
    if not isinstance(event, str) or not 0 < len(event) <= LONGEST_EVENT:
        return None
    return Action(
        number,
        at,
        event,
        *(_number(entry.get(name)) for name in ("user_id", "dashboard_id", "slice_id")),
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _moment(written: str) -> datetime:
    """Superset writes UTC, without saying so."""
    found = datetime.fromisoformat(written)
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def _list_all(client: Client, server: Superset, usage: Usage, dry_run: bool) -> None:
    """Users, and what dashboards and charts are called: all of them, each time."""
    now = datetime.now(timezone.utc)
    users = [
        {
            "id": row["id"],
            "created_at": _moment(row["created_on"]) if row["created_on"] else now,
            "is_active": bool(row["active"]),
            "listed_at": now,
        }
        for row in server.list("security/users", ("id", "active", "created_on"))
    ]
    assets = [
        {"kind": kind, "id": row["id"], "name": row[title] or "", "listed_at": now}
        for kind, title in (("dashboard", "dashboard_title"), ("chart", "slice_name"))
        for row in server.list(kind, ("id", title))
    ]
    usage.users = len(users)
    usage.dashboards = sum(one["kind"] == "dashboard" for one in assets)
    usage.charts = len(assets) - usage.dashboards
    if not dry_run:
        _insert(client, SUPERSET_USERS, server.url, users)
        _insert(client, SUPERSET_ASSETS, server.url, assets)


def _reached(client: Client, url: str) -> datetime | None:
    """The time of the last action that has landed of a Superset."""
    with engine_errors():
        rows = client.query(
            f"SELECT max(happened_at), count() FROM {RAW}.{SUPERSET_ACTIONS.name} "
            "WHERE superset = {superset:String}",
            parameters={"superset": url},
        ).result_rows
    latest, count = rows[0]
    return latest.replace(tzinfo=timezone.utc) if count else None


def _known(client: Client, url: str, batch: Sequence[Action]) -> set[int]:
    """Which of these have landed before."""
    with engine_errors():
        rows = client.query(
            f"SELECT DISTINCT id FROM {RAW}.{SUPERSET_ACTIONS.name} "
            "WHERE superset = {superset:String} AND id IN {ids:Array(UInt64)}",
            parameters={"superset": url, "ids": [one.id for one in batch]},
        ).result_rows
    return {int(row[0]) for row in rows}


def _insert(client: Client, table: Table, url: str, rows: Sequence[Fields]) -> None:
    if not rows:
        return
    names = list(rows[0])
    with engine_errors():
        insert_rows(
            client,
            f"{table.database}.{table.name}",
            ["superset", *names],
            ([url, *(row[name] for name in names)] for row in rows),
            INSERT_SETTINGS,
        )
