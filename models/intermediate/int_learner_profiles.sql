{{
    config(
        materialized='table',
        engine='MergeTree()',
        order_by='(actor_id, actor_home_page)',
        inputs=[dumps_there_are()],
        inputs_after={'int_learner_days': learners_there_are()},
    )
}}

with

learner_days as (
    select * from {{ latest(ref('int_learner_days')) }}
),

-- Not from `dim_learners`: what a published view shows goes by who asks, be it dbt.
learners as (
    select
        actor_id,
        actor_home_page,
        cast(max(learner_days.actor_kind), 'LowCardinality(String)') as actor_kind
    from learner_days
    group by
        actor_id,
        actor_home_page
),

profiles as (
    select * from {{ ref('stg_event_sink__user_profiles') }}
),

external_ids as (
    select * from {{ ref('stg_event_sink__external_ids') }}
),

people as (
    select
        if(external_ids.external_user_id != '', external_ids.user_id, profiles.user_id) as user_id,
        external_ids.external_user_id as external_user_id,
        if(profiles.username != '', profiles.username, external_ids.username) as username,
        profiles.name as name,
        profiles.email as email,
        profiles.country as country,
        profiles.language as language,
        profiles.year_of_birth as year_of_birth,
        profiles.gender as gender,
        profiles.level_of_education as level_of_education,
        greatest(
            ifNull(profiles.dumped_at, toDateTime64(0, 6, 'UTC')),
            ifNull(external_ids.dumped_at, toDateTime64(0, 6, 'UTC'))
        ) as dumped_at
    from profiles
    full join external_ids
        on profiles.user_id = external_ids.user_id
),

-- Every way in which statements may name a person. xAPI takes the SHA-1 of the address with
-- `mailto:`, Open edX of the address alone.
identifiers as (
    select
        *,
        arrayJoin(
            arrayConcat(
                if(external_user_id != '', [('account', external_user_id)], []),
                if(
                    email != '',
                    [
                        ('mbox', lower(concat('mailto:', email))),
                        ('mbox_sha1sum', lower(hex(SHA1(concat('mailto:', email))))),
                        ('mbox_sha1sum', lower(hex(SHA1(email))))
                    ],
                    []
                )
            )
        ) as identifier
    from people
),

-- Of two people with one identifier, whom the latest dump knows.
latest as (
    select * from identifiers
    order by
        dumped_at desc,
        user_id desc
    limit 1 by identifier
),

named as (
    select
        learners.actor_id as actor_id,
        learners.actor_home_page as actor_home_page,
        learners.actor_kind as actor_kind,
        latest.user_id as user_id,
        latest.username as username,
        latest.name as name,
        latest.email as email,
        latest.country as country,
        latest.language as language,
        latest.year_of_birth as year_of_birth,
        latest.gender as gender,
        latest.level_of_education as level_of_education
    from learners
    inner join latest
        on (toString(learners.actor_kind), lower(learners.actor_id)) = latest.identifier
)

select * from named
