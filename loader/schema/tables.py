"""The databases that are the loader's, and the tables of `xapi`, as data for `migrate`."""

from __future__ import annotations

from dataclasses import dataclass

RAW = "xapi"
SINK = "event_sink"
ACCESS = "access"
DATABASES = (RAW, SINK, ACCESS)

# Tokens of the loader's inserts are remembered for this many inserts.
DEDUPLICATION_WINDOW = 10_000

# What an insert has answered for is on the disk, should the power fail in the next moment.
DURABLE = (("fsync_after_insert", "1"), ("fsync_part_directory", "1"))


@dataclass(frozen=True)
class Table:
    """One table; `sharding_key` says on which shard a row of a cluster lives.

    Without one, all rows are on each node.
    """

    database: str
    name: str
    columns: str
    engine: str
    order_by: str
    sharding_key: str
    partition_by: str = ""
    settings: tuple[tuple[str, str], ...] = ()


# The first three columns are what Open edX Aspects, Ralph and Vector write. Of rows with
# one key the engine keeps the highest `precedence`, which is the one that landed first:
# statements are immutable, so whoever comes later with the same id does not count.
XAPI_EVENTS_ALL = Table(
    RAW,
    "xapi_events_all",
    """
    event_id UUID,
    emission_time DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    event String CODEC(ZSTD(1)),
    received_at DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, ZSTD(1)),
    source LowCardinality(String) DEFAULT '',
    load_id UUID DEFAULT toUUID('00000000-0000-0000-0000-000000000000') CODEC(ZSTD(1)),
    precedence UInt64 MATERIALIZED
        18446744073709551615 - toUInt64(greatest(toUnixTimestamp64Micro(received_at), 0))
        CODEC(Delta, ZSTD(1)),
    INDEX by_event_id event_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_received_at received_at TYPE minmax GRANULARITY 1
    """,
    engine="ReplacingMergeTree(precedence)",
    order_by="(emission_time, event_id)",
    sharding_key="cityHash64(event_id)",
    partition_by="toYYYYMM(emission_time)",
)

# Where a statement is, found by its id: an index, written by the view below with every
# insert into the raw table, whoever makes it. Small granules: a look-up of n ids reads
# about n of them, however many statements there are.
STATEMENT_IDS = Table(
    RAW,
    "statement_ids",
    """
    event_id UUID CODEC(NONE),
    emission_time DateTime64(6, 'UTC') CODEC(ZSTD(1)),
    received_at DateTime64(6, 'UTC') CODEC(ZSTD(1)),
    content_hash UInt64 CODEC(NONE),
    is_voiding Bool CODEC(ZSTD(1))
    """,
    engine="MergeTree",
    order_by="event_id",
    sharding_key="cityHash64(event_id)",
    settings=(("index_granularity", "256"),),
)

# `is_voiding` is a cheap first look (the text holds the verb): staging reads the rest.
STATEMENT_IDS_SELECT = """
    SELECT event_id, emission_time, received_at, xxHash64(event) AS content_hash,
        position(event, 'verbs/voided') > 0 AS is_voiding
    FROM {raw}
"""

REJECTED_STATEMENTS = Table(
    RAW,
    "rejected_statements",
    """
    received_at DateTime64(6, 'UTC') DEFAULT now64(6),
    load_id UUID,
    source String,
    line UInt64,
    byte_offset UInt64,
    reason LowCardinality(String),
    detail String,
    raw String CODEC(ZSTD(1))
    """,
    engine="MergeTree",
    order_by="(load_id, line)",
    sharding_key="cityHash64(load_id)",
    partition_by="toYYYYMM(received_at)",
)

LOADS = Table(
    RAW,
    "loads",
    """
    load_id UUID,
    source String,
    content_hash String,
    bytes UInt64,
    lines UInt64,
    landed UInt64,
    duplicates UInt64,
    conflicts UInt64,
    rejected UInt64,
    started_at DateTime64(6, 'UTC'),
    finished_at DateTime64(6, 'UTC'),
    loader_version LowCardinality(String)
    """,
    engine="MergeTree",
    order_by="(started_at, load_id)",
    sharding_key="cityHash64(load_id)",
)

SCHEMA_VERSIONS = Table(
    RAW,
    "schema_versions",
    "version UInt32, applied_at DateTime64(6, 'UTC') DEFAULT now64(6), description String",
    engine="MergeTree",
    order_by="version",
    sharding_key="version",
)

# How far the statements of each LRS have been pulled: the latest row of each counts. `account`
# tells apart the stores that an LRS keeps behind one URL.
PULLS = Table(
    RAW,
    "pulls",
    """
    lrs String,
    account String,
    seen_until DateTime64(6, 'UTC'),
    pulled_at DateTime64(6, 'UTC') DEFAULT now64(6)
    """,
    engine="ReplacingMergeTree(pulled_at)",
    order_by="(lrs, account)",
    sharding_key="cityHash64(lrs)",
)

