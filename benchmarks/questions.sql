-- What dashboards ask, each as one SELECT on published tables.
--
-- A comment before each question has its name, the dashboards that ask it, and the question.
-- {where} is the place for a filter on columns of courses, {learner} for one on a learner.

-- enrolled_now (course, in brief): How many learners are enrolled?
select count() as learners
from reporting.fct_enrollments
where enrollment_status = 'registered' and {where};

-- course_standing (course): How many are active, and what are the grades?
select course_name, course_run, enrolled, active_enrolled, average_grade, median_grade
from reporting.rpt_course_overview
where {where};

-- enrolled_by_mode (course): How many learners are enrolled in each mode?
select enrollment_mode, count() as learners
from reporting.fct_enrollments
where enrollment_status = 'registered' and {where}
group by enrollment_mode;

-- registered_so_far (course): How many learners had registered by each day, in each mode?
select
    enrolled_on,
    enrollment_mode,
    sum(sum(learners)) over (partition by enrollment_mode order by enrolled_on) as registered
from reporting.fct_daily_enrollments
where enrollment_status = 'registered' and {where}
group by enrolled_on, enrollment_mode;

-- pages_of_sections (course): Who visited every page of a section or subsection, who only some?
select
    hierarchy_location,
    content_level,
    block_name,
    countIf(is_complete) as visited_all,
    countIf(not is_complete) as visited_some
from reporting.fct_page_engagement
where {where}
group by hierarchy_location, content_level, block_name;

-- visitors_of_sections (course): How many learners visit each section?
select section_name, uniqExact(actor_id, actor_home_page) as learners, sum(visits) as views
from reporting.fct_page_visits
where {where}
group by section_name;

-- visitors_of_subsections (course): How many learners visit each section and subsection?
select
    section_name,
    subsection_name,
    uniqExact(actor_id, actor_home_page) as learners,
    sum(visits) as views
from reporting.fct_page_visits
where {where}
group by section_name, subsection_name;

-- visits_each_day (course): How many pages are visited each day, and by how many learners?
select visited_on, sum(visits) as views, uniqExact(actor_id, actor_home_page) as learners
from reporting.fct_page_visits
where {where}
group by visited_on;

-- visits_so_far (course): How many pages had been visited by each day?
select visited_on, sum(sum(visits)) over (order by visited_on) as views_so_far
from reporting.fct_page_visits
where {where}
group by visited_on;

-- videos_of_sections (course): Who played every video of a section or subsection, who only some?
select
    hierarchy_location,
    content_level,
    block_name,
    countIf(is_complete) as viewed_all,
    countIf(not is_complete) as viewed_some
from reporting.fct_video_engagement
where {where}
group by hierarchy_location, content_level, block_name;

-- progress (course): How far have learners come in the course?
select intDiv(toUInt8(share_completed * 100), 10) * 10 as from_percent, count() as learners
from reporting.fct_course_progress
where share_completed is not null and {where}
group by from_percent;

-- funnel (course): In which section do learners drop off?
select section_number, section_name, learners_reached, learners_finished, share_reached
from reporting.fct_course_funnel
where {where};

-- viewers_of_each_video (course, in brief): Who watches which video, how often, and entirely?
select
    section_name,
    subsection_name,
    block_id,
    video_name,
    count() as learners,
    sum(plays) as views,
    countIf(is_watched_entirely) as watched_entirely,
    countIf(not is_watched_entirely) as watched_partly
from reporting.fct_video_views
where {where}
group by section_name, subsection_name, block_id, video_name;

-- parts_of_videos_watched (course, one video): Which seconds are watched, and watched again?
select
    block_id,
    intDiv(watched_second - 1, 10) * 10 as from_second,
    sum(views) as all_views,
    sum(repeat_views) as repeated
from reporting.rpt_video_heatmap
where {where}
group by block_id, from_second;

-- problems_by_section (course): How many attempted some, and how many all problems of each section?
select
    content_level,
    hierarchy_location,
    block_name,
    count() as attempted_some,
    countIf(is_complete) as attempted_all
from reporting.fct_problem_engagement
where {where}
group by content_level, hierarchy_location, block_id, block_name;

-- problem_attempts (course): How often is each problem tried, and how many get it right?
select
    hierarchy_location,
    problem_name,
    is_graded,
    count() as learners,
    avg(coalesce(solved_attempt, last_attempt)) as average_attempts,
    median(coalesce(solved_attempt, last_attempt)) as median_attempts,
    countIf(is_solved) as got_it_right,
    avg(is_solved) as share_right
from reporting.fct_problem_results
where problem_part = '' and attempts > 0 and {where}
group by hierarchy_location, problem_id, problem_name, is_graded;

