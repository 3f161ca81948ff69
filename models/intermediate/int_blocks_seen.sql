{{
    config(
        materialized='incremental',
        full_refresh=never_without_history(),
        engine='ReplacingMergeTree(version, is_deleted)',
        order_by='(org, course_key, block_id)',
        settings={'default_compression_codec': 'ZSTD(1)'},
        post_hook="{{ record_progress() }}",
    )
}}

{{ latest_names(
    grain=['org', 'course_key', 'block_id'],
    name="if(problem_part = '' and endsWith(object_id, block_id), object_name, '')",
    counts="course_key != '' and block_id != '' and subject != 'voiding'",
) }}
