-- What is asked about learners at risk.

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
from reporting.fct_learner_course_status
where is_at_risk and {where}
group by last_visited_on
order by last_visited_on;

-- modes_at_risk (at risk): In which modes are learners at risk enrolled?
select enrollment_mode, count() as learners
from reporting.fct_learner_course_status
where is_at_risk and {where}
group by enrollment_mode;

-- enrolments_at_risk (at risk): When did learners at risk enrol?
select toDate(first_enrolled_at) as enrolled_on, count() as learners
from reporting.fct_learner_course_status
where is_at_risk and {where}
group by enrolled_on
order by enrolled_on;

-- grades_at_risk (at risk): How are the grades of learners at risk distributed?
select grade_bucket, count() as learners
from reporting.fct_learner_course_status
where is_at_risk and {where}
group by grade_bucket
order by grade_bucket;

-- pages_at_risk (at risk): How much of each section have learners at risk visited?
select
    hierarchy_location,
    block_name,
    countIf(is_complete) as visited_all,
    countIf(not is_complete) as visited_some
from reporting.rpt_at_risk_page_engagement
where {where}
group by hierarchy_location, block_name;

-- visitors_of_sections_at_risk (at risk): How many learners at risk visit each section?
select section_name, uniqExact(actor_id, actor_home_page) as learners, sum(visits) as views
from reporting.rpt_at_risk_page_visits
where {where}
group by section_block_id, section_name;

-- visitors_of_subsections_at_risk (at risk): How many learners at risk visit each subsection?
select
    section_name,
    subsection_name,
    uniqExact(actor_id, actor_home_page) as learners,
    sum(visits) as views
from reporting.rpt_at_risk_page_visits
where {where}
group by section_block_id, section_name, subsection_block_id, subsection_name;

-- visits_each_day_at_risk (at risk): How much do learners at risk visit each day, and by then?
select
    visited_on,
    sum(visits) as views,
    uniqExact(actor_id, actor_home_page) as learners,
    sum(sum(visits)) over (order by visited_on) as views_so_far,
    uniqExactMerge(uniqExactState(actor_id, actor_home_page)) over (order by visited_on)
        as learners_so_far
from reporting.rpt_at_risk_page_visits
where {where}
group by visited_on
order by visited_on;

-- problems_by_section_at_risk (at risk): How much of each section have learners at risk attempted?
select
    hierarchy_location,
    block_name,
    countIf(is_complete) as attempted_all,
    countIf(not is_complete) as attempted_some
from reporting.rpt_at_risk_problem_engagement
where {where}
group by hierarchy_location, block_name;

-- problems_at_risk (at risk): How do learners at risk do with problems, beside the whole course?
select
    hierarchy_location,
    problem_name,
    is_graded,
    (org, course_key, actor_id, actor_home_page) in (
        select org, course_key, actor_id, actor_home_page
        from reporting.fct_learner_course_status
        where is_at_risk and {where}
    ) as is_learner_at_risk,
    count() as learners,
    avgIf(last_attempt, last_success) as attempts_when_right,
    avgIf(last_attempt, not last_success) as attempts_when_wrong,
    avg(last_success) as share_right
from reporting.fct_problem_results
where problem_part = '' and attempts > 0 and {where}
group by hierarchy_location, problem_id, problem_name, is_graded, is_learner_at_risk;

-- videos_of_sections_at_risk (at risk): How much of each section have learners at risk viewed?
select
    hierarchy_location,
    block_name,
    countIf(is_complete) as viewed_all,
    countIf(not is_complete) as viewed_some
from reporting.rpt_at_risk_video_engagement
where {where}
group by hierarchy_location, block_name;

-- viewers_at_risk (at risk): How many learners at risk watch each video, and entirely?
select
    section_name,
    subsection_name,
    video_name,
    count() as learners,
    sum(plays) as views,
    countIf(is_watched_entirely) as watched_entirely,
    countIf(not is_watched_entirely) as watched_partly
from reporting.rpt_at_risk_video_views
where {where}
group by section_name, subsection_name, block_id, video_name;

-- parts_of_videos_at_risk (at risk): Which seconds do learners at risk watch, and watch again?
select
    intDiv(watched_second - 1, 10) * 10 as from_second,
    sum(views) as all_views,
    sum(repeat_views) as repeated
from reporting.rpt_at_risk_video_heatmap
where {where}
group by from_second
order by from_second;
