"""Who may see which course: the tables and views of the database `access`."""

from __future__ import annotations

from loader.schema.tables import ACCESS, SINK, Table

MOMENT = "Nullable(DateTime64(6, 'UTC'))"

# Who may see which course: all rows of the load that `grant_loads` has last, and no others. A
# dump replaces the former one whole at the moment in which its load is written there.
COURSE_GRANTS = Table(
    ACCESS,
    "course_grants",
    f"""
    username String,
    org String,
    course_key String,
    role LowCardinality(String),
    until {MOMENT},
    load_id UUID,
    received_at DateTime64(6, 'UTC') DEFAULT now64(6)
    """,
    engine="MergeTree",
    order_by="(username, org, course_key)",
    sharding_key="",
    partition_by="load_id",
)
GRANT_LOADS = Table(
    ACCESS,
    "grant_loads",
    "load_id UUID, finished_at DateTime64(6, 'UTC') DEFAULT now64(6)",
    engine="MergeTree",
    order_by="finished_at",
    sharding_key="",
)
ACCESS_TABLES = (COURSE_GRANTS, GRANT_LOADS)

# A grant that names no course opens all courses of its organisation.
CURRENT_COURSE_GRANTS = f"""
SELECT username, org, course_key, role, until
FROM {ACCESS}.course_grants
WHERE
    load_id IN (SELECT argMax(load_id, finished_at) FROM {ACCESS}.grant_loads)
    AND (until IS NULL OR until > now64(6, 'UTC'))
"""

# How statements may call whoever logs in as `username`, in lower case; what has passed to someone
# else is theirs. xAPI takes the SHA-1 of the address with `mailto:`, Open edX of the address alone.
LEARNER_ACCOUNTS = f"""
SELECT username, identifier
FROM (
    SELECT
        argMax(username, (time_last_dumped, received_at)) AS username,
        toString(external_user_id) AS identifier
    FROM {SINK}.external_id
    WHERE external_id_type = 'xapi'
    GROUP BY external_user_id
    UNION ALL
    SELECT
        username,
        arrayJoin([
            lower(concat('mailto:', email)),
            lower(hex(SHA1(concat('mailto:', email)))),
            lower(hex(SHA1(email)))
        ]) AS identifier
    FROM (
        SELECT argMax(username, (time_last_dumped, received_at)) AS username, email
        FROM {SINK}.user_profile
        WHERE email != ''
        GROUP BY email
    )
)
WHERE username != ''
"""
