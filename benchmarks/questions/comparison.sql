-- What is asked to compare courses.

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
