"""What dumps are loaded into: the tables of `event_sink`, and the columns of every dump."""

from __future__ import annotations

from loader.schema.access import COURSE_GRANTS, MOMENT
from loader.schema.tables import SINK, Table

# Columns and their order as Open edX sends them.
# Everything but numbers stays text: dates come in several shapes, read by staging.
_COLUMN_NAMES = {
    "course_overviews": (
        "org course_key display_name course_start course_end enrollment_start enrollment_end "
        "self_paced course_data_json created modified dump_id time_last_dumped"
    ),
    "course_blocks": (
        "org course_key location display_name xblock_data_json order edited_on dump_id "
        "time_last_dumped"
    ),
    "user_profile": (
        "id user_id name username email meta courseware language location year_of_birth gender "
        "level_of_education mailing_address city country state goals bio "
        "profile_image_uploaded_at phone_number dump_id time_last_dumped"
    ),
    "external_id": ("external_user_id external_id_type username user_id dump_id time_last_dumped"),
    "tag": "id taxonomy parent value external_id lineage dump_id time_last_dumped",
    "taxonomy": "id name dump_id time_last_dumped",
    "object_tag": ("id object_id taxonomy tag _value _export_id lineage dump_id time_last_dumped"),
}

SINK_COLUMNS: dict[str, tuple[str, ...]] = {
    name: tuple(columns.split()) for name, columns in _COLUMN_NAMES.items()
}

_SINK_TYPES = {
    "dump_id": "UUID",
    "external_user_id": "UUID",
    "order": "Int32",
    "until": MOMENT,  # of a grant: the other tables keep their dates as text
}
_SINK_INTEGERS = {
    "user_profile": {"id", "user_id"},
    "external_id": {"user_id"},
    "tag": {"id", "taxonomy", "parent"},
    "taxonomy": {"id"},
    "object_tag": {"id", "taxonomy", "tag"},
}
_SINK_KEYS = {
    "course_overviews": "(org, course_key, time_last_dumped, dump_id)",
    "course_blocks": "(org, course_key, location, time_last_dumped, dump_id)",
    "user_profile": "(user_id, time_last_dumped, dump_id)",
    "external_id": "(external_user_id, external_id_type, time_last_dumped, dump_id)",
    "tag": "(id, time_last_dumped, dump_id)",
    "taxonomy": "(id, time_last_dumped, dump_id)",
    "object_tag": "(object_id, id, time_last_dumped, dump_id)",
}


def dump_type(table: str, column: str) -> str:
    """The ClickHouse type of a column of a table that dumps are loaded into."""
    if column in _SINK_INTEGERS.get(table, ()):
        return "Int64"
    return _SINK_TYPES.get(column, "String")


def _sink(name: str) -> Table:
    columns = ", ".join(f"`{column}` {dump_type(name, column)}" for column in SINK_COLUMNS[name])
    return Table(
        SINK,
        name,
        f"{columns}, received_at DateTime64(6, 'UTC') DEFAULT now64(6)",
        # The same row sent again is one row; the last one sent wins.
        engine="ReplacingMergeTree(received_at)",
        order_by=_SINK_KEYS[name],
        sharding_key="rand()",
    )


EVENT_SINKS = {name: _sink(name) for name in SINK_COLUMNS}

DUMP_COLUMNS = SINK_COLUMNS | {
    COURSE_GRANTS.name: ("username", "org", "course_key", "role", "until"),
}
