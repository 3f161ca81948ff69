"""Problems as Aspects has them: of two gradings of one attempt the first counts."""

from __future__ import annotations

from tests.reference.courses import BLOCKS

_LINK = "concat('<a href=\"', {object_id}, '\" target=\"_blank\">', {place}, '</a>')"
# The place of the problem, and the number of the part, 1 where there are none.
_PART = "concat({place}, '_', if(problem_part = '', '1', problem_part))"

_ANSWERS = f"""
    select
        events.*,
        blocks.hierarchy_location as hierarchy_location,
        blocks.block_name as block_name,
        blocks.display_name_with_location as display_name_with_location,
        blocks.graded as graded,
        blocks.course_order as course_order,
        if(blocks.subsection_block_id != '', blocks.subsection_block_id, blocks.section_block_id)
            as subsection_block_id,
        splitByChar('@', problem_id)[3] as problem_id_short,
        {_PART.format(place="blocks.hierarchy_location")} as problem_number,
        concat(problem_number, ' - ', blocks.block_name) as problem_name_location
    from reporting.fct_problem_events as events
    left join ({BLOCKS}) as blocks
        on events.course_key = blocks.course_key and events.problem_id = blocks.block_id
    where events.verb = 'evaluated'
"""

_LEARNER_PROBLEM = """
    org, course_key, object_id, problem_id, problem_id_short, problem_number,
    problem_name_location, actor_id, interaction_type, hierarchy_location, block_name,
    display_name_with_location, graded, course_order, subsection_block_id
"""

_FIRST_OF_LAST = "(answers.attempt, -toUnixTimestamp64Micro(answers.emission_time))"

_LAST_RESPONSES = f"""
    select
        {_LEARNER_PROBLEM},
        max(answers.attempt) as attempts,
        argMax(answers.success, {_FIRST_OF_LAST})
            as success,
        argMax(answers.emission_time, {_FIRST_OF_LAST})
            as emission_time,
        argMax(answers.response, {_FIRST_OF_LAST})
            as responses,
        argMax(answers.score_scaled, {_FIRST_OF_LAST})
            as scaled_score
    from ({_ANSWERS}) as answers
    group by {_LEARNER_PROBLEM}
"""

_FIRST_RESPONSES = f"""
    select
        {_LEARNER_PROBLEM},
        argMin(answers.success, (answers.attempt, answers.emission_time)) as success,
        argMin(answers.answers, (answers.attempt, answers.emission_time)) as given
    from ({_ANSWERS}) as answers
    group by {_LEARNER_PROBLEM}
"""

SELECTS = {
    "dim_learner_last_response": f"""
        select
            org,
            course_key,
            object_id,
            problem_id,
            {_LINK.format(object_id="object_id", place="display_name_with_location")}
                as problem_link,
            display_name_with_location,
            graded,
            actor_id,
            course_order,
            interaction_type,
            attempts,
            success,
            emission_time,
            responses,
            scaled_score
        from ({_LAST_RESPONSES})
    """,
    "dim_problem_responses": f"""
        select
            org,
            course_key,
            problem_id_short as block_id_short,
            arrayJoin(given) as response,
            success,
            interaction_type,
            problem_number,
            problem_name_location,
            count() as response_count
        from ({_FIRST_RESPONSES})
        group by all
    """,
    # Who was right, at the attempt that was right first by time; and problems nobody got right.
    "dim_problem_results": f"""
        select
            org,
            course_key,
            true as success,
            argMin(answers.attempt, answers.emission_time) as attempts,
            actor_id,
            problem_number,
            problem_name_location,
            problem_id_short as block_id_short
        from ({_ANSWERS}) as answers
        where answers.success
        group by
            org, course_key, object_id, actor_id, problem_number, problem_name_location,
            block_id_short
        union all
        select
            org,
            course_key,
            false as success,
            0 as attempts,
            '' as actor_id,
            problem_number,
            problem_name_location,
            problem_id_short as block_id_short
        from ({_ANSWERS}) as answers
        group by
            org, course_key, object_id, problem_number, problem_name_location, block_id_short
        having countIf(answers.success) = 0
    """,
    # There, whoever was wrong in the end takes part in the attempts when right as 0.
    "dim_problem_coursewide_avg": f"""
        select
            org,
            course_key,
            course_order,
            {_LINK.format(object_id="object_id", place="display_name_with_location")}
                as problem_link,
            graded,
            actor_id,
            problem_id,
            avg(if(success, attempts, 0)) over problem as avg_correct_attempts_coursewide,
            avg(if(success, 0, attempts)) over problem as avg_incorrect_attempts_coursewide,
            avg(toUInt8(ifNull(success, false))) over problem as coursewide_percent_correct,
            if(success, attempts, 0) as correct_attempts_by_learner,
            if(success, 0, attempts) as incorrect_attempts_by_learner,
            if(success, 1, 0) as selected_learner_percent_correct,
            if(success, 0, 1) as selected_learner_percent_incorrect
        from ({_LAST_RESPONSES})
        window problem as (partition by org, course_key, problem_id)
    """,
    # There, a problem that stands in no subsection is put into its section.
    "dim_subsection_problem_results": f"""
        select
            org,
            course_key,
            splitByChar('@', subsection_block_id)[3] as block_id_short,
            problem_id,
            problem_number,
            problem_number as problem_location,
            problem_name_location,
            actor_id,
            success,
            hierarchy_location as subsection_number,
            display_name_with_location as subsection_with_name,
            scaled_score,
            graded
        from ({_LAST_RESPONSES})
    """,
    "fact_learner_response_attempts": f"""
        select
            answers.emission_time as emission_time,
            org,
            course_key,
            problem_id,
            block_name as problem_name,
            display_name_with_location as problem_name_with_location,
            course_order,
            {_LINK.format(object_id="object_id", place="display_name_with_location")}
                as problem_link,
            actor_id,
            response as responses,
            success,
            attempt as attempts,
            interaction_type,
            graded
        from ({_ANSWERS}) as answers
    """,
}
