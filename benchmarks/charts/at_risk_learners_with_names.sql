-- at_risk_count_with_names: Learners at risk
SELECT count() AS `Learners at risk`
FROM `reporting_pii`.`rpt_at_risk_learners_with_names`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- at_risk_average_grade_with_names: Average grade
SELECT avg(course_grade) AS `Average grade`
FROM `reporting_pii`.`rpt_at_risk_learners_with_names`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- at_risk_average_progress_with_names: Average progress
SELECT avg(progress) AS `Average progress`
FROM `reporting_pii`.`rpt_at_risk_learners_with_names`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- at_risk_list_with_names: Learners
SELECT "name" AS `name`, "username" AS `username`, "email" AS `email`, arrayStringConcat(arrayMap(value -> toString(value), reasons), ', ') AS `Reasons`, "days_since_last_visit" AS `days_since_last_visit`, "course_grade" AS `course_grade`, "progress" AS `progress`, "days_active" AS `days_active`, "last_visited_at" AS `last_visited_at`
FROM `reporting_pii`.`rpt_at_risk_learners_with_names`
WHERE `course_key` = '{course}' ORDER BY `days_since_last_visit` DESC
 LIMIT 10000;

-- at_risk_reasons_with_names: Reasons
SELECT arrayJoin(reasons) AS `reason`, count() AS `Learners at risk`
FROM `reporting_pii`.`rpt_at_risk_learners_with_names`
WHERE `course_key` = '{course}' GROUP BY `reason`
 LIMIT 10000;

-- at_risk_last_visits_with_names: Day of the last visit
SELECT toStartOfDay(toDateTime(`last_visited_at`)) AS `last_visited_at`, count() AS `Learners at risk`
FROM `reporting_pii`.`rpt_at_risk_learners_with_names`
WHERE `course_key` = '{course}' GROUP BY `last_visited_at`
 LIMIT 10000;

-- at_risk_modes_with_names: Learners by mode
SELECT `enrollment_mode` AS `enrollment_mode`, count() AS `Learners at risk`
FROM `reporting_pii`.`rpt_at_risk_learners_with_names`
WHERE `course_key` = '{course}' GROUP BY `enrollment_mode`
 LIMIT 10000;

-- at_risk_enrolled_on_with_names: Day of enrolment
SELECT toStartOfDay(toDateTime(`first_enrolled_at`)) AS `first_enrolled_at`, count() AS `Learners at risk`
FROM `reporting_pii`.`rpt_at_risk_learners_with_names`
WHERE `course_key` = '{course}' GROUP BY `first_enrolled_at`
 LIMIT 10000;

-- at_risk_pages_of_sections: Pages visited by section
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, countIf(is_complete) AS `Every page`, countIf(not is_complete) AS `Some pages`
FROM `reporting`.`rpt_at_risk_page_engagement`
WHERE `content_level` = 'section' AND `course_key` = '{course}' GROUP BY `block_label`
 LIMIT 10000;

-- at_risk_pages_of_subsections: Pages visited by subsection
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, countIf(is_complete) AS `Every page`, countIf(not is_complete) AS `Some pages`
FROM `reporting`.`rpt_at_risk_page_engagement`
WHERE `content_level` = 'subsection' AND `course_key` = '{course}' GROUP BY `block_label`
 LIMIT 10000;

-- at_risk_page_views_over_time: Page views over time
SELECT toStartOfDay(toDateTime(`visited_on`)) AS `visited_on`, sum(visits) AS `Page views`, uniqExact(actor_id, actor_home_page) AS `Learners`
FROM `reporting`.`rpt_at_risk_page_visits`
WHERE `course_key` = '{course}' GROUP BY `visited_on`
 LIMIT 10000;

-- at_risk_page_views_so_far: Page views so far
SELECT toStartOfDay(toDateTime(`visited_on`)) AS `visited_on`, sum(visits) AS `Page views`
FROM `reporting`.`rpt_at_risk_page_visits`
WHERE `course_key` = '{course}' GROUP BY `visited_on`
 LIMIT 10000;

-- at_risk_sections_visited: Sections visited
SELECT `section_name` AS `section_name`, uniqExact(actor_id, actor_home_page) AS `Learners`, sum(visits) AS `Page views`, maxOrNull(last_visited_at) AS `Last visit`
FROM `reporting`.`rpt_at_risk_page_visits`
WHERE `course_key` = '{course}' GROUP BY `section_name` ORDER BY min(hierarchy_location) ASC
 LIMIT 10000;

-- at_risk_subsections_visited: Subsections visited
SELECT `section_name` AS `section_name`, `subsection_name` AS `subsection_name`, uniqExact(actor_id, actor_home_page) AS `Learners`, sum(visits) AS `Page views`, maxOrNull(last_visited_at) AS `Last visit`
FROM `reporting`.`rpt_at_risk_page_visits`
WHERE `course_key` = '{course}' GROUP BY `section_name`, `subsection_name` ORDER BY min(hierarchy_location) ASC
 LIMIT 10000;