-- right_and_wrong_attempts (course): How many attempts at each problem are right, how many wrong?
select
    hierarchy_location,
    problem_name,
    is_graded,
    countIf(success) as right_attempts,
    countIf(not success) as wrong_attempts
from reporting.fct_problem_attempts
where problem_part = '' and {where}
group by hierarchy_location, problem_id, problem_name, is_graded;

-- graded_subsections (in brief): How many did each graded subsection, with which score?
select
    subsection_name,
    uniqExact(actor_id, actor_home_page) as learners,
    avg(score_scaled) as average_score
from reporting.fct_graded_subsection_results
where {where}
group by subsection_block_id, subsection_name;

-- first_tries (in brief): How many answered each problem, how many right at once?
select hierarchy_location, problem_name, learners, first_try_success_share
from reporting.fct_problem_difficulty
where problem_part = '' and {where};

-- scores_in_subsections (one subsection): How are learners' average scores distributed?
select subsection_name, intDiv(toUInt32(score * 100), 10) * 10 as from_percent, count() as learners
from (
    select subsection_name, subsection_block_id, avg(score_scaled) as score
    from reporting.fct_graded_subsection_results
    where {where}
    group by subsection_block_id, subsection_name, actor_id, actor_home_page
    having score >= 0
)
group by subsection_block_id, subsection_name, from_percent;

-- results_in_subsections (one subsection): How many got each graded problem right in the end?
select subsection_name, hierarchy_location, problem_name, success, count() as learners
from reporting.fct_graded_subsection_results
where {where}
group by subsection_name, hierarchy_location, problem_id, problem_name, success;

-- item_analysis (one problem): How hard is each question, and what does it tell apart?
select
    problem_name,
    problem_part,
    question,
    learners,
    first_try_success_share,
    success_share,
    attempts_when_right,
    attempts_when_wrong,
    discrimination,
    hint_share,
    answer_shown_share
from reporting.fct_problem_difficulty
where {where};

-- first_answers (one problem): Which answers do learners give at first?
select problem_id, problem_part, answer, learners, learners_right
from reporting.fct_problem_responses
where at_attempt = 'first' and {where};

-- last_answers (one problem): Which answers do they end with?
select problem_id, problem_part, answer, learners, learners_right
from reporting.fct_problem_responses
where at_attempt = 'last' and {where};

-- wrong_answers (one problem): Which wrong answer tempts most?
select problem_name, problem_part, most_common_wrong_answer, most_common_wrong_answer_learners
from reporting.rpt_problem_items
where {where};

-- passed (course): How many learners have passed?
select countIf(passing_state = 'passed') as passed, count() as learners
from reporting.fct_learner_course_status
where enrollment_status = 'registered' and {where};

-- grades (course): How are the grades distributed?
select grade_bucket, count() as learners
from reporting.fct_learner_course_status
where grade_bucket is not null and {where}
group by grade_bucket
order by grade_bucket;

-- time_on_task (course): How long do learners work, day by day?
select active_on, sum(active_learners) as learners, sum(seconds_on_task) as seconds
from reporting.fct_daily_activity
where {where}
group by active_on
order by active_on;

-- retention (course): Of those who enrolled in a week, how many are there weeks later?
select enrolled_week, weeks_since, sum(enrolled) as began, sum(active_learners) as still_active
from reporting.fct_cohort_retention
where {where}
group by enrolled_week, weeks_since
order by enrolled_week, weeks_since;

-- discussions (course): Who takes part in the discussions, and how?
select
    course_name,
    course_run,
    count() as learners,
    countIf(last_posted_at is not null) as writing_learners,
    sum(threads) as all_threads,
    sum(responses) as all_responses,
    sum(comments) as all_comments,
    sum(views) as all_views
from reporting.fct_forum_participation
where {where}
group by course_name, course_run;

-- exams (course): How do learners take each exam?
select
    exam_name,
    exam_kind,
    count() as attempts,
    countIf(is_submitted) as submitted,
    countIf(is_over_time) as over_time,
    avg(seconds) as average_seconds
from reporting.fct_exam_attempts
where {where}
group by exam_name, exam_kind;

-- learners_at_risk (at risk): Which learners are at risk, and why?
select actor_id, actor_home_page, reasons, days_since_last_visit, course_grade, progress
from reporting.rpt_at_risk_learners
where {where}
order by days_since_last_visit desc
limit 1000;

-- names_at_risk (at risk): Who are they?
select name, username, email, reasons, days_since_last_visit
from reporting_pii.rpt_at_risk_learners_with_names
where {where}
order by days_since_last_visit desc
limit 1000;

-- reasons_at_risk (at risk): For which reasons are how many at risk?
select arrayJoin(reasons) as reason, count() as learners
from reporting.rpt_at_risk_learners
where {where}
group by reason;