# Rejects that need nobody any more, written last by whoever resolved them. A reject has no id
# of its own: its place and the hash of its text tell it apart. `received_at` is that of the
# reject, so that a retention cuts both together. `resolved_by` is the load that did it.
RESOLVED_REJECTS = Table(
    RAW,
    "resolved_rejects",
    """
    received_at DateTime64(6, 'UTC'),
    load_id UUID,
    line UInt64,
    byte_offset UInt64,
    raw_hash UInt64,
    resolution Enum8('landed' = 1, 'replaced' = 2, 'dismissed' = 3),
    resolved_by UUID,
    resolved_at DateTime64(6, 'UTC') DEFAULT now64(6)
    """,
    engine="ReplacingMergeTree(resolved_at)",
    order_by="(load_id, line, byte_offset, raw_hash)",
    sharding_key="cityHash64(load_id)",
    partition_by="toYYYYMM(received_at)",
)

# What has become of each chunk of each load, which is how a load that was cut short goes on
# (docs/decisions/0003). It is "begun" before anything of it is inserted, with the moment
# (`received_at`) that its statements will have landed at; what a loader that died has left
# of it is "mended"; in the end it is "landed". Its verdicts hold while there are as many
# statements of each moment in `rests_on` as it says there.
LOAD_CHUNKS = Table(
    RAW,
    "load_chunks",
    """
    load_id UUID,
    first_byte UInt64,
    received_at DateTime64(6, 'UTC'),
    content_hash UInt128,
    source String,
    run_id UUID,
    state Enum8('begun' = 1, 'mended' = 2, 'landed' = 3),
    first_line UInt64,
    size UInt64,
    line_ends UInt64,
    landed UInt64,
    duplicates UInt64,
    conflicts UInt64,
    rejected UInt64,
    untimed UInt64,
    rests_on Array(Tuple(DateTime64(6, 'UTC'), UInt64)),
    written_at DateTime64(6, 'UTC') DEFAULT now64(6),
    INDEX by_content content_hash TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_state state TYPE set(3) GRANULARITY 1
    """,
    engine="ReplacingMergeTree(written_at)",
    order_by="(load_id, first_byte, received_at)",
    sharding_key="cityHash64(load_id)",
    settings=(("index_granularity", "1024"),),
)

# Loaders land one after the other: who has drawn which number, who is there at all
# (number 0), and until when that holds without another word from them.
TURNS = Table(
    RAW,
    "turns",
    """
    number UInt64,
    run_id UUID,
    process String,
    host String,
    valid_until DateTime64(6, 'UTC'),
    is_over Bool,
    written_at DateTime64(6, 'UTC') DEFAULT now64(6)
    """,
    engine="ReplacingMergeTree(written_at)",
    order_by="(number, run_id)",
    sharding_key="",  # everybody must see the same
)

# What people did in Superset, as its own log has it (docs/superset.md): who, by number and not by
# name; on which dashboard or chart, by number; 0 where there is none. `superset` is its address.
SUPERSET_ACTIONS = Table(
    RAW,
    "superset_actions",
    """
    superset LowCardinality(String),
    id UInt64,
    happened_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    event LowCardinality(String),
    user_id UInt64,
    dashboard_id UInt64,
    chart_id UInt64,
    received_at DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, ZSTD(1))
    """,
    engine="ReplacingMergeTree(received_at)",
    order_by="(superset, id)",
    sharding_key="cityHash64(superset, id)",
    partition_by="toYYYYMM(happened_at)",
)

# Who and what there is in a Superset: all that share the latest `listed_at` of it.
SUPERSET_USERS = Table(
    RAW,
    "superset_users",
    """
    superset LowCardinality(String),
    id UInt64,
    created_at DateTime64(6, 'UTC'),
    is_active Bool,
    listed_at DateTime64(6, 'UTC')
    """,
    engine="ReplacingMergeTree(listed_at)",
    order_by="(superset, id)",
    sharding_key="cityHash64(superset, id)",
)

# What dashboards and charts are called; those that are gone keep the name that they had.
SUPERSET_ASSETS = Table(
    RAW,
    "superset_assets",
    """
    superset LowCardinality(String),
    kind Enum8('dashboard' = 1, 'chart' = 2),
    id UInt64,
    name String,
    listed_at DateTime64(6, 'UTC')
    """,
    engine="ReplacingMergeTree(listed_at)",
    order_by="(superset, kind, id)",
    sharding_key="cityHash64(superset, id)",
)
SUPERSET_TABLES = (SUPERSET_ACTIONS, SUPERSET_USERS, SUPERSET_ASSETS)

RAW_TABLES = (XAPI_EVENTS_ALL, STATEMENT_IDS, REJECTED_STATEMENTS, LOADS)