-- at_risk_problems_of_sections: Problems attempted by section
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, countIf(is_complete) AS `Every problem`, countIf(not is_complete) AS `Some problems`
FROM `reporting`.`rpt_at_risk_problem_engagement`
WHERE `content_level` = 'section' AND `course_key` = '{course}' GROUP BY `block_label`
 LIMIT 10000;

-- at_risk_problems_of_subsections: Problems attempted by subsection
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, countIf(is_complete) AS `Every problem`, countIf(not is_complete) AS `Some problems`
FROM `reporting`.`rpt_at_risk_problem_engagement`
WHERE `content_level` = 'subsection' AND `course_key` = '{course}' GROUP BY `block_label`
 LIMIT 10000;

-- at_risk_problem_results: Problem results
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) AS `problem_label`, `is_graded` AS `is_graded`, countIf(attempts > 0) AS `Learners`, avg(coalesce(solved_attempt, last_attempt)) AS `Average attempts`, countIf(is_solved) AS `Got it right`, avgIf(is_solved, attempts > 0) AS `Share who got it right`, 1 - avgIf(is_solved, attempts > 0) AS `Share who never did`
FROM `reporting`.`rpt_at_risk_problem_results`
WHERE `problem_part` = '' AND `course_key` = '{course}' GROUP BY `problem_label`, `is_graded` ORDER BY trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) ASC
 LIMIT 10000;

-- course_problem_results: Problem results of the whole course
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) AS `problem_label`, `is_graded` AS `is_graded`, countIf(attempts > 0) AS `Learners`, avg(coalesce(solved_attempt, last_attempt)) AS `Average attempts`, countIf(is_solved) AS `Got it right`, avgIf(is_solved, attempts > 0) AS `Share who got it right`, 1 - avgIf(is_solved, attempts > 0) AS `Share who never did`
FROM `reporting`.`fct_problem_results`
WHERE `problem_part` = '' AND `course_key` = '{course}' GROUP BY `problem_label`, `is_graded` ORDER BY trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) ASC
 LIMIT 10000;

-- at_risk_videos_of_sections: Videos viewed by section
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, countIf(is_complete) AS `Every video`, countIf(not is_complete) AS `Some videos`
FROM `reporting`.`rpt_at_risk_video_engagement`
WHERE `content_level` = 'section' AND `course_key` = '{course}' GROUP BY `block_label`
 LIMIT 10000;

-- at_risk_videos_of_subsections: Videos viewed by subsection
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', block_name)) AS `block_label`, countIf(is_complete) AS `Every video`, countIf(not is_complete) AS `Some videos`
FROM `reporting`.`rpt_at_risk_video_engagement`
WHERE `content_level` = 'subsection' AND `course_key` = '{course}' GROUP BY `block_label`
 LIMIT 10000;

-- at_risk_video_views: Video views
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', video_name)) AS `video_label`, `section_name` AS `section_name`, `subsection_name` AS `subsection_name`, uniqExact(actor_id, actor_home_page) AS `Learners`, sum(plays) AS `Views`, avg(share_watched) AS `Average share watched`
FROM `reporting`.`rpt_at_risk_video_views`
WHERE `course_key` = '{course}' GROUP BY `video_label`, `section_name`, `subsection_name` ORDER BY trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', video_name)) ASC
 LIMIT 10000;

-- at_risk_entirely_or_partly: Watched entirely or partly
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', video_name)) AS `video_label`, countIf(is_watched_entirely) AS `Watched entirely`, countIf(not is_watched_entirely) AS `Watched partly`
FROM `reporting`.`rpt_at_risk_video_views`
WHERE `course_key` = '{course}' GROUP BY `video_label`
 LIMIT 10000;

-- at_risk_seconds_watched: Views across the length of videos
SELECT intDiv(watched_second - 1, 10) * 10 AS `from_second`, sum(learners) / uniqExact(watched_second) AS `First views`, sum(repeat_views) / uniqExact(watched_second) AS `Repeat views`
FROM `reporting`.`rpt_at_risk_video_heatmap`
WHERE `course_key` = '{course}' GROUP BY `from_second`
 LIMIT 10000;

-- at_risk_grades_with_names: Course grades
SELECT `grade_bucket` AS `grade_bucket`, count() AS `Learners at risk`
FROM `reporting_pii`.`rpt_at_risk_learners_with_names`
WHERE `grade_bucket` IS NOT NULL AND `course_key` = '{course}' GROUP BY `grade_bucket`
 LIMIT 10000;

-- freshness: Data as of
SELECT "last_emission_time" AS `last_emission_time`, "staged_at" AS `staged_at`, "statements_waiting" AS `statements_waiting`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;
