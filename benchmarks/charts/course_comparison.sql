-- courses_side_by_side: Courses
SELECT `course_name` AS `course_name`, `org` AS `org`, count() AS `Course runs`, sum(enrolled) AS `Enrolled learners`, sum(active_enrolled) AS `Active`, sum(at_risk_learners) AS `At risk`, sum(passed_learners) AS `Passed`, avg(average_grade) AS `Average grade`, sum(seconds_on_task) / 3600 AS `Hours on task`
FROM `reporting`.`rpt_course_overview`
WHERE `course_key` = '{course}' GROUP BY `course_name`, `org` ORDER BY `Enrolled learners` DESC
 LIMIT 10000;

-- learners_of_courses: Learners of courses
SELECT `course_name` AS `course_name`, sum(enrolled) AS `Enrolled learners`, sum(active_enrolled) AS `Active`, sum(at_risk_learners) AS `At risk`, sum(passed_learners) AS `Passed`
FROM `reporting`.`rpt_course_overview`
WHERE `course_key` = '{course}' GROUP BY `course_name`
 LIMIT 20;

-- modes_of_courses: Enrolled learners by mode
SELECT `course_name` AS `course_name`, `enrollment_mode` AS `enrollment_mode`, sum(learners) AS `Enrolled learners`
FROM `reporting`.`rpt_course_enrollment_modes`
WHERE `course_key` = '{course}' GROUP BY `course_name`, `enrollment_mode`
 LIMIT 10000;

-- first_tries_of_courses: Problems of courses
SELECT `course_name` AS `course_name`, `org` AS `org`, sum(problems_answered) AS `Problems answered`, sum(first_try_success_share * problem_answers) / sumIf(problem_answers, first_try_success_share is not null) AS `Right at first`
FROM `reporting`.`rpt_course_learning`
WHERE `course_key` = '{course}' GROUP BY `course_name`, `org` ORDER BY `course_name` ASC
 LIMIT 10000;

-- videos_of_courses: Videos of courses
SELECT `course_name` AS `course_name`, `org` AS `org`, sum(videos) AS `Videos`, sum(videos_watched) AS `Videos watched`, avg(average_video_length) AS `Average length in seconds`, avg(share_watched) AS `Average share watched`, avg(share_rewatched) AS `Share watched again`
FROM `reporting`.`rpt_course_learning`
WHERE `course_key` = '{course}' GROUP BY `course_name`, `org` ORDER BY `course_name` ASC
 LIMIT 10000;

-- runs_side_by_side: Runs
SELECT `course_name` AS `course_name`, `course_run` AS `course_run`, `org` AS `org`, `enrolled` AS `enrolled`, `active_enrolled` AS `active_enrolled`, `at_risk_learners` AS `at_risk_learners`, `passed_learners` AS `passed_learners`, `average_grade` AS `average_grade`, `median_grade` AS `median_grade`, arrayStringConcat(arrayMap(value -> toString(value), tags), ', ') AS `Tags`
FROM `reporting`.`rpt_course_overview`
WHERE `course_key` = '{course}' GROUP BY `course_name`, `course_run`, `org`, `enrolled`, `active_enrolled`, `at_risk_learners`, `passed_learners`, `average_grade`, `median_grade`, `Tags` ORDER BY sum(enrolled) DESC
 LIMIT 10000;

-- learners_of_runs: Learners of runs
SELECT concat(course_name, ' ', course_run) AS `run_label`, sum(enrolled) AS `Enrolled learners`, sum(active_enrolled) AS `Active`, sum(at_risk_learners) AS `At risk`, sum(passed_learners) AS `Passed`
FROM `reporting`.`rpt_course_overview`
WHERE `course_key` = '{course}' GROUP BY `run_label`
 LIMIT 20;

-- modes_of_runs: Enrolled learners by mode
SELECT concat(course_name, ' ', course_run) AS `run_label`, `enrollment_mode` AS `enrollment_mode`, sum(learners) AS `Enrolled learners`
FROM `reporting`.`rpt_course_enrollment_modes`
WHERE `course_key` = '{course}' GROUP BY `run_label`, `enrollment_mode`
 LIMIT 10000;

-- first_tries_of_runs: Problems of runs
SELECT concat(course_name, ' ', course_run) AS `run_label`, sum(problems_answered) AS `Problems answered`, sum(first_try_success_share * problem_answers) / sumIf(problem_answers, first_try_success_share is not null) AS `Right at first`
FROM `reporting`.`rpt_course_learning`
WHERE `course_key` = '{course}' GROUP BY `run_label` ORDER BY concat(course_name, ' ', course_run) ASC
 LIMIT 10000;

-- videos_of_runs: Videos of runs
SELECT concat(course_name, ' ', course_run) AS `run_label`, sum(videos) AS `Videos`, sum(videos_watched) AS `Videos watched`, avg(average_video_length) AS `Average length in seconds`, avg(share_watched) AS `Average share watched`, avg(share_rewatched) AS `Share watched again`
FROM `reporting`.`rpt_course_learning`
WHERE `course_key` = '{course}' GROUP BY `run_label` ORDER BY concat(course_name, ' ', course_run) ASC
 LIMIT 10000;

-- enrolled_on_day_of_course: Enrolled learners on the same day of the course
SELECT `day_of_course` AS `day_of_course`, concat(course_name, ' ', course_run) AS `run_label`, max(enrolled) AS `Enrolled learners`
FROM `reporting`.`rpt_course_comparison`
WHERE `course_key` = '{course}' GROUP BY `day_of_course`, `run_label`
 LIMIT 10000;

-- active_on_day_of_course: Active learners on the same day of the course
SELECT `day_of_course` AS `day_of_course`, concat(course_name, ' ', course_run) AS `run_label`, sum(active_learners) AS `Active learners`
FROM `reporting`.`rpt_course_comparison`
WHERE `course_key` = '{course}' GROUP BY `day_of_course`, `run_label`
 LIMIT 10000;

-- passed_on_day_of_course: Learners who passed by the same day of the course
SELECT `day_of_course` AS `day_of_course`, concat(course_name, ' ', course_run) AS `run_label`, max(passed_learners) AS `Passed`
FROM `reporting`.`rpt_course_comparison`
WHERE `course_key` = '{course}' GROUP BY `day_of_course`, `run_label`
 LIMIT 10000;

-- courses_of_tags: Tags of courses
SELECT "taxonomy_name" AS `taxonomy_name`, "tag" AS `tag`, "course_name" AS `course_name`, "course_run" AS `course_run`, "org" AS `org`
FROM `reporting`.`bridge_course_tags`
WHERE `course_key` = '{course}' ORDER BY `tag` ASC
 LIMIT 10000;

-- freshness: Data as of
SELECT "last_emission_time" AS `last_emission_time`, "staged_at" AS `staged_at`, "statements_waiting" AS `statements_waiting`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;
