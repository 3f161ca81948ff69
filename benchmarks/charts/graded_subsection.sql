-- subsection_scores: Scores
SELECT `score_bucket` AS `score_bucket`, count() AS `Learners`
FROM `reporting`.`rpt_graded_subsection_scores`
WHERE `score_bucket` IS NOT NULL AND `course_key` = '{course}' GROUP BY `score_bucket`
 LIMIT 10000;

-- subsection_average: Average score
SELECT avg(average_score) AS `Average score`
FROM `reporting`.`rpt_graded_subsection_scores`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- subsection_learners: Learners
SELECT count() AS `Learners`
FROM `reporting`.`rpt_graded_subsection_scores`
WHERE `course_key` = '{course}'
 LIMIT 10000;

-- subsection_results: Last answers
SELECT trimLeft(concat(arrayStringConcat(arrayMap(number -> leftPad(number, 2, '0'), arrayFilter(number -> number not in ('', '0'), splitByChar(':', hierarchy_location))), '.'), ' ', problem_name)) AS `problem_label`, countIf(success) AS `Right`, countIf(not success) AS `Wrong`
FROM `reporting`.`fct_graded_subsection_results`
WHERE `course_key` = '{course}' GROUP BY `problem_label`
 LIMIT 10000;

-- freshness: Data as of
SELECT "last_emission_time" AS `last_emission_time`, "staged_at" AS `staged_at`, "statements_waiting" AS `statements_waiting`
FROM `reporting`.`ops_freshness`
 LIMIT 10000;
