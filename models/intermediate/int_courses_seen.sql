{{
    config(
        materialized='incremental',
        engine='ReplacingMergeTree(version, is_deleted)',
        order_by='(org, course_key)',
        post_hook="{{ record_progress(ref('stg_xapi__statements'), 'staged_at') }}",
    )
}}

{{ latest_names(
    grain=['org', 'course_key'],
    name='course_name',
    counts="course_key != '' and subject != 'voiding'",
) }}
