-- average_progress: Average progress
SELECT avg(share_completed) AS `Average progress`
FROM `reporting`.`fct_course_progress`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- course_completed: Finished the course
SELECT countIf(is_course_completed) AS `Finished the course`
FROM `reporting`.`fct_course_progress`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- hours_on_task: Hours on task
SELECT sum(seconds_on_task) / 3600 AS `Hours on task`
FROM `reporting`.`fct_daily_learner_activity`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- minutes_each: Minutes on task per learner and day
SELECT sum(seconds_on_task) / 60 / count() AS `Minutes on task per learner and day`
FROM `reporting`.`fct_daily_learner_activity`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- progress: Learners by progress
SELECT intDiv(toUInt8(share_completed * 100), 10) * 10 AS `progress_from`, count() AS `Learners`
FROM `reporting`.`fct_course_progress`
WHERE `share_completed` IS NOT NULL AND `course_key` = '{course}' GROUP BY `progress_from`
 LIMIT 10000;

-- funnel: Learners who reached and finished each section
SELECT concat(leftPad(toString(section_number), 2, '0'), ' ', section_name) AS `section_label`, sum(learners_reached) AS `Reached`, sum(learners_finished) AS `Finished`
FROM `reporting`.`fct_course_funnel`
WHERE `course_key` = '{course}' GROUP BY `section_label`
 LIMIT 10000;

-- funnel_shares: Sections
SELECT concat(leftPad(toString(section_number), 2, '0'), ' ', section_name) AS `section_label`, sum(learners_reached) AS `Reached`, sum(learners_finished) AS `Finished`, sum(learners_reached) / sum(learners) AS `Share who reached it`
FROM `reporting`.`fct_course_funnel`
WHERE `course_key` = '{course}' GROUP BY `section_label` ORDER BY concat(leftPad(toString(section_number), 2, '0'), ' ', section_name) ASC
 LIMIT 10000;

-- retention: Share still active by week of enrolment
SELECT `weeks_since` AS `weeks_since`, `enrolled_week` AS `enrolled_week`, sum(active_learners) / sum(enrolled) AS `Share still active`
FROM `reporting`.`fct_cohort_retention`
WHERE `course_key` = '{course}' GROUP BY `weeks_since`, `enrolled_week`
 LIMIT 10000;

-- retention_numbers: Learners still active
SELECT `enrolled_week` AS `enrolled_week`, `weeks_since` AS `weeks_since`, sum(enrolled) AS `Began`, sum(active_learners) AS `Still active`, sum(active_learners) / sum(enrolled) AS `Share still active`
FROM `reporting`.`fct_cohort_retention`
WHERE `course_key` = '{course}' GROUP BY `enrolled_week`, `weeks_since` ORDER BY min((enrolled_week, weeks_since)) ASC
 LIMIT 10000;

-- time_on_task: Hours on task
SELECT toStartOfDay(toDateTime(`active_on`)) AS `active_on`, sum(seconds_on_task) / 3600 AS `Hours on task`, uniqExact(actor_id, actor_home_page) AS `Active learners`
FROM `reporting`.`fct_daily_learner_activity`
WHERE `course_key` = '{course}' GROUP BY `active_on`
 LIMIT 10000;

-- sessions: Sessions
SELECT toStartOfDay(toDateTime(`active_on`)) AS `active_on`, sum(sessions) AS `Sessions`
FROM `reporting`.`fct_daily_learner_activity`
WHERE `course_key` = '{course}' GROUP BY `active_on`
 LIMIT 10000;

-- minutes_by_day: Minutes on task per learner and day
SELECT toStartOfDay(toDateTime(`active_on`)) AS `active_on`, sum(seconds_on_task) / 60 / count() AS `Minutes on task per learner and day`
FROM `reporting`.`fct_daily_learner_activity`
WHERE `course_key` = '{course}' GROUP BY `active_on`
 LIMIT 10000;

-- freshness: Data as of
SELECT "last_emission_time" AS `last_emission_time`, "staged_at" AS `staged_at`, "statements_waiting" AS `statements_waiting`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;
