"""Are the loader's tables there, of this version, and as they were made?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from loader.doctor.check import Check, failed, ok, warning
from loader.schema.migrate import STEPS, schema_statements, schema_version
from loader.schema.tables import DATABASES, RAW, STATEMENT_IDS_SELECT
from loader.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_MADE = re.compile(r"CREATE (?:TABLE|MATERIALIZED VIEW) IF NOT EXISTS (\S+)")
_WINDOW = re.compile(r"\b((?:non_)?replicated_deduplication_window) = (\d+)")
_INIT = "run `loader init`."


def tables(client: Client, settings: Settings) -> Check:
    """Whether every table of this version is there."""
    version = schema_version(client)
    if version is None:
        return warning("tables", "there are none yet", f"{_INIT[:-1]} (or `loader ingest FILE`).")
    if version > len(STEPS):
        found = f"they have version {version}, this loader knows {len(STEPS)}"
        return failed("tables", found, "upgrade xapi-warehouse.")
    if version < len(STEPS):
        found = f"they have version {version}, this loader needs {len(STEPS)}"
        return failed("tables", found, _INIT)
    missing = sorted(_expected(settings).keys() - _settings_of_tables(client).keys())
    if missing:
        return failed(
            "tables",
            f"missing: {', '.join(missing)}",
            f"TRUNCATE TABLE {RAW}.schema_versions, then `loader init` makes what is missing.",
        )
    return ok("tables", f"all {len(_expected(settings))} are there, version {version}")


def index(client: Client) -> Check:
    """Whether the index by id has all statements: those it lacks would land again."""
    rows: Any = client.query(
        f"SELECT name, total_rows FROM system.tables WHERE database = '{RAW}' "
        "AND name IN ('xapi_events_all', 'statement_ids')"
    ).result_rows
    counted: dict[str, int | None] = dict(rows)
    statements, known = counted.get("xapi_events_all") or 0, counted.get("statement_ids") or 0
    if known >= statements:  # it has a row for each insert, and duplicates are merged away
        return ok("index", f"{statements:,} statements, {known:,} entries in the index by id")
    rest = f"WHERE event_id NOT IN (SELECT event_id FROM {RAW}.statement_ids)"
    ((lacking,),) = client.query(f"SELECT count() FROM {RAW}.xapi_events_all {rest}").result_rows
    found = f"{lacking:,} of {statements:,} statements are not in the index by id"
    if not lacking:
        return ok("index", found)
    select = " ".join(STATEMENT_IDS_SELECT.format(raw=f"{RAW}.xapi_events_all").split())
    return failed("index", found, f"INSERT INTO {RAW}.statement_ids {select} {rest}.")


def deduplication(client: Client, settings: Settings) -> Check:
    """Whether the engine knows an insert again that is repeated."""
    name = "deduplication"
    actual = _settings_of_tables(client)
    expected = {table: made for table, made in _expected(settings).items() if table in actual}
    small = [
        f"ALTER TABLE {table} MODIFY SETTING {setting} = {window}"
        for table, made in expected.items()
        for setting, window in _WINDOW.findall(made)
        if dict(_WINDOW.findall(actual[table])).get(setting, "0") != window
    ]
    if not expected:
        return warning(name, "there are no tables yet", _INIT)
    if small:
        return failed(
            name, f"other windows than `loader init` sets: {len(small)}", f"{'; '.join(small)}."
        )
    return ok(name, "every table has its window for repeated inserts")


def _expected(settings: Settings) -> dict[str, str]:
    """How each table is made, by its name."""
    return {
        found.group(1): statement
        for statement in schema_statements(settings)
        if (found := _MADE.match(statement))
    }


def _settings_of_tables(client: Client) -> dict[str, str]:
    rows: Any = client.query(
        "SELECT database || '.' || name, engine_full FROM system.tables "
        f"WHERE database IN ({', '.join(map(repr, DATABASES))})"
    ).result_rows
    return dict(rows)
