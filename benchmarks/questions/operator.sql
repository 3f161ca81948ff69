-- What operators ask.

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

-- last_course_published (operator): When was a course published last?
select max(last_published_at) as last_published_at
from reporting.dim_courses
where {where};

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
