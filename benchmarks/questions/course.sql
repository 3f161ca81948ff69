-- What is asked about a course.

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

-- enrolled_so_far (course): How many had enrolled by each day, and were enrolled, in each mode?
select happened_on, enrollment_mode, enrollments_so_far, enrolled
from reporting.rpt_enrollment_growth
where {where}
order by happened_on, enrollment_mode;

-- pages_of_sections (course): Who visited every page of a section or subsection, who only some?
select
    hierarchy_location,
    content_level,
    block_name,
    countIf(is_complete) as visited_all,
    countIf(not is_complete) as visited_some
from reporting.fct_page_engagement
where {where}
group by hierarchy_location, content_level, block_id, block_name;

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

-- visits_so_far (course): How many pages had been visited by each day, by how many learners?
select
    visited_on,
    sum(sum(visits)) over (order by visited_on) as views_so_far,
    uniqExactMerge(uniqExactState(actor_id, actor_home_page)) over (order by visited_on)
        as learners_so_far
from reporting.fct_page_visits
where {where}
group by visited_on
order by visited_on;

-- videos_of_sections (course): Who played every video of a section or subsection, who only some?
select
    hierarchy_location,
    content_level,
    block_name,
    countIf(is_complete) as viewed_all,
    countIf(not is_complete) as viewed_some
from reporting.fct_video_engagement
where {where}
group by hierarchy_location, content_level, block_id, block_name;

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
    sum(plays - 1) as repeated_views,
    countIf(is_watched_entirely) as watched_entirely,
    countIf(not is_watched_entirely) as watched_partly
from reporting.fct_video_views
where {where}
group by section_name, subsection_name, block_id, video_name;

-- parts_of_videos_watched (course, one video): Which seconds are watched, and watched again?
select
    intDiv(watched_second - 1, 10) * 10 as from_second,
    sum(views) as all_views,
    sum(repeat_views) as repeated
from reporting.rpt_video_heatmap
where {where}
group by from_second
order by from_second;

-- problems_by_section (course): Who attempted every problem of a section, who only some?
select
    hierarchy_location,
    content_level,
    block_name,
    countIf(is_complete) as attempted_all,
    countIf(not is_complete) as attempted_some
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

-- passed (course): How many learners who are enrolled have passed?
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
