with

profiles as (
    select * from {{ ref('int_learner_profiles') }}
)

select
    actor_id,
    actor_home_page,
    actor_kind,
    user_id,
    username,
    name,
    email,
    country,
    language,
    year_of_birth,
    gender,
    level_of_education
from profiles
