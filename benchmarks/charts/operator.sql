-- organisations_in_all: Organisations
SELECT uniqExact(org) AS `Organisations`
FROM `reporting`.`dim_courses`
 LIMIT 10000;

-- courses_in_all: Course runs
SELECT count() AS `Course runs`
FROM `reporting`.`dim_courses`
 LIMIT 10000;

-- learners_in_all: Learners
SELECT sum(enrolled) AS `Enrolled learners`
FROM `reporting`.`rpt_organisations`
WHERE `org` = ''
 LIMIT 10000;

-- statements_in_all: Statements
SELECT max(statements) AS `Statements`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;

-- latest_statement: Latest statement
SELECT maxOrNull(last_emission_time) AS `Latest statement`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;

-- latest_load: Last load
SELECT maxOrNull(finished_at) AS `Last load`
FROM `reporting`.`ops_loads`
 LIMIT 10000;

-- active_learners: Active learners
SELECT toStartOfDay(toDateTime(`happened_on`)) AS `happened_on`, max(active_learners) AS `Active learners`
FROM `reporting`.`rpt_operator_overview` GROUP BY `happened_on`
 LIMIT 10000;

-- active_courses: Active course runs
SELECT toStartOfDay(toDateTime(`happened_on`)) AS `happened_on`, max(active_courses) AS `Active course runs`, max(active_organisations) AS `Active organisations`
FROM `reporting`.`rpt_operator_overview` GROUP BY `happened_on`
 LIMIT 10000;

-- statements_over_time: Statements
SELECT toStartOfDay(toDateTime(`happened_on`)) AS `happened_on`, sum(statements) AS `Statements`
FROM `reporting`.`rpt_operator_overview` GROUP BY `happened_on`
 LIMIT 10000;

-- last_published: Last course published
SELECT maxOrNull(last_published_at) AS `Last course published`
FROM `reporting`.`dim_courses`
 LIMIT 10000;

-- enrolments_over_time: Coming and leaving
SELECT toStartOfDay(toDateTime(`enrolled_on`)) AS `enrolled_on`, `enrollment_status` AS `enrollment_status`, sum(changes) AS `Enrolments`
FROM `reporting`.`fct_daily_enrollments` GROUP BY `enrolled_on`, `enrollment_status`
 LIMIT 10000;

-- enrolled_in_courses: Enrolled learners by course and mode
SELECT `org` AS `org`, `course_name` AS `course_name`, `course_run` AS `course_run`, `enrollment_mode` AS `enrollment_mode`, sum(learners) AS `Enrolled learners`
FROM `reporting`.`rpt_course_enrollment_modes` GROUP BY `org`, `course_name`, `course_run`, `enrollment_mode` ORDER BY `Enrolled learners` DESC
 LIMIT 10000;

-- learners_of_organisations: Learners by organisation
SELECT `org` AS `org`, sum(learners) AS `Learners`, sum(enrolled) AS `Enrolled learners`, sum(active_learners) AS `Active learners`
FROM `reporting`.`rpt_organisations`
WHERE `org` != '' GROUP BY `org`
 LIMIT 10000;

-- courses_of_organisations: Course runs by organisation
SELECT `org` AS `org`, count() AS `Course runs`
FROM `reporting`.`dim_courses` GROUP BY `org`
 LIMIT 10000;

-- courses_last_active: Course runs by their last activity
SELECT "org" AS `org`, "course_name" AS `course_name`, "course_run" AS `course_run`, "course_start" AS `course_start`, "course_end" AS `course_end`, "enrolled" AS `enrolled`, "active_learners" AS `active_learners`, "last_active_at" AS `last_active_at`
FROM `reporting`.`rpt_course_overview` ORDER BY `last_active_at` DESC
 LIMIT 10000;

-- lines_loaded: Lines loaded
SELECT toStartOfDay(toDateTime(`finished_at`)) AS `finished_at`, sum(landed) AS `Landed`, sum(duplicates) AS `Duplicates`, sum(conflicts) AS `Conflicts`, sum(rejected) AS `Rejected`
FROM `reporting`.`ops_loads` GROUP BY `finished_at`
 LIMIT 10000;

-- seconds_loading: Seconds of loading
SELECT toStartOfDay(toDateTime(`finished_at`)) AS `finished_at`, sum(seconds) AS `Seconds`
FROM `reporting`.`ops_loads` GROUP BY `finished_at`
 LIMIT 10000;

-- recent_loads: Recent loads
SELECT "source" AS `source`, "finished_at" AS `finished_at`, "lines" AS `lines`, "landed" AS `landed`, "duplicates" AS `duplicates`, "conflicts" AS `conflicts`, "rejected" AS `rejected`, "seconds" AS `seconds`
FROM `reporting`.`ops_loads` ORDER BY `finished_at` DESC
 LIMIT 100;

-- freshness: Data as of
SELECT "last_emission_time" AS `last_emission_time`, "staged_at" AS `staged_at`, "statements_waiting" AS `statements_waiting`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;