-- last_visits_at_risk (at risk): When were learners at risk there last?
select toDate(last_visited_at) as last_visited_on, count() as learners
from reporting.rpt_at_risk_learners
where {where}
group by last_visited_on
order by last_visited_on;

-- modes_at_risk (at risk): In which modes are learners at risk enrolled?
select enrollment_mode, count() as learners
from reporting.rpt_at_risk_learners
where {where}
group by enrollment_mode;

-- enrolments_at_risk (at risk): When did learners at risk enrol?
select toDate(first_enrolled_at) as enrolled_on, count() as learners
from reporting.rpt_at_risk_learners
where {where}
group by enrolled_on
order by enrolled_on;

-- grades_at_risk (at risk): How are the grades of learners at risk distributed?
select grade_bucket, count() as learners
from reporting.rpt_at_risk_learners
where {where}
group by grade_bucket
order by grade_bucket;

-- pages_at_risk (at risk): How much of each section have learners at risk visited?
select
    hierarchy_location,
    block_name,
    countIf(is_complete) as visited_all,
    countIf(not is_complete) as visited_some
from reporting.fct_page_engagement
where
    {where}
    and (org, course_key, actor_id, actor_home_page) in (
        select org, course_key, actor_id, actor_home_page
        from reporting.rpt_at_risk_learners
        where {where}
    )
group by hierarchy_location, block_name;

-- visits_at_risk (at risk): Which parts of a course do learners at risk visit, and when?
select
    section_name,
    subsection_name,
    visited_on,
    uniqExact(actor_id, actor_home_page) as learners,
    sum(visits) as views
from reporting.fct_page_visits
where
    {where}
    and (org, course_key, actor_id, actor_home_page) in (
        select org, course_key, actor_id, actor_home_page
        from reporting.rpt_at_risk_learners
        where {where}
    )
group by section_name, subsection_name, visited_on;

-- problems_by_section_at_risk (at risk): How much of each section have learners at risk attempted?
select
    hierarchy_location,
    block_name,
    countIf(is_complete) as attempted_all,
    countIf(not is_complete) as attempted_some
from reporting.fct_problem_engagement
where
    {where}
    and (org, course_key, actor_id, actor_home_page) in (
        select org, course_key, actor_id, actor_home_page
        from reporting.rpt_at_risk_learners
        where {where}
    )
group by hierarchy_location, block_name;

-- problem_attempts_at_risk (at risk): How do learners at risk do with problems?
select
    hierarchy_location,
    problem_name,
    is_graded,
    count() as learners,
    avg(coalesce(solved_attempt, last_attempt)) as average_attempts,
    avg(is_solved) as share_right
from reporting.fct_problem_results
where
    problem_part = '' and attempts > 0 and {where}
    and (org, course_key, actor_id, actor_home_page) in (
        select org, course_key, actor_id, actor_home_page
        from reporting.rpt_at_risk_learners
        where {where}
    )
group by hierarchy_location, problem_id, problem_name, is_graded;

-- videos_of_sections_at_risk (at risk): How much of each section have learners at risk viewed?
select
    hierarchy_location,
    block_name,
    countIf(is_complete) as viewed_all,
    countIf(not is_complete) as viewed_some
from reporting.fct_video_engagement
where
    {where}
    and (org, course_key, actor_id, actor_home_page) in (
        select org, course_key, actor_id, actor_home_page
        from reporting.rpt_at_risk_learners
        where {where}
    )
group by hierarchy_location, block_name;

-- viewers_at_risk (at risk): How many learners at risk watch each video, and entirely?
select
    section_name,
    subsection_name,
    video_name,
    count() as learners,
    sum(plays) as views,
    countIf(is_watched_entirely) as watched_entirely
from reporting.fct_video_views
where
    {where}
    and (org, course_key, actor_id, actor_home_page) in (
        select org, course_key, actor_id, actor_home_page
        from reporting.rpt_at_risk_learners
        where {where}
    )
group by section_name, subsection_name, block_id, video_name;

-- parts_of_videos_at_risk (at risk): Which seconds do learners at risk watch, and watch again?
select
    block_id,
    intDiv(watched_second - 1, 10) * 10 as from_second,
    sum(times_watched) as views,
    sum(times_watched - 1) as repeated
from reporting.fct_video_segments
where
    {where}
    and (org, course_key, actor_id, actor_home_page) in (
        select org, course_key, actor_id, actor_home_page
        from reporting.rpt_at_risk_learners
        where {where}
    )
group by block_id, from_second;

-- learner_summary (one learner): Who is a learner, and where does the learner stand?
select *
from reporting_pii.rpt_learner_summary_with_names
where {learner} and {where};

-- pages_of_a_learner (one learner): Which sections has a learner been through?
select hierarchy_location, block_name, pages_visited, pages_total
from reporting.fct_page_engagement
where {where} and {learner};

