"""Events as Aspects has them: one row a statement."""

from __future__ import annotations

from tests.reference.courses import BLOCKS
from tests.reference.learners import PEOPLE

_EVALUATED = "https://w3id.org/xapi/acrossx/verbs/evaluated"

SELECTS = {
    "enrollment_events": """
        select
            event_id,
            emission_time,
            actor_id,
            object_id,
            course_key,
            org,
            if(
                verb = 'registered',
                'http://adlnet.gov/expapi/verbs/registered',
                'http://id.tincanapi.com/verb/unregistered'
            ) as verb_id,
            enrollment_mode,
            enrollment_status
        from reporting.fct_enrollment_events
    """,
    "fact_enrollments": f"""
        select
            events.emission_time as emission_time,
            events.org as org,
            events.course_key as course_key,
            courses.course_name as course_name,
            courses.course_run as course_run,
            events.actor_id as actor_id,
            events.enrollment_mode as enrollment_mode,
            events.enrollment_status as enrollment_status,
            people.username as username,
            people.name as name,
            people.email as email
        from reporting.fct_enrollment_events as events
        inner join reporting.dim_courses as courses
            on events.course_key = courses.course_key and courses.is_in_catalogue
        left join ({PEOPLE}) as people using (actor_id, actor_home_page)
    """,
    "fact_instance_enrollments": """
        select
            enrolled_on as emission_day,
            course_key,
            enrollment_mode,
            enrollment_status,
            changes as course_enrollment_mode_status_cnt
        from reporting.fct_daily_enrollments
    """,
    # There, answers that were graded are among the grades, and who has no score has 0.
    "grading_events": f"""
        select
            statements.event_id as event_id,
            statements.emission_time as emission_time,
            statements.actor_id as actor_id,
            statements.object_id as object_id,
            statements.course_key as course_key,
            statements.org as org,
            statements.verb_id as verb_id,
            ifNull(statements.score_scaled, 0) as scaled_score,
            multiIf(
                grades.letter_grade = 'Fail', 'failed',
                grades.letter_grade = 'Pass', 'passed',
                statements.verb in ('passed', 'failed'), statements.verb,
                ''
            ) as approving_state
        from reporting.fct_statements as statements
        left join reporting.fct_grade_events as grades using (event_id)
        where
            statements.verb_id in ('http://id.tincanapi.com/verb/earned', '{_EVALUATED}')
            or (statements.verb in ('passed', 'failed') and statements.activity_type = 'course')
    """,
    "navigation_events": """
        select
            events.event_id as event_id,
            events.emission_time as emission_time,
            events.actor_id as actor_id,
            if(events.block_id != '', events.block_id, events.object_id) as block_id,
            events.course_key as course_key,
            events.org as org,
            statements.verb_id as verb_id,
            statements.activity_type_id as object_type,
            ifNull(events.starting_position, 0) as starting_position,
            events.ending_point as ending_point
        from reporting.fct_navigation_events as events
        inner join reporting.fct_statements as statements using (event_id)
    """,
    "problem_events": f"""
        select
            statements.event_id as event_id,
            statements.emission_time as emission_time,
            statements.actor_id as actor_id,
            statements.object_id as object_id,
            statements.course_key as course_key,
            statements.org as org,
            statements.verb_id as verb_id,
            statements.response as responses,
            ifNull(statements.score_scaled, 0) as scaled_score,
            if(statements.verb_id = '{_EVALUATED}', ifNull(statements.success, false), false)
                as success,
            problems.interaction_type as interaction_type,
            if(statements.verb_id = '{_EVALUATED}', ifNull(problems.attempt, 0), 0) as attempts,
            problems.problem_id as problem_id,
            blocks.course_name as course_name,
            blocks.block_name as block_name,
            blocks.display_name_with_location as display_name_with_location,
            concat(
                '<a href="', statements.object_id, '" target="_blank">',
                blocks.display_name_with_location, '</a>'
            ) as problem_link,
            blocks.graded as graded,
            blocks.course_order as course_order
        from reporting.fct_statements as statements
        left join reporting.fct_problem_events as problems using (event_id)
        left join ({BLOCKS}) as blocks
            on
                statements.course_key = blocks.course_key
                and problems.problem_id = blocks.block_id
        where statements.verb_id in (
            '{_EVALUATED}',
            'http://adlnet.gov/expapi/verbs/passed',
            'http://adlnet.gov/expapi/verbs/asked'
        )
    """,
    "video_playback_events": """
        select
            events.event_id as event_id,
            events.emission_time as emission_time,
            events.actor_id as actor_id,
            events.object_id as object_id,
            events.course_key as course_key,
            events.org as org,
            statements.verb_id as verb_id,
            ceil(coalesce(events.video_position, events.video_from, 0)) as video_position,
            toInt64(ifNull(events.video_length, 0)) as video_duration,
            events.block_id as video_id
        from reporting.fct_video_events as events
        inner join reporting.fct_statements as statements using (event_id)
        where events.verb in (
            'completed', 'initialized', 'terminated', 'paused', 'played', 'seeked'
        )
    """,
    "fact_video_plays": f"""
        select
            events.emission_time as emission_time,
            events.org as org,
            events.course_key as course_key,
            blocks.course_name as course_name,
            blocks.course_run as course_run,
            events.block_id as video_id,
            blocks.block_name as video_name,
            blocks.display_name_with_location as video_name_with_location,
            blocks.course_order as course_order,
            concat(
                '<a href="', events.object_id, '" target="_blank">',
                blocks.display_name_with_location, '</a>'
            ) as video_link,
            blocks.graded as graded,
            ceil(coalesce(events.video_position, events.video_from, 0)) as video_position,
            toInt64(ifNull(events.video_length, 0)) as video_duration,
            events.actor_id as actor_id,
            people.username as username,
            people.name as name,
            people.email as email
        from reporting.fct_video_events as events
        inner join ({BLOCKS}) as blocks
            on events.course_key = blocks.course_key and events.block_id = blocks.block_id
        left join ({PEOPLE}) as people using (actor_id, actor_home_page)
        where events.verb = 'played'
    """,
    "completion_events": """
        select
            events.event_id as event_id,
            events.emission_time as emission_time,
            events.actor_id as actor_id,
            events.object_id as object_id,
            events.course_key as course_key,
            events.org as org,
            statements.verb_id as verb_id,
            events.progress * 100 as progress_percent
        from reporting.fct_completion_events as events
        inner join reporting.fct_statements as statements using (event_id)
    """,
    "forum_events": """
        select
            events.event_id as event_id,
            events.emission_time as emission_time,
            events.org as org,
            events.course_key as course_key,
            events.object_id as object_id,
            events.actor_id as actor_id,
            statements.verb_id as verb_id
        from reporting.fct_forum_events as events
        inner join reporting.fct_statements as statements using (event_id)
    """,
    "fact_learner_page_visits": """
        select
            org,
            course_key,
            actor_id,
            if(block_id != '', block_id, object_id) as block_id,
            emission_time
        from reporting.fct_navigation_events
    """,
    "fact_learner_problem_attempts": """
        select org, course_key, actor_id, problem_id, emission_time
        from reporting.fct_problem_events
        where verb = 'evaluated'
    """,
}
