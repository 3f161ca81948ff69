"""Which statements leave the warehouse, and the query that reads them in constant memory.

Everything is asked of the raw table, so an export needs no `dbt run`, and has what no report
shows: statements about no course, voided ones, those that void.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from loader.engine import engine_errors
from loader.schema.tables import RAW

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# The parts of the table are read in the order they are stored in, and merged, so that nothing is
# sorted: of each, one small block is in memory at a time. One thread merges as fast as two.
_SETTINGS = (
    "optimize_read_in_order = 1, read_in_order_use_buffering = 0, "
    "optimize_aggregation_in_order = 1, max_threads = 1, max_block_size = 1024, "
    "optimize_move_to_prewhere = 0"
)

# The engine's parser gives up on a text with a number that no computer holds; a statement that
# has a verb for the parser was read whole (macros/staging/parse_statement.sql).
_READABLE = r"""
    if(
        JSONExtractString(event, 'verb', 'id') != '',
        event,
        replaceRegexpAll(
            event,
            '([:,\\[]\\s*)-?(\\d{19,}(\\.\\d+)?([eE][+-]?\\d+)?|\\d+(\\.\\d+)?[eE]\\+?\\d{3,})',
            '\\1null'
        )
    )
"""

_VERB = f"""
    JSONExtractString(readable, 'verb', 'id') IN (
        SELECT arrayJoin({{verbs:Array(String)}})
        UNION ALL
        SELECT verb_id FROM {RAW}.verbs WHERE has({{verbs:Array(String)}}, verb)
    )
"""

# As macros/staging/statement_parts.sql names a learner.
_ACTOR = """
    multiIf(
        JSONExtractString(readable, 'actor', 'account', 'name') AS account != '', account,
        JSONExtractString(readable, 'actor', 'mbox') AS mbox != '', mbox,
        JSONExtractString(readable, 'actor', 'mbox_sha1sum') AS sum != '', sum,
        JSONExtractString(readable, 'actor', 'openid')
    ) IN (SELECT arrayJoin({actors:Array(String)}))
"""

# An activity is of the course whose key it ends with; stores may write one without an array.
_CONTEXTS = ("parent", "grouping", "category", "other")
_IDS = ", ".join(
    f"JSONExtract(readable, 'context', 'contextActivities', '{name}', 'Array(Tuple(id String))').id"
    for name in _CONTEXTS
)
_SINGLE_IDS = ", ".join(
    f"JSONExtractString(readable, 'context', 'contextActivities', '{name}', 'id')"
    for name in _CONTEXTS
)
_COURSE = f"""
    arrayExists(
        id -> arrayExists(
            course -> id = course OR endsWith(id, concat('/', course)), {{courses:Array(String)}}
        ),
        arrayConcat([JSONExtractString(readable, 'object', 'id'), {_SINGLE_IDS}], {_IDS})
    )
"""


# Ids whose copies have different times. The loader lands none, other writers may.
_SEVERAL_TIMES = f"""
    SELECT event_id
    FROM {RAW}.statement_ids
    GROUP BY event_id
    HAVING min(emission_time) != max(emission_time)
"""

_LATER_TIMES = f"""
    SELECT arrayJoin(times) AS time, event_id
    FROM (
        SELECT
            event_id,
            groupUniqArray(emission_time) AS times,
            argMin(emission_time, (received_at, content_hash)) AS first
        FROM {RAW}.statement_ids
        WHERE event_id GLOBAL IN ({_SEVERAL_TIMES})
        GROUP BY event_id
    )
    WHERE time != first
"""


@dataclass(frozen=True)
class Selection:
    """Statements that meet every condition; of several values for one, any.

    Times are those at which something happened (`emission_time`), from `since` on and before
    `until`. A course is named by its key or the whole id of its activity, a verb by its IRI or
    its name in `xapi.verbs`, an actor as reports do: by `actor_id`.
    """

    since: datetime | None = None
    until: datetime | None = None
    courses: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()

    def blocks(self, client: Client, *columns: str) -> Iterator[list[Any]]:
        """Values of columns (of `event_id`, `time`, `event`), a list of each, block by block.

        In the order in which things happened; the id as text, the time in microseconds since
        1970, the event as bytes. Raises LoaderError when the engine refuses.
        """
        with engine_errors():
            has_several = bool(
                client.query(f"{_SEVERAL_TIMES} LIMIT 1 SETTINGS {_SETTINGS}").result_rows
            )
            stream = client.query_column_block_stream(
                self._query(columns, has_several),
                parameters=self._parameters,
                column_formats={"event": "bytes"} if "event" in columns else None,
            )
            with stream:
                for block in stream:
                    yield [list(column) for column in block]

    @property
    def _parameters(self) -> dict[str, Any]:
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in vars(self).items()
            if value
        }

    def _query(self, columns: tuple[str, ...], has_several: bool) -> str:
        conditions = [
            condition
            for wanted, condition in (
                (self.courses, _COURSE),
                (self.verbs, _VERB),
                (self.actors, _ACTOR),
            )
            if wanted
        ]
        readable = f", {_READABLE} AS readable" if conditions else ""
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"""
            SELECT {", ".join(_COLUMNS[column] for column in columns)}
            FROM (
                SELECT event_id, emission_time, event{readable}
                FROM ({self._copies(has_several)})
            )
            {where}
            SETTINGS {_SETTINGS}
        """

    def _copies(self, has_several: bool) -> str:
        """Of each id the copy that landed first: other writers than the loader check nothing."""
        conditions = [
            f"emission_time {sign} {{{name}:DateTime64(6, 'UTC')}}"
            for name, sign in (("since", ">="), ("until", "<"))
            if getattr(self, name)
        ]
        if has_several:
            conditions.append(f"(emission_time, event_id) GLOBAL NOT IN ({_LATER_TIMES})")
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"""
            SELECT event_id, emission_time, event
            FROM {RAW}.xapi_events_all
            {where}
            ORDER BY emission_time, event_id, received_at, xxHash64(event)
            LIMIT 1 BY emission_time, event_id
        """


_COLUMNS = {
    "event_id": "toString(event_id) AS event_id",
    "time": "toUnixTimestamp64Micro(emission_time) AS time",
    "event": "event",
}
