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

-- warehouse_size: Size of the warehouse
SELECT "name" AS `name`, "value" AS `value`, "description" AS `description`
FROM `reporting`.`ops_clickhouse_metrics`
WHERE `kind` = 'warehouse' ORDER BY `name` ASC
 LIMIT 10000;

-- slowest_queries: Slowest queries
SELECT "slowest_at" AS `slowest_at`, "query_kind" AS `query_kind`, "slowest_seconds" AS `slowest_seconds`, "average_seconds" AS `average_seconds`, "runs" AS `runs`, "read_rows" AS `read_rows`, "memory_bytes" AS `memory_bytes`, "query_text" AS `query_text`
FROM `reporting`.`ops_clickhouse_queries` ORDER BY `slowest_seconds` DESC
 LIMIT 10000;

-- clickhouse_metrics: ClickHouse metrics
SELECT "name" AS `name`, "value" AS `value`, "description" AS `description`
FROM `reporting`.`ops_clickhouse_metrics`
WHERE `value` != 0 ORDER BY `name` ASC
 LIMIT 10000;

-- superset_active_users: Active users of Superset
SELECT toStartOfDay(toDateTime(`used_on`)) AS `used_on`, uniqExactIf((superset, user_id), actions > 0 and user_id != 0) AS `Active users`
FROM `reporting`.`rpt_superset_use` GROUP BY `used_on`
 LIMIT 10000;

-- superset_active_users_over_time: Active users of Superset each day, mean of 7 days
SELECT toStartOfDay(toDateTime(`used_on`)) AS `used_on`, uniqExactIf((superset, user_id), actions > 0 and user_id != 0) AS `Active users`
FROM `reporting`.`rpt_superset_use` GROUP BY `used_on`
 LIMIT 10000;

-- superset_registered_users: Registered users of Superset
SELECT count() AS `Registered users`
FROM `reporting`.`rpt_superset_users`
 LIMIT 10000;

-- superset_registered_users_over_time: Registered users of Superset over time
SELECT toStartOfDay(toDateTime(`registered_on`)) AS `registered_on`, count() AS `Registered users`
FROM `reporting`.`rpt_superset_users` GROUP BY `registered_on`
 LIMIT 10000;

-- most_used_dashboards: Most-used dashboards
SELECT `asset_name` AS `asset_name`, sumIf(views, used = 'dashboard') AS `Times opened`, uniqExactIf((superset, user_id), user_id != 0) AS `Users`
FROM `reporting`.`rpt_superset_use`
WHERE `used` = 'dashboard' GROUP BY `asset_name` ORDER BY `Times opened` DESC
 LIMIT 100;

-- most_used_charts: Most-used charts
SELECT `asset_name` AS `asset_name`, sumIf(views, used = 'chart') AS `Times shown`, uniqExactIf((superset, user_id), user_id != 0) AS `Users`
FROM `reporting`.`rpt_superset_use`
WHERE `used` = 'chart' GROUP BY `asset_name` ORDER BY `Times shown` DESC
 LIMIT 100;

-- freshness: Data as of
SELECT "last_emission_time" AS `last_emission_time`, "staged_at" AS `staged_at`, "statements_waiting" AS `statements_waiting`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;