-- videos_of_a_learner (one learner): Which videos has a learner watched, how much of each?
select section_name, subsection_name, video_name, plays, share_watched, is_watched_entirely
from reporting.fct_video_views
where {learner} and {where};

-- videos_by_section_of_a_learner (one learner): How many videos of each section were viewed?
select hierarchy_location, block_name, videos_viewed, videos_total
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
select content_level, hierarchy_location, block_name, problems_attempted, problems_total
from reporting.fct_problem_engagement
where {learner} and {where};

-- a_learner_beside_the_course (one learner): How does a learner do beside the whole course?
select
    hierarchy_location,
    problem_name,
    is_graded,
    avg(attempts) as average_attempts,
    avg(is_solved) as share_right,
    avgIf(attempts, {learner}) as own_attempts,
    countIf(is_solved and {learner}) as is_right
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

-- courses_side_by_side (comparison): How do courses compare?
select
    course_name,
    course_run,
    org,
    tags,
    enrolled,
    active_enrolled,
    passed_learners,
    at_risk_learners,
    average_grade,
    median_grade
from reporting.rpt_course_overview
where {where};

-- courses_of_tags (comparison): Which courses have each tag?
select taxonomy_name, tag, groupArray(course_key) as courses
from reporting.bridge_course_tags
where {where}
group by taxonomy_name, tag;

-- modes_side_by_side (comparison): How many are enrolled in each course and mode?
select org, course_name, course_run, enrollment_mode, count() as learners
from reporting.fct_enrollments
where enrollment_status = 'registered' and {where}
group by org, course_name, course_run, enrollment_mode;

-- videos_side_by_side (comparison): How much of their videos do learners of courses watch?
select
    org,
    course_name,
    course_run,
    uniqExact(block_id) as videos,
    avg(video_length) as average_length,
    count() as watched,
    avg(share_watched) as share,
    sum(seconds_rewatched) / sum(seconds_watched) as share_rewatched
from reporting.fct_video_views
where {where}
group by org, course_name, course_run;

-- first_tries_side_by_side (comparison): How often are answers right at once?
select
    org,
    course_name,
    course_run,
    sum(first_try_success_share * learners) / sum(learners) as share_right_at_first
from reporting.fct_problem_difficulty
where problem_part = '' and {where}
group by org, course_name, course_run;

-- same_day_of_the_course (comparison): How did runs stand on the same day of the course?
select course_name, course_run, day_of_course, enrolled, passed_learners, active_learners
from reporting.rpt_course_comparison
where day_of_course between 0 and 30 and {where};

-- active_learners (operator): How many learners, courses and statements each day?
select happened_on, active_learners, active_courses, statements
from reporting.rpt_operator_overview
order by happened_on;

-- learners_in_all (operator): How many learners are enrolled anywhere?
select uniqExact(actor_id, actor_home_page) as learners
from reporting.fct_enrollments
where enrollment_status = 'registered' and {where};

-- courses_in_all (operator): How many organisations and courses are there?
select uniqExact(org) as organisations, count() as courses
from reporting.dim_courses
where {where};

-- last_statement (operator, all): What came last, and do the reports have it?
select last_emission_time, last_received_at, staged_at, statements_waiting, is_behind
from reporting.ops_freshness;

-- enrolments_each_day (operator): How many enrol and leave each day?
select enrolled_on, enrollment_status, sum(changes) as enrolments
from reporting.fct_daily_enrollments
where {where}
group by enrolled_on, enrollment_status;

-- enrolled_in_each_course (operator): How many are enrolled in each course and mode?
select org, course_name, course_run, enrollment_mode, count() as learners
from reporting.fct_enrollments
where enrollment_status = 'registered' and {where}
group by org, course_name, course_run, enrollment_mode;

-- learners_of_organisations (operator): How many learners are active in each organisation?
select org, uniqExact(actor_id, actor_home_page) as learners
from reporting.fct_learner_course_status
where {where}
group by org;

-- courses_of_organisations (operator): How many courses has each organisation?
select org, count() as courses
from reporting.dim_courses
where {where}
group by org;

-- recent_loads (operator): What was loaded, and what became of it?
select source, finished_at, lines, landed, duplicates, conflicts, rejected
from reporting.ops_loads
order by finished_at desc
limit 100;

-- rejections (operator): Why could lines not land?
select reason, sum(rejections) as lines, max(last_received_at) as last_at
from reporting.ops_rejections
group by reason
order by lines desc;

-- conflicts (operator): Which statements came again and said something else?
select source, count() as conflicts, max(received_at) as last_at
from reporting.ops_conflicts
group by source;

-- unrecognised (operator): Which statements can tables not use?
select source, verb_id, activity_type_id, statements, without_subject, without_course
from reporting.ops_unrecognised_statements
order by statements desc
limit 100;
