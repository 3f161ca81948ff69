-- What is asked about one learner.

-- learner_summary (one learner): Who is a learner, and where does the learner stand?
select *
from reporting_pii.rpt_learner_summary_with_names
where {learner} and {where};

-- pages_of_a_learner (one learner): Which sections has a learner been through?
select content_level, hierarchy_location, block_name, pages_visited, pages_total, is_complete
from reporting.fct_page_engagement
where {where} and {learner};

-- videos_of_a_learner (one learner): Which videos has a learner watched, how much of each?
select section_name, subsection_name, video_name, plays, share_watched, is_watched_entirely
from reporting.fct_video_views
where {learner} and {where};

-- videos_by_section_of_a_learner (one learner): How many videos of each section were viewed?
select content_level, hierarchy_location, block_name, videos_viewed, videos_total, is_complete
from reporting.fct_video_engagement
where {learner} and {where};

-- parts_of_videos_of_a_learner (one learner): Which seconds has a learner watched, and again?
select block_id, watched_second, times_watched, times_watched - 1 as repeated
from reporting.fct_video_segments
where {learner} and {where};

-- problems_of_a_learner (one learner): Which problems has a learner solved, with how many attempts?
select
    hierarchy_location,
    problem_name,
    is_graded,
    attempts,
    is_solved,
    solved_attempt,
    last_success,
    hints_shown,
    answers_shown
from reporting.fct_problem_results
where problem_part = '' and {learner} and {where};

-- problem_engagement_of_a_learner (one learner): How many problems of each section were attempted?
select
    content_level,
    hierarchy_location,
    block_name,
    problems_attempted,
    problems_total,
    is_complete
from reporting.fct_problem_engagement
where {learner} and {where};

-- a_learner_beside_the_course (one learner): How does a learner do beside the whole course?
select
    hierarchy_location,
    problem_name,
    is_graded,
    avgIf(last_attempt, last_success) as attempts_when_right,
    avgIf(last_attempt, not last_success) as attempts_when_wrong,
    avg(last_success) as share_right,
    anyIf(last_attempt, {learner}) as own_attempts,
    anyIf(last_success, {learner}) as is_right
from reporting.fct_problem_results
where problem_part = '' and attempts > 0 and {where}
group by hierarchy_location, problem_id, problem_name, is_graded;

-- days_of_a_learner (one learner): When does a learner work, and how long?
select active_on, sessions, seconds_on_task
from reporting.fct_daily_learner_activity
where {learner} and {where}
order by active_on;

-- discussions_of_a_learner (one learner): How does a learner take part in the discussions?
select threads, responses, comments, votes, views, last_active_at
from reporting.fct_forum_participation
where {learner} and {where};

-- exams_of_a_learner (one learner): Which exams has a learner taken?
select exam_name, exam_kind, started_at, submitted_at, seconds, is_over_time
from reporting.fct_exam_attempts
where {learner} and {where};
