-- enrolled_now: Enrolled
SELECT sum(enrolled) AS `Enrolled learners`
FROM `reporting`.`rpt_course_overview`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- active_now: Active
SELECT sum(active_enrolled) AS `Active`
FROM `reporting`.`rpt_course_overview`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- at_risk_now: At risk
SELECT sum(at_risk_learners) AS `At risk`
FROM `reporting`.`rpt_course_overview`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- passed_now: Passed
SELECT sum(passed_learners) AS `Passed`
FROM `reporting`.`rpt_course_overview`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- average_grade: Average grade
SELECT avg(average_grade) AS `Average grade`
FROM `reporting`.`rpt_course_overview`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- median_grade: Median grade
SELECT avg(median_grade) AS `Median grade`
FROM `reporting`.`rpt_course_overview`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- enrolled_over_time: Enrolled learners over time
SELECT toStartOfDay(toDateTime(`happened_on`)) AS `happened_on`, `enrollment_mode` AS `enrollment_mode`, sum(enrolled) AS `Enrolled learners`
FROM `reporting`.`rpt_enrollment_growth`
WHERE `course_key` = '{course}' GROUP BY `happened_on`, `enrollment_mode`
 LIMIT 10000;

-- enrolled_by_mode: Enrolled learners by mode
SELECT `enrollment_mode` AS `enrollment_mode`, uniqExact(actor_id, actor_home_page) AS `Learners`
FROM `reporting`.`fct_enrollments`
WHERE `enrollment_status` = 'registered' AND `course_key` = '{course}' GROUP BY `enrollment_mode`
 LIMIT 10000;

-- enrolments_so_far: Enrolments so far by mode
SELECT toStartOfDay(toDateTime(`happened_on`)) AS `happened_on`, `enrollment_mode` AS `enrollment_mode`, sum(enrollments_so_far) AS `Enrolments so far`
FROM `reporting`.`rpt_enrollment_growth`
WHERE `course_key` = '{course}' GROUP BY `happened_on`, `enrollment_mode`
 LIMIT 10000;

-- coming_and_leaving: Coming and leaving
SELECT toMonday(toDateTime(`emission_time`)) AS `emission_time`, `enrollment_status` AS `enrollment_status`, count() AS `Enrolments`
FROM `reporting`.`fct_enrollment_events`
WHERE `course_key` = '{course}' GROUP BY `emission_time`, `enrollment_status`
 LIMIT 10000;

-- course_information: Course information
SELECT "course_name" AS `course_name`, "course_run" AS `course_run`, "org" AS `org`, "course_start" AS `course_start`, "course_end" AS `course_end`, arrayStringConcat(arrayMap(value -> toString(value), tags), ', ') AS `Tags`, "ever_enrolled" AS `ever_enrolled`, "last_active_at" AS `last_active_at`
FROM `reporting`.`rpt_course_overview`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- pages_of_sections: Pages visited by section
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, countIf(is_complete) AS `Every page`, countIf(not is_complete) AS `Some pages`
FROM `reporting`.`fct_page_engagement`
WHERE `content_level` = 'section' AND `course_key` = '{course}' GROUP BY `block_label`
 LIMIT 10000;

-- pages_of_subsections: Pages visited by subsection
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, countIf(is_complete) AS `Every page`, countIf(not is_complete) AS `Some pages`
FROM `reporting`.`fct_page_engagement`
WHERE `content_level` = 'subsection' AND `course_key` = '{course}' GROUP BY `block_label`
 LIMIT 10000;

-- page_views_over_time: Page views over time
SELECT toStartOfDay(toDateTime(`visited_on`)) AS `visited_on`, sum(visits) AS `Page views`, uniqExact(actor_id, actor_home_page) AS `Learners`
FROM `reporting`.`fct_page_visits`
WHERE `course_key` = '{course}' GROUP BY `visited_on`
 LIMIT 10000;

-- page_views_so_far: Page views so far
SELECT toStartOfDay(toDateTime(`visited_on`)) AS `visited_on`, sum(visits) AS `Page views`
FROM `reporting`.`fct_page_visits`
WHERE `course_key` = '{course}' GROUP BY `visited_on`
 LIMIT 10000;

-- sections_visited: Sections visited
SELECT `section_name` AS `section_name`, uniqExact(actor_id, actor_home_page) AS `Learners`, sum(visits) AS `Page views`, maxOrNull(last_visited_at) AS `Last visit`
FROM `reporting`.`fct_page_visits`
WHERE `course_key` = '{course}' GROUP BY `section_name` ORDER BY min(hierarchy_location) ASC
 LIMIT 10000;

