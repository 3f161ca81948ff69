{{
    config(
        materialized='incremental',
        full_refresh=never_without_history(),
        engine='ReplacingMergeTree(version, is_deleted)',
        order_by='(org, course_key)',
        settings={'default_compression_codec': 'ZSTD(1)'},
        post_hook="{{ record_progress() }}",
    )
}}

{{ latest_names(
    grain=['org', 'course_key'],
    name='course_name',
    counts="course_key != '' and subject != 'voiding'",
) }}
