-- What is asked to compare courses.

-- courses_over_all_runs (comparison): How do courses compare, all their runs together?
select
    org,
    course_name,
    countIf(enrollment_status = 'registered') as enrolled,
    countIf(enrollment_status = 'registered' and is_active) as active,
    countIf(passing_state = 'passed') as passed,
    countIf(is_at_risk) as at_risk,
    avg(course_grade) as average_grade,
    median(course_grade) as median_grade
from reporting.fct_learner_course_status
where {where}
group by org, course_name;

-- tags_of_courses (comparison): Which tags has each course, in any of its runs?
select org, course_name, arraySort(groupUniqArrayArray(tags)) as tag_list
from reporting.dim_courses
where {where}
group by org, course_name;

-- courses_side_by_side (comparison): How do runs of courses compare?
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

-- courses_of_tags (comparison): Which courses have each tag, to choose them by it?
select taxonomy_name, tag, groupArray(course_key) as courses
from reporting.bridge_course_tags
where {where}
group by taxonomy_name, tag;

-- modes_side_by_side (comparison): How many are enrolled in each course and mode?
select org, course_name, course_run, enrollment_mode, count() as learners
from reporting.fct_enrollments
where enrollment_status = 'registered' and {where}
group by org, course_name, course_run, enrollment_mode;

-- videos_in_courses (comparison): How many videos has each course?
select org, course_name, course_run, count() as videos
from reporting.dim_course_blocks
where block_type = 'video' and is_current and {where}
group by org, course_name, course_run;

-- videos_side_by_side (comparison): How much of their videos do learners of courses watch?
select
    org,
    course_name,
    course_run,
    uniqExact(object_id) as videos_watched,
    avg(video_length) as average_length,
    count() as watched,
    avg(share_watched) as share,
    sum(seconds_rewatched) / nullIf(sum(seconds_watched), 0) as share_rewatched
from reporting.fct_video_views
where {where}
group by org, course_name, course_run;

-- first_tries_side_by_side (comparison): How often are answers right at once?
select
    org,
    course_name,
    course_run,
    sum(first_try_success_share * learners) / nullIf(sum(learners), 0) as share_right_at_first
from reporting.fct_problem_difficulty
where problem_part = '' and {where}
group by org, course_name, course_run;

-- same_day_of_the_course (comparison): How did runs stand on the same day of the course?
select course_name, course_run, day_of_course, enrolled, passed_learners, active_learners
from reporting.rpt_course_comparison
where day_of_course between 0 and 30 and {where};