-- subsections_visited: Subsections visited
SELECT `section_name` AS `section_name`, `subsection_name` AS `subsection_name`, uniqExact(actor_id, actor_home_page) AS `Learners`, sum(visits) AS `Page views`, maxOrNull(last_visited_at) AS `Last visit`
FROM `reporting`.`fct_page_visits`
WHERE `course_key` = '{course}' GROUP BY `section_name`, `subsection_name` ORDER BY min(hierarchy_location) ASC
 LIMIT 10000;

-- problems_of_sections: Problems attempted by section
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, countIf(is_complete) AS `Every problem`, countIf(not is_complete) AS `Some problems`
FROM `reporting`.`fct_problem_engagement`
WHERE `content_level` = 'section' AND `course_key` = '{course}' GROUP BY `block_label`
 LIMIT 10000;

-- problems_of_subsections: Problems attempted by subsection
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, countIf(is_complete) AS `Every problem`, countIf(not is_complete) AS `Some problems`
FROM `reporting`.`fct_problem_engagement`
WHERE `content_level` = 'subsection' AND `course_key` = '{course}' GROUP BY `block_label`
 LIMIT 10000;

-- problem_results: Problem results
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) AS `problem_label`, `is_graded` AS `is_graded`, countIf(attempts > 0) AS `Learners`, avg(coalesce(solved_attempt, last_attempt)) AS `Average attempts`, median(coalesce(solved_attempt, last_attempt)) AS `Median attempts`, countIf(is_solved) AS `Got it right`, avgIf(is_solved, attempts > 0) AS `Share who got it right`, 1 - avgIf(is_solved, attempts > 0) AS `Share who never did`
FROM `reporting`.`fct_problem_results`
WHERE `problem_part` = '' AND `course_key` = '{course}' GROUP BY `problem_label`, `is_graded` ORDER BY trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) ASC
 LIMIT 10000;

-- right_and_wrong_attempts: Right and wrong attempts
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) AS `problem_label`, countIf(success) AS `Right attempts`, countIf(not success) AS `Wrong attempts`
FROM `reporting`.`fct_problem_attempts`
WHERE `problem_part` = '' AND `course_key` = '{course}' GROUP BY `problem_label`
 LIMIT 10000;

-- videos_of_sections: Videos viewed by section
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, countIf(is_complete) AS `Every video`, countIf(not is_complete) AS `Some videos`
FROM `reporting`.`fct_video_engagement`
WHERE `content_level` = 'section' AND `course_key` = '{course}' GROUP BY `block_label`
 LIMIT 10000;

-- videos_of_subsections: Videos viewed by subsection
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, countIf(is_complete) AS `Every video`, countIf(not is_complete) AS `Some videos`
FROM `reporting`.`fct_video_engagement`
WHERE `content_level` = 'subsection' AND `course_key` = '{course}' GROUP BY `block_label`
 LIMIT 10000;

-- video_views: Video views
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', video_name)) AS `video_label`, `section_name` AS `section_name`, `subsection_name` AS `subsection_name`, uniqExact(actor_id, actor_home_page) AS `Learners`, sum(plays) AS `Views`, avg(share_watched) AS `Average share watched`, sum(seconds_watched_total) / 60 AS `Minutes watched`
FROM `reporting`.`fct_video_views`
WHERE `course_key` = '{course}' GROUP BY `video_label`, `section_name`, `subsection_name` ORDER BY trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', video_name)) ASC
 LIMIT 10000;

-- entirely_or_partly: Watched entirely or partly
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', video_name)) AS `video_label`, countIf(is_watched_entirely) AS `Watched entirely`, countIf(not is_watched_entirely) AS `Watched partly`
FROM `reporting`.`fct_video_views`
WHERE `course_key` = '{course}' GROUP BY `video_label`
 LIMIT 10000;

-- seconds_watched: Views across the length of videos
SELECT intDiv(watched_second - 1, 10) * 10 AS `from_second`, sum(learners) / uniqExact(watched_second) AS `First views`, sum(repeat_views) / uniqExact(watched_second) AS `Repeat views`
FROM `reporting`.`rpt_video_heatmap`
WHERE `course_key` = '{course}' GROUP BY `from_second`
 LIMIT 10000;

-- grades: Course grades
SELECT `grade_bucket` AS `grade_bucket`, count() AS `Learners`
FROM `reporting`.`fct_learner_course_status`
WHERE `grade_bucket` IS NOT NULL AND `course_key` = '{course}' GROUP BY `grade_bucket`
 LIMIT 10000;

-- results: Results
SELECT `passing_state` AS `passing_state`, count() AS `Learners`
FROM `reporting`.`fct_learner_course_status`
WHERE `enrollment_status` = 'registered' AND `course_key` = '{course}' GROUP BY `passing_state`
 LIMIT 10000;

-- freshness: Data as of
SELECT "last_emission_time" AS `last_emission_time`, "staged_at" AS `staged_at`, "statements_waiting" AS `statements_waiting`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;
