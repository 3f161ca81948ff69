-- outline_subsections: Graded subsections
SELECT `subsection_name` AS `subsection_name`, uniqExact(actor_id, actor_home_page) AS `Learners`, avg(score_scaled) AS `Average score`
FROM `reporting`.`fct_graded_subsection_results`
WHERE `course_key` = '{course}' GROUP BY `subsection_name`
 LIMIT 10000;

-- outline_problems: Problems
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) AS `problem_label`, sum(learners) AS `Learners`, sum(first_try_success_share * learners) / sum(learners) AS `Right at first`
FROM `reporting`.`rpt_problem_items`
WHERE `problem_part` = '' AND `course_key` = '{course}' GROUP BY `problem_label`
 LIMIT 10000;

-- outline_videos: Videos
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', video_name)) AS `video_label`, sum(learners) / uniqExact(watched_second) AS `First views`, sum(repeat_views) / uniqExact(watched_second) AS `Repeat views`
FROM `reporting`.`rpt_video_heatmap`
WHERE `course_key` = '{course}' GROUP BY `video_label`
 LIMIT 10000;

-- freshness: Data as of
SELECT "last_emission_time" AS `last_emission_time`, "staged_at" AS `staged_at`, "statements_waiting" AS `statements_waiting`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;
